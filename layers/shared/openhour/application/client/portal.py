"""A person signs in by a mailed link, sees their own appointments, and signs out everywhere."""

from datetime import datetime, timedelta
from enum import StrEnum

from openhour.application.admission import Counted, Ration
from openhour.application.errors import LinkUsedError, SignedOutError
from openhour.application.ports.clock import Clock
from openhour.application.ports.identity import Identity
from openhour.application.ports.people import Entry, Page, Portal, SignInRequest, Use
from openhour.application.ports.post import SignInPost
from openhour.application.signed_in import SignedIn
from openhour.domain.values import LONGEST_SESSION

PAGE = 50
LINK_LASTS = timedelta(minutes=30)


class When(StrEnum):
    """Which appointments: those that have not ended, soonest first, or those that have, latest first."""

    UPCOMING = "upcoming"
    PAST = "past"


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
    portal.ask_for_link(SignInRequest(identity.client_id(email), _period(now), email, locale, now))


def send_link(client_id: str, period: int, portal: Portal, post: SignInPost, clock: Clock) -> int:
    """Send the link that was asked for, if the address is known; the number of mails. Raises NotDeliveredError."""
    asked, practice = portal.link_asked_for(client_id, period), portal.practice()
    if asked is None or practice is None or clock.now() >= asked.at + LINK_LASTS or not portal.is_known(client_id):
        return 0
    profile = portal.profile(client_id)
    if profile.may_be_tried_again(clock.now()):
        post.let_through(asked.email)
    post.deliver_sign_in(asked, SignedIn(client_id, profile.epoch), practice)
    return 1


def sign_in(link: SignedIn, use: Use, portal: Portal, clock: Clock) -> SignedIn:
    """Who is signed in by this link, which works once; again only for whoever has used it.

    Raises LinkUsedError, and SignedOutError when they have signed out everywhere since it was made.
    """
    now = clock.now()
    match portal.enter(link.client, link.epoch, use, _period(now), now):
        case Entry.USED:
            raise LinkUsedError
        case Entry.SIGNED_OUT:
            raise SignedOutError
        case Entry.IN:
            return link


def sign_out(who: SignedIn, portal: Portal, clock: Clock) -> None:
    """Sign out everywhere: no link and no token from before opens anything any more; a new one may be asked for."""
    now = clock.now()
    portal.sign_out(who.client, who.epoch, _period(now), now)


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


def _period(now: datetime) -> int:
    """The number of these five minutes: in each of them a link is mailed once."""
    return int(now.timestamp()) // _PERIOD_SECONDS
