"""Signed links: who holds one may do what it names. Nothing in a token is secret, nothing in it is personal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from openhour.adapters.keyring import Keyring
from openhour.application.client.manage import ManageLink
from openhour.application.client.verify import VerifyLink
from openhour.application.ports.clock import Clock
from openhour.application.ports.requests import Near
from openhour.application.provider.answer import AnswerLink
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request

_LONGEST = 1024


class Purpose(StrEnum):
    """What a token is for; a token of one purpose opens nothing of another."""

    ANSWER = "answer"
    MANAGE = "manage"
    VERIFY = "verify"
    SIGN_IN = "sign_in"
    PORTAL = "portal"


SIGN_IN_LASTS = timedelta(minutes=30)
PORTAL_LASTS = timedelta(hours=12)


class TokenError(Exception):
    """Not a token that this stack signed for this purpose with a key that still counts."""


class Tokens:
    """Signs and reads tokens with the keys of the stack."""

    def __init__(self, keyring: Callable[[], Keyring], clock: Clock) -> None:
        """`clock` decides which key signs."""
        self._keyring = keyring
        self._clock = clock

    def answer(self, request: Request) -> str:
        """A provider's token, bound to the request and its revision."""
        return self._sign(Purpose.ANSWER, [request.id, request.revision, *_place(request), request.client.id])

    def read_answer(self, token: str) -> AnswerLink:
        """What an answer token is bound to. Raises TokenError."""
        request, revision, provider, day, client = self._read(Purpose.ANSWER, token, str, int, str, int, str)
        return AnswerLink(request, revision, Near(provider, date.fromordinal(day), client))

    def manage(self, request: Request) -> str:
        """A client's token, bound to the request."""
        return self._sign(Purpose.MANAGE, [request.id, *_place(request), request.client.id])

    def read_manage(self, token: str) -> ManageLink:
        """What a manage token is bound to. Raises TokenError."""
        request, provider, day, client = self._read(Purpose.MANAGE, token, str, str, int, str)
        return ManageLink(request, Near(provider, date.fromordinal(day), client))

    def verify(self, request: Request) -> str:
        """The token that says: whoever has it reads mail at the request's address."""
        return self._sign(Purpose.VERIFY, [request.id, *_place(request), request.client.id])

    def read_verify(self, token: str) -> VerifyLink:
        """What a verification token is bound to. Raises TokenError."""
        request, provider, day, client = self._read(Purpose.VERIFY, token, str, str, int, str)
        return VerifyLink(request, Near(provider, date.fromordinal(day), client))

    def sign_in(self, who: SignedIn) -> str:
        """The token of a mailed sign-in link; it lasts 30 minutes."""
        return self._sign(Purpose.SIGN_IN, self._expiring(who, SIGN_IN_LASTS))

    def read_sign_in(self, token: str) -> tuple[SignedIn, datetime]:
        """Who a sign-in link is for, and when it ends. Raises TokenError, for one that is too old as well."""
        return self._read_expiring(Purpose.SIGN_IN, token)

    def portal(self, who: SignedIn) -> str:
        """The token of somebody signed in; it lasts 12 hours, or until the person signs out everywhere."""
        return self._sign(Purpose.PORTAL, self._expiring(who, PORTAL_LASTS))

    def read_portal(self, token: str) -> SignedIn:
        """Who is signed in. Raises TokenError, for one that is too old as well."""
        return self._read_expiring(Purpose.PORTAL, token)[0]

    def _expiring(self, who: SignedIn, lasts: timedelta) -> list[str | int]:
        return [who.client, who.epoch, int((self._clock.now() + lasts).timestamp())]

    def _read_expiring(self, purpose: Purpose, token: str) -> tuple[SignedIn, datetime]:
        client, epoch, ends = self._read(purpose, token, str, int, int)
        if self._clock.now().timestamp() >= ends:
            raise TokenError
        return SignedIn(client, epoch), datetime.fromtimestamp(ends, UTC)

    def _sign(self, purpose: Purpose, payload: list[str | int]) -> str:
        return str(self._serializer(purpose).dumps(payload))

    def _read(self, purpose: Purpose, token: str, *kinds: type) -> Any:
        """The payload of a token that was signed here and has this form: another version may have signed another."""
        if len(token) > _LONGEST or not _is_canonical(token):
            raise TokenError
        try:
            payload = self._serializer(purpose).loads(token)
        except BadData as error:
            raise TokenError from error
        if not isinstance(payload, list) or [type(part) for part in payload] != list(kinds):
            raise TokenError
        return payload

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._keyring().in_signing_order(self._clock.now()),
            salt=f"openhour.{purpose}",
            signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
        )


def _place(request: Request) -> tuple[str, int]:
    return request.provider.id, request.start.astimezone(UTC).date().toordinal()


def _is_canonical(token: str) -> bool:
    """Whether the signature is written the one way we write it: base64 ignores what another spelling adds to it."""
    signature = token.rpartition(".")[2]
    try:
        return base64_encode(base64_decode(signature)).decode() == signature
    except BadData:
        return False
