"""Who is signed in."""

from dataclasses import dataclass

from openhour.application.errors import SignedOutError
from openhour.application.ports.requests import Requests


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in: the client's id, and the epoch in which they did."""

    client: str
    epoch: int


def check_signed_in(signed_in: SignedIn | None, requests: Requests) -> None:
    """Raise SignedOutError when the person has signed out everywhere since."""
    if signed_in is not None and requests.profile(signed_in.client).epoch != signed_in.epoch:
        raise SignedOutError
