"""The provider answers a request from the mailed link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from openhour.application.attempts import persistently
from openhour.application.errors import InvalidInputError, SlotTakenError, UnknownRequestError
from openhour.application.free_time import check_free, free_between, utc_date, wanted_of
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Found, Near, Requests
from openhour.application.replacement import ending_move, ids_of, replacing
from openhour.domain.booking import ledger_change
from openhour.domain.deadlines import Hold, deadline
from openhour.domain.ledger import instant_of, minute_of
from openhour.domain.neighbours import Neighbours, neighbours
from openhour.domain.requests import Request, Step, cancel, take
from openhour.domain.slots import conflicts
from openhour.domain.transitions import Action, Actor, Status
from openhour.domain.values import Provider

MOST_OFFERS = 3
_OFFERED_AHEAD = timedelta(days=21)


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
    OFFER = "offer"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider sends: `reason` with declining and cancelling, `starts` (aware, UTC) with offering."""

    decision: Decision
    reason: str | None = None
    starts: tuple[datetime, ...] = ()


_RESULT = {
    Decision.CONFIRM: Status.CONFIRMED,
    Decision.DECLINE: Status.DECLINED,
    Decision.OFFER: Status.OFFERED,
    Decision.CANCEL: Status.CANCELLED,
}
_POSSIBLE = {
    Status.PENDING: {Decision.CONFIRM, Decision.DECLINE, Decision.OFFER},
    Status.OFFERED: {Decision.DECLINE},
    Status.CONFIRMED: {Decision.CANCEL},
}


class Standing(StrEnum):
    """What the page behind the link says: OPEN shows the buttons, DONE thanks, the others say what happened."""

    OPEN = "open"
    DONE = "done"
    OVER = "over"
    CHANGED = "changed"
    CONFLICT = "conflict"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Answered:
    """Where the request stands for whoever holds the link, at `now`.

    `possible` are the answers that the page has buttons for, `choices` the free starts that can be offered, in order
    of time, when they were asked for. `neighbours` are what lies around a request that waits for its answer.
    """

    standing: Standing
    request: Request
    status: Status
    possible: frozenset[Decision] = frozenset()
    choices: tuple[datetime, ...] = ()
    neighbours: Neighbours | None = None


def look(link: AnswerLink, requests: Requests, clock: Clock) -> Answered:
    """What the link opens; changes nothing. Raises UnknownRequestError when the request is gone or anonymous."""
    return _look(link, requests, clock.now())[0]


def _look(link: AnswerLink, requests: Requests, now: datetime) -> tuple[Answered, Provider | None]:
    seen = requests.with_surroundings(link.request, link.near, (), client=False)
    if seen is None:
        raise UnknownRequestError
    answered = _standing(link, _known(seen.found.request), now)
    return _between(answered, seen.found, seen.provider, now), seen.provider


@dataclass(frozen=True, slots=True)
class Answering:
    """The use case with its ports."""

    requests: Requests
    clock: Clock
    hold: Hold
    pause: Pause

    def look_for_times(self, link: AnswerLink) -> Answered:
        """What the link opens, with the free times of the next three weeks. Changes nothing; raises as `look`."""
        now = self.clock.now()
        answered, provider = _look(link, self.requests, now)
        if answered.standing is not Standing.OPEN or provider is None:
            return answered
        return self._with_choices(answered, provider, now)

    def answer(self, link: AnswerLink, given: Answer) -> Answered:
        """Confirm, decline, offer other times, or cancel what was confirmed.

        The same answer again changes nothing and stands as DONE; a contrary one as OVER. Confirming a time that
        something else has taken meanwhile stands as CONFLICT, offering one as TAKEN with what is free; neither changes
        anything. Raises UnknownRequestError, InvalidInputError for times that cannot be offered, and
        TryAgainLaterError when the store stays contended.
        """
        if given.decision is Decision.OFFER:
            return persistently(lambda: self._offer(link, tuple(sorted(set(given.starts)))), self.pause)
        return persistently(lambda: self._decide(link, given), self.pause)

    def _decide(self, link: AnswerLink, given: Answer) -> Answered:
        found = self.requests.with_days(link.request, link.near)
        if found is None:
            raise UnknownRequestError
        request, now = _known(found.request), self.clock.now()
        before = _standing(link, request, now)
        if before.standing is Standing.CHANGED:
            return _too_late(before)
        if before.status is _RESULT[given.decision]:
            return _done(before)
        if given.decision not in before.possible:
            return _too_late(before)
        if given.decision is Decision.CONFIRM and _is_taken(found, now):
            return _between(replace(before, standing=Standing.CONFLICT), found, None, now)
        step = _step(request, given, now)
        beside = _beside(found, given, now)
        change = ledger_change(request, step.after, found.days, now, beside)
        self.requests.commit(step, change, found.agenda, beside)
        return _done(_standing(link, step.after, now))

    def _offer(self, link: AnswerLink, starts: tuple[datetime, ...]) -> Answered:
        dates: Sequence[date] = sorted({utc_date(start) for start in starts})
        seen = self.requests.with_surroundings(link.request, link.near, dates, client=False)
        if seen is None:
            raise UnknownRequestError
        request, now = _known(seen.found.request), self.clock.now()
        before = _standing(link, request, now)
        if before.standing is not Standing.CHANGED and before.status is Status.OFFERED and request.offered == starts:
            return _done(before)
        if before.standing is not Standing.OPEN or seen.provider is None:
            return _too_late(before)
        try:
            until = self._check_offer(request, seen.provider, seen.found, starts, now)
        except SlotTakenError:
            return self._with_choices(
                Answered(Standing.TAKEN, request, before.status, before.possible), seen.provider, now
            )
        step = take(request, Action.OFFER, Actor.PROVIDER, now, offered=starts, deadline=until)
        self.requests.commit(step, ledger_change(request, step.after, seen.found.days, now), seen.found.agenda)
        return _done(_standing(link, step.after, now))

    def _check_offer(
        self, request: Request, provider: Provider, found: Found, starts: tuple[datetime, ...], now: datetime
    ) -> datetime:
        """Until when the client can choose. Raises SlotTakenError and InvalidInputError."""
        if not 1 <= len(starts) <= MOST_OFFERS:
            raise InvalidInputError({"start": f"Choose one to {MOST_OFFERS} times."})
        for start in starts:
            check_free(provider, wanted_of(request), start, found.days, now, self.requests, ids_of(request))
        ends = deadline(now, starts[0], self.hold, provider.rules.answer_lead, provider.time_zone)
        return ends if request.replaces_start is None else min(ends, request.replaces_start)

    def _with_choices(self, answered: Answered, provider: Provider, now: datetime) -> Answered:
        request = answered.request
        wanted, last = wanted_of(request), now + _OFFERED_AHEAD
        free = free_between(provider, wanted, now, last, now, self.requests, ids_of(request))
        asked = minute_of(request.start)
        choices = tuple(instant_of(start) for start in free if start != asked)
        return replace(answered, choices=choices)


def _between(answered: Answered, found: Found, provider: Provider | None, now: datetime) -> Answered:
    """The same with what lies before and after, while an answer is wanted."""
    if answered.standing not in {Standing.OPEN, Standing.CONFLICT}:
        return answered
    locations = {} if provider is None else provider.locations
    return replace(answered, neighbours=neighbours(found.request, found.days, locations, now))


def _step(request: Request, given: Answer, now: datetime) -> Step:
    if given.decision is Decision.CANCEL:
        return cancel(request, Actor.PROVIDER, now, given.reason)
    action = Action.CONFIRM if given.decision is Decision.CONFIRM else Action.DECLINE
    return take(request, action, Actor.PROVIDER, now, given.reason)


def _beside(found: Found, given: Answer, now: datetime) -> Step | None:
    """What the client's other request does with it: an appointment is replaced, or there is none left to move."""
    match given.decision:
        case Decision.CONFIRM:
            return replacing(found, now)
        case Decision.CANCEL:
            return ending_move(found, Actor.PROVIDER, now, given.reason)
        case _:
            return None


def _done(answered: Answered) -> Answered:
    return Answered(Standing.DONE, answered.request, answered.status)


def _too_late(answered: Answered) -> Answered:
    """The answer to somebody who pressed a button of an old page: what happened, and no buttons but those of today."""
    if answered.standing is Standing.OPEN:
        return answered
    return Answered(answered.standing, answered.request, answered.status)


def _known(request: Request | None) -> Request:
    """The request, while it is known whose it is. Raises UnknownRequestError."""
    if request is None or request.anonymised_at is not None:
        raise UnknownRequestError
    return request


def _standing(link: AnswerLink, request: Request, now: datetime) -> Answered:
    status = request.status_now(now)
    if request.revision != link.revision:
        return Answered(Standing.CHANGED, request, status)
    possible = frozenset(_POSSIBLE.get(status, ()))
    if status is Status.CONFIRMED and now >= request.start:
        possible = frozenset()
    return Answered(Standing.OPEN if status is Status.PENDING else Standing.OVER, request, status, possible)


def _is_taken(found: Found, now: datetime) -> bool:
    """Whether something else keeps this time: confirming checks conflicts, not opening hours."""
    request = found.request
    start, service = minute_of(request.start), request.service
    others = found.days.live_entries(int(now.timestamp()), ignoring=ids_of(request))
    return conflicts(
        start, start + service.duration, service.buffer_before, service.buffer_after, others, found.days.external
    )
