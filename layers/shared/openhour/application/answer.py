"""The provider answers a request from the mailed link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from openhour.application.attempts import persistently
from openhour.application.errors import UnknownRequestError
from openhour.application.ports import Clock, Near, Pause, Requests
from openhour.domain.booking import ledger_change
from openhour.domain.ledger import Days, minute_of
from openhour.domain.requests import Request, take
from openhour.domain.slots import conflicts
from openhour.domain.transitions import Action, Actor, Status


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """What an answer link is bound to."""

    request: str
    revision: int
    near: Near


class Decision(StrEnum):
    """What the provider pressed."""

    CONFIRM = "confirm"
    DECLINE = "decline"


_RESULT = {Decision.CONFIRM: Status.CONFIRMED, Decision.DECLINE: Status.DECLINED}
_ACTION = {Decision.CONFIRM: Action.CONFIRM, Decision.DECLINE: Action.DECLINE}


class Standing(StrEnum):
    """What the page behind the link says: OPEN shows the buttons, DONE thanks, the others say what happened."""

    OPEN = "open"
    DONE = "done"
    OVER = "over"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Answered:
    """Where the request stands for whoever holds the link, at `now`."""

    standing: Standing
    request: Request
    status: Status


def look(link: AnswerLink, requests: Requests, clock: Clock) -> Answered:
    """What the link opens; changes nothing. Raises UnknownRequestError when the request is gone."""
    request = requests.request(link.request)
    if request is None:
        raise UnknownRequestError
    return _standing(link, request, clock.now())


def answer(
    link: AnswerLink, decision: Decision, reason: str | None, requests: Requests, clock: Clock, pause: Pause
) -> Answered:
    """Confirm or decline. The same answer again changes nothing and stands as DONE; a contrary one as OVER.

    Confirming a time that something else has taken meanwhile stands as CONFLICT and changes nothing. Raises
    UnknownRequestError, and TryAgainLaterError when the store stays contended.
    """

    def attempt() -> Answered:
        found = requests.with_days(link.request, link.near)
        if found is None:
            raise UnknownRequestError
        return _decide(link, decision, reason, found, requests, clock.now())

    return persistently(attempt, pause)


def _decide(
    link: AnswerLink,
    decision: Decision,
    reason: str | None,
    found: tuple[Request, Days],
    requests: Requests,
    now: datetime,
) -> Answered:
    request, days = found
    before = _standing(link, request, now)
    if before.standing is Standing.OVER and before.status is _RESULT[decision]:
        return Answered(Standing.DONE, request, before.status)
    if before.standing is not Standing.OPEN:
        return before
    if decision is Decision.CONFIRM and _is_taken(request, days, now):
        return Answered(Standing.CONFLICT, request, before.status)
    step = take(request, _ACTION[decision], Actor.PROVIDER, now, reason)
    requests.commit(step, ledger_change(request, step.after, days, now))
    return Answered(Standing.DONE, step.after, step.after.status)


def _standing(link: AnswerLink, request: Request, now: datetime) -> Answered:
    status = request.status_now(now)
    if request.revision != link.revision:
        return Answered(Standing.CHANGED, request, status)
    return Answered(Standing.OPEN if status is Status.PENDING else Standing.OVER, request, status)


def _is_taken(request: Request, days: Days, now: datetime) -> bool:
    """Whether something else keeps this time: confirming checks conflicts, not opening hours."""
    start, service = minute_of(request.start), request.service
    others = days.live_entries(int(now.timestamp()), ignoring=(request.id,))
    return conflicts(
        start, start + service.duration, service.buffer_before, service.buffer_after, others, days.external
    )
