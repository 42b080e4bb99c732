"""What is stored of people rather than of their requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from openhour.domain.clients import ClientProfile
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, Practice


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id and a name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """One line of a client's own list. Instants are aware and UTC; `status` is the one that counts now."""

    id: str
    status: Status
    start: datetime
    end: datetime
    deadline: datetime | None
    provider: Named
    location: Named
    forum: Forum
    service: Named

    def status_now(self, now: datetime) -> Status:
        """The status that counts: open at its deadline is expired."""
        return Status.EXPIRED if self.deadline is not None and now >= self.deadline else self.status


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, and where the next ones begin."""

    appointments: Sequence[Appointment]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """That somebody wants a sign-in link. `period` numbers the five minutes it was asked for in, from the epoch."""

    client: str
    period: int
    email: str
    locale: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SignInEvent:
    """That a sign-in link was asked for: ids and the instant only."""

    client: str
    period: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """That a sign-in link is used: `ends` (UTC) names it among its reader's, `by` says who uses it.

    Whoever presses the button again is known by `by`, and let in again.
    """

    ends: datetime
    by: str


class Entry(StrEnum):
    """Whether a link lets its reader in."""

    IN = "in"
    SIGNED_OUT = "signed out"
    USED = "used"


class Portal(Protocol):
    """What is stored of people rather than of their requests."""

    def ask_for_link(self, asked: SignInRequest) -> None:
        """Note that a link is wanted; once in five minutes and person, more often changes nothing. 1 call.

        But for one that was used meanwhile, or was ended by signing out: then another one is wanted.
        """

    def link_asked_for(self, client_id: str, period: int) -> SignInRequest | None:
        """What was noted; None when it is gone again. 1 call."""

    def is_known(self, client_id: str) -> bool:
        """Whether this person has ever had an appointment here, or is on the practice's list. 2 calls."""

    def practice(self) -> Practice | None:
        """The practice. 1 call."""

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 consistent call."""

    def enter(self, client_id: str, epoch: int, use: Use, period: int, now: datetime) -> Entry:
        """Note that the address is theirs and that the link is used, unless they have signed out since `epoch`. 1 call.

        What was asked for in the `period` that it is now is forgotten: it may be asked for again.
        """

    def sign_out(self, client_id: str, epoch: int, period: int, now: datetime) -> None:
        """Raise the epoch and note when, unless it is not `epoch` any more, and forget as `enter` does. 1 call."""

    def appointments(
        self, client_id: str, first: datetime, last: datetime, after: str | None, *, forwards: bool
    ) -> Page:
        """Lines of the appointments that start from `first` up to `last`, by start. 1 consistent call."""
