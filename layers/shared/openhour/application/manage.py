"""A client sees and withdraws a request through its manage link."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openhour.application.attempts import persistently
from openhour.application.errors import UnknownRequestError
from openhour.application.ports import Clock, Near, Pause, Requests
from openhour.domain.booking import ledger_change
from openhour.domain.requests import Request, take
from openhour.domain.transitions import Action, Actor, Status

LINK_OUTLIVES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ManageLink:
    """What a manage link is bound to; `near` may be out of date."""

    request: str
    near: Near


@dataclass(frozen=True, slots=True)
class Seen:
    """A request with the status that counts at the moment it was looked at."""

    request: Request
    status: Status


def see(link: ManageLink, requests: Requests, clock: Clock) -> Seen:
    """The request as it stands. Raises UnknownRequestError when it is gone or ended more than 30 days ago."""
    now = clock.now()
    return _seen(_alive(requests.request(link.request), now), now)


def withdraw(link: ManageLink, requests: Requests, clock: Clock, pause: Pause) -> Seen:
    """Take a request back; once it is withdrawn, doing it again changes nothing.

    Raises UnknownRequestError, NotPossibleError when it is no longer open, and TryAgainLaterError.
    """

    def attempt() -> Seen:
        found = requests.with_days(link.request, link.near)
        now = clock.now()
        request = _alive(found[0] if found else None, now)
        if found is None or request.status is Status.WITHDRAWN:
            return _seen(request, now)
        step = take(request, Action.WITHDRAW, Actor.CLIENT, now)
        requests.commit(step, ledger_change(request, step.after, found[1], now))
        return _seen(step.after, now)

    return persistently(attempt, pause)


def _alive(request: Request | None, now: datetime) -> Request:
    if request is None or now >= request.end + LINK_OUTLIVES:
        raise UnknownRequestError
    return request


def _seen(request: Request, now: datetime) -> Seen:
    return Seen(request, request.status_now(now))
