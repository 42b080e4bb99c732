"""Composing mails and handing them to the mail service."""

from typing import Protocol

from openhour.application.ports.people import SignInRequest
from openhour.application.signed_in import SignedIn
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Mail, Request
from openhour.domain.values import Practice, Provider


class NotDeliveredError(Exception):
    """The mail service did not take the mail; it is still due."""


class Suppression(Protocol):
    """The addresses to which the mail service no longer sends."""

    def let_through(self, email: str) -> None:
        """Have the mail service send to an address that it has given up because a mail came back. 1 call.

        Never raises: where it cannot be done, what is sent next comes back or is dropped as before.
        """


class Post(Suppression, Protocol):
    """Composes a mail and hands it to the mail service."""

    def deliver(
        self, mail: Mail, request: Request, practice: Practice, provider: Provider, around: Neighbours | None = None
    ) -> None:
        """Send it; `around` is told to a provider who is to answer.

        Raises NotDeliveredError when the mail service does not take it.
        """


class SignInPost(Suppression, Protocol):
    """Composes a sign-in mail and hands it to the mail service."""

    def deliver_sign_in(self, asked: SignInRequest, who: SignedIn, practice: Practice) -> None:
        """Send it. Raises NotDeliveredError when the mail service does not take it."""
