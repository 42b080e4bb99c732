"""A client sees a request and ends it: by its manage link, or signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openhour.application.attempts import persistently
from openhour.application.errors import NotAsSeenError, UnknownRequestError
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Near, Requests
from openhour.application.replacement import ending_move
from openhour.application.signed_in import SignedIn, check_signed_in
from openhour.domain.booking import ledger_change
from openhour.domain.requests import Request, cancel, take
from openhour.domain.transitions import Action, Actor, Status

LINK_OUTLIVES = timedelta(days=30)
ENDABLE = (Status.PENDING, Status.OFFERED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class ManageLink:
    """Which request somebody may manage: the bearer of its link, or its client signed in. `near` may be out of date."""

    request: str
    near: Near | None
    signed_in: SignedIn | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with the status that counts at the moment it was looked at."""

    request: Request
    status: Status


def see(link: ManageLink, requests: Requests, clock: Clock) -> Seen:
    """The request as it stands.

    Raises UnknownRequestError when it is gone, has been made anonymous, or ended more than 30 days ago.

    For somebody signed in also when it is another client's; SignedOutError when they have signed out since.
    """
    check_signed_in(link.signed_in, requests)
    now = clock.now()
    return seen(alive(requests.request(link.request), link, now), now)


def end(link: ManageLink, saw: Status | None, requests: Requests, clock: Clock, pause: Pause) -> Seen:
    """Take an open request back, or cancel a confirmed one until it starts; doing it again changes nothing.

    `saw` is the status that the client saw: an appointment is cancelled only by somebody who knew that it was one, and
    without `saw` only an open request is taken back. Raises as `see`, NotAsSeenError, NotPossibleError when it has
    ended in another way, and TryAgainLaterError.
    """
    check_signed_in(link.signed_in, requests)

    def attempt() -> Seen:
        found = requests.with_days(link.request, link.near)
        now = clock.now()
        request = alive(found.request if found else None, link, now)
        if found is None or request.status in {Status.WITHDRAWN, Status.CANCELLED}:
            return seen(request, now)
        _check_seen(request.status_now(now), saw)
        if request.status is Status.CONFIRMED:
            step, beside = cancel(request, Actor.CLIENT, now), ending_move(found, Actor.CLIENT, now)
        else:
            step, beside = take(request, Action.WITHDRAW, Actor.CLIENT, now), None
        change = ledger_change(request, step.after, found.days, now, beside)
        requests.commit(step, change, found.agenda, beside)
        return seen(step.after, now)

    return persistently(attempt, pause)


def _check_seen(status: Status, saw: Status | None) -> None:
    if status not in ENDABLE:
        return  # whatever they saw, it has ended
    if status is not saw and (saw is not None or status is Status.CONFIRMED):
        raise NotAsSeenError(status.value)


def alive(request: Request | None, link: ManageLink, now: datetime) -> Request:
    """The request, if the link still opens it. Raises UnknownRequestError."""
    if request is None or request.anonymised_at is not None or now >= request.end + LINK_OUTLIVES:
        raise UnknownRequestError
    if link.signed_in is not None and link.signed_in.client != request.client.id:
        raise UnknownRequestError
    return request


def seen(request: Request, now: datetime) -> Seen:
    """The request with the status that counts now."""
    return Seen(request, request.status_now(now))
