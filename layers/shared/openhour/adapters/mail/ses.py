"""Mails go out by Amazon SES, as the bytes that were composed here (SendRawEmail)."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - the library's name

from openhour.adapters.logs import log_failure
from openhour.adapters.mail.links import Links
from openhour.adapters.mail.message import message
from openhour.adapters.mail.ses_events import client_tags, provider_tags
from openhour.adapters.mail.sign_in import sign_in_message
from openhour.adapters.written.deliverable import AddressError
from openhour.application.ports.people import SignInRequest
from openhour.application.ports.post import NotDeliveredError
from openhour.application.signed_in import SignedIn
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Mail, Request
from openhour.domain.transitions import Reader
from openhour.domain.values import Practice, Provider

if TYPE_CHECKING:
    from types_boto3_ses import SESClient
    from types_boto3_ses.type_defs import MessageTagTypeDef

_SERVER_ERROR = 500
_NOT_LISTED = "NotFoundException"

NOT_TAKEN = frozenset(
    {
        "AccountSendingPausedException",
        "ConfigurationSetDoesNotExist",
        "ConfigurationSetSendingPausedException",
        "InvalidParameterValue",
        "LimitExceededException",
        "MailFromDomainNotVerifiedException",
        "MessageRejected",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""What SES answers when it does not take a mail: a limit, a setting or an address it does not like."""


class MailPost:
    """Composes mails and hands them to SES: the port `Post`.

    `sender` is a plain address of a verified identity; the practice's neutral name is put before it. The configuration
    set must have neither open nor click tracking: both would rewrite the links.
    """

    def __init__(
        self,
        ses_client: "SESClient",
        links: Links,
        sender: str,
        configuration_set: str,
        lists: Callable[[], Any],
    ) -> None:
        """`lists` makes the client of the account's suppression list, which is hardly ever needed."""
        self._ses = ses_client
        self._lists = lists
        self._links = links
        self._sender = sender
        self._configuration_set = configuration_set

    def deliver(
        self, mail: Mail, request: Request, practice: Practice, provider: Provider, around: Neighbours | None = None
    ) -> None:
        """Send it to the one address of its reader. 1 call.

        Raises NotDeliveredError when SES does not take it or cannot be reached, or when no mail can carry the address.
        Neither that error nor its cause names an address.
        """
        try:
            composed = message(mail, request, practice, provider, self._links, self._sender, around)
        except AddressError as error:
            raise NotDeliveredError(str(error)) from error
        to_client = mail.reader is Reader.CLIENT
        tagged = client_tags(request.client.id, request.id) if to_client else provider_tags(provider.id, request.id)
        self._send(composed, tagged)

    def deliver_sign_in(self, asked: SignInRequest, who: SignedIn, practice: Practice) -> None:
        """Send a sign-in link to the address it was asked for. 1 call. Raises as `deliver` does."""
        try:
            composed = sign_in_message(asked, practice, self._links.sign_in(who), self._sender)
        except AddressError as error:
            raise NotDeliveredError(str(error)) from error
        self._send(composed, client_tags(who.client, None))

    def let_through(self, email: str) -> None:
        """See Suppression.let_through. An address that is on no list is as good as taken off it."""
        try:
            self._lists().delete_suppressed_destination(EmailAddress=email)
        except (ClientError, HTTPClientError, ConnectionError) as error:
            if not isinstance(error, ClientError) or _code(error) != _NOT_LISTED:
                log_failure(error)

    def _send(self, composed: EmailMessage, tagged: "Sequence[MessageTagTypeDef]") -> None:
        send(self._ses, composed, self._sender, self._configuration_set, tagged)


def send(
    ses: "SESClient",
    composed: EmailMessage,
    sender: str,
    configuration_set: str,
    tagged: "Sequence[MessageTagTypeDef]",
) -> None:
    """Hand a mail to SES. 1 call. Raises NotDeliveredError, which names no address, when SES does not take it."""
    try:
        ses.send_raw_email(
            Source=sender,
            Destinations=[str(composed["To"])],
            RawMessage={"Data": composed.as_bytes()},
            ConfigurationSetName=configuration_set,
            Tags=tagged,
        )
    except ClientError as error:
        if not _may_be_taken_later(error):
            raise
        raise NotDeliveredError(f"SES: {_code(error)}") from _without_addresses(error)
    except (HTTPClientError, ConnectionError) as error:
        raise NotDeliveredError(f"SES cannot be reached: {type(error).__name__}") from error


def _may_be_taken_later(error: ClientError) -> bool:
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return _code(error) in NOT_TAKEN or status >= _SERVER_ERROR


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "unknown")


def _without_addresses(error: ClientError) -> ClientError:
    """The same error without its sentence: SES names the address in it, and a logged cause would show it."""
    return ClientError({"Error": {"Code": _code(error), "Message": "(left out)"}}, error.operation_name)
