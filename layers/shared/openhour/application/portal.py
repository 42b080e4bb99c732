"""A person signs in by a mailed link, sees their own appointments, and signs out everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from openhour.application.admission import Counted, Ration
from openhour.application.errors import SignedOutError
from openhour.application.manage import SignedIn
from openhour.application.ports import Clock, Identity
from openhour.domain.clients import ClientProfile
from openhour.domain.transitions import Status
from openhour.domain.values import LONGEST_SESSION, Forum, Practice

PAGE = 50
LINK_LASTS = timedelta(minutes=30)


class When(StrEnum):
    """Which appointments: those that have not ended, soonest first, or those that have, latest first."""

    UPCOMING = "upcoming"
    PAST = "past"


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


class Portal(Protocol):
    """What is stored of people rather than of their requests."""

    def ask_for_link(self, asked: SignInRequest) -> None:
        """Note that a link is wanted; once in five minutes and person, more often changes nothing. 1 call."""

    def link_asked_for(self, client_id: str, period: int) -> SignInRequest | None:
        """What was noted; None when it is gone again. 1 call."""

    def is_known(self, client_id: str) -> bool:
        """Whether this person has ever had an appointment here, or is on the practice's list. 2 calls."""

    def practice(self) -> Practice | None:
        """The practice. 1 call."""

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 consistent call."""

    def remember_verified(self, client_id: str, epoch: int, now: datetime) -> bool:
        """Note that the address is theirs; False when they have signed out since `epoch`. 1 call."""

    def sign_out(self, client_id: str, epoch: int) -> None:
        """Raise the epoch, unless it is not `epoch` any more. 1 call."""

    def appointments(
        self, client_id: str, first: datetime, last: datetime, after: str | None, *, forwards: bool
    ) -> Page:
        """Lines of the appointments that start from `first` up to `last`, by start. 1 consistent call."""


class SignInPost(Protocol):
    """Composes a sign-in mail and hands it to the mail service."""

    def deliver_sign_in(self, asked: SignInRequest, who: SignedIn, practice: Practice) -> None:
        """Send it. Raises NotDeliveredError when the mail service does not take it."""


_PERIOD_SECONDS = 300
_BEGINNING, _LAST_END = datetime.fromisoformat("2000-01-01T00:00:00Z"), datetime.fromisoformat("9990-01-01T00:00:00Z")


def ask_for_link(
    email: str, locale: str | None, address: str, ration: Ration, portal: Portal, identity: Identity, clock: Clock
) -> None:
    """Have a sign-in link mailed to an email that is known. Whether it is known shows nowhere here.

    `address` is the caller's in the network. Raises TooManyRequestsError when too many were asked for from there.
    """
    now = clock.now()
    ration.take(address, Counted.SIGN_IN_LINKS, now)
    period = int(now.timestamp()) // _PERIOD_SECONDS
    portal.ask_for_link(SignInRequest(identity.client_id(email), period, email, locale, now))


def send_link(client_id: str, period: int, portal: Portal, post: SignInPost, clock: Clock) -> int:
    """Send the link that was asked for, if the address is known; the number of mails. Raises NotDeliveredError."""
    asked, practice = portal.link_asked_for(client_id, period), portal.practice()
    if asked is None or practice is None or clock.now() >= asked.at + LINK_LASTS or not portal.is_known(client_id):
        return 0
    post.deliver_sign_in(asked, SignedIn(client_id, portal.profile(client_id).epoch), practice)
    return 1


def sign_in(link: SignedIn, portal: Portal, clock: Clock) -> SignedIn:
    """Who is signed in by this link. Raises SignedOutError when they have signed out everywhere since it was made."""
    if not portal.remember_verified(link.client, link.epoch, clock.now()):
        raise SignedOutError
    return link


def sign_out(who: SignedIn, portal: Portal) -> None:
    """Sign out everywhere: no link and no token from before opens anything any more."""
    portal.sign_out(who.client, who.epoch)


def own_appointments(who: SignedIn, when: When, after: str | None, portal: Portal, clock: Clock) -> Page:
    """The person's own appointments. `after` is a page's `next`. Raises SignedOutError."""
    if portal.profile(who.client).epoch != who.epoch:
        raise SignedOutError
    now = clock.now()
    if when is When.UPCOMING:
        first = now - timedelta(minutes=LONGEST_SESSION)
        page = portal.appointments(who.client, first, _LAST_END, after, forwards=True)
        return Page([each for each in page.appointments if each.end > now], page.next)
    page = portal.appointments(who.client, _BEGINNING, now, after, forwards=False)
    return Page([each for each in page.appointments if each.end <= now], page.next)


def status_at(now: datetime, status: Status, deadline: datetime | None) -> Status:
    """The status that counts: open at its deadline is expired."""
    return Status.EXPIRED if deadline is not None and now >= deadline else status
