"""Events that SES publishes on EventBridge about mails it has taken, and the tags by which they are told apart.

Detail types "Email Bounced" and "Email Complaint Received". Only the tags are read: no address is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openhour.application.jobs.bounces import Trouble

if TYPE_CHECKING:
    from types_boto3_ses.type_defs import MessageTagTypeDef

_CLIENT, _PROVIDER, _NOTICE, _REQUEST = "client", "provider", "notice", "request"
_FOR_GOOD = "Permanent"


@dataclass(frozen=True, slots=True)
class ToldTrouble:
    """What happened to a mail of ours: to a client, to a provider, or, with neither, a notice to the practice.

    `request` is what the mail was about, if any.
    """

    trouble: Trouble
    client: str | None = None
    provider: str | None = None
    request: str | None = None


def client_tags(client: str, request: str | None) -> "list[MessageTagTypeDef]":
    """The tags of a mail to a client (SES message tags)."""
    return _tags({_CLIENT: client, _REQUEST: request})


def provider_tags(provider: str, request: str) -> "list[MessageTagTypeDef]":
    """The tags of a mail to a provider."""
    return _tags({_PROVIDER: provider, _REQUEST: request})


def notice_tags() -> "list[MessageTagTypeDef]":
    """The tags of a notice to the practice: nobody is told of its own trouble."""
    return _tags({_NOTICE: "unreached"})


def _tags(named: Mapping[str, str | None]) -> "list[MessageTagTypeDef]":
    return [{"Name": name, "Value": value} for name, value in named.items() if value]


def troubles(event: Mapping[str, Any]) -> list[ToldTrouble]:
    """What an event says of mails of ours. A full mailbox is no reason to give an address up."""
    return list(_troubles(event["detail"]))


def _troubles(detail: Mapping[str, Any]) -> Iterator[ToldTrouble]:
    tagged: Mapping[str, list[str]] = detail["mail"].get("tags", {})
    client, provider, notice, request = (
        next(iter(tagged.get(name, ())), None) for name in (_CLIENT, _PROVIDER, _NOTICE, _REQUEST)
    )
    if client is None and provider is None and notice is None:
        return
    if detail["eventType"] == "Bounce" and detail["bounce"]["bounceType"] == _FOR_GOOD:
        yield ToldTrouble(Trouble.UNDELIVERABLE, client, provider, request)
    if detail["eventType"] == "Complaint":
        yield ToldTrouble(Trouble.COMPLAINT, client, provider, request)
