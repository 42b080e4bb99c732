"""A client changes a request, chooses among offered times, or asks to move an appointment."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from openhour.application.attempts import persistently
from openhour.application.client.manage import ManageLink, Seen, alive, seen
from openhour.application.client.standing import check_limit
from openhour.application.client.submit import card_of, terms_of
from openhour.application.errors import (
    ChangeWaitsError,
    KnownClientsOnlyError,
    NotOfferedError,
    TooManyChangesError,
    UnknownRequestError,
)
from openhour.application.free_time import bookable, check_free, refusal, utc_date, wanted_of
from openhour.application.own_time import check_own_time
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.identity import Identity
from openhour.application.ports.requests import Requests, Surroundings
from openhour.application.replacement import ids_of, replacing
from openhour.application.signed_in import check_signed_in
from openhour.domain.booking import ledger_change
from openhour.domain.clients import is_served
from openhour.domain.deadlines import Hold, deadline
from openhour.domain.errors import NotPossibleError
from openhour.domain.requests import Request, submitted, take
from openhour.domain.slots import Verdict, Wanted
from openhour.domain.transitions import Action, Actor, Status
from openhour.domain.values import Forum, Provider

MOST_CHANGES = 5


@dataclass(frozen=True, slots=True)
class Change:
    """What the client wants otherwise; None leaves it as it is. `start` and `chosen` are aware instants.

    `chosen` picks one of the offered times. `note_given` says that `note` counts, None for no note.
    """

    service: str | None = None
    location: str | None = None
    forum: Forum | None = None
    start: datetime | None = None
    chosen: datetime | None = None
    note: str | None = None
    note_given: bool = False

    @property
    def asks_for_something(self) -> bool:
        """Whether it changes more than the note."""
        return any(value is not None for value in (self.service, self.location, self.forum, self.start))

    def wanted(self, request: Request) -> Wanted:
        """What is asked for afterwards."""
        before = wanted_of(request)
        return Wanted(self.service or before.service, self.location or before.location, self.forum or before.forum)

    def start_of(self, request: Request) -> datetime:
        """When it shall start afterwards."""
        return request.start if self.start is None else self.start.astimezone(UTC)

    def note_of(self, request: Request) -> str | None:
        """The note afterwards."""
        return self.note if self.note_given else request.note

    def keeps_appointment(self, request: Request) -> bool:
        """Whether what is asked for, and when, is what it is already."""
        return (self.wanted(request), self.start_of(request)) == (wanted_of(request), request.start)

    def leaves_as_it_is(self, request: Request) -> bool:
        """Whether it changes nothing at all."""
        return self.keeps_appointment(request) and self.note_of(request) == request.note


@dataclass(frozen=True, slots=True)
class Changing:
    """The use case with its ports."""

    requests: Requests
    identity: Identity
    clock: Clock
    hold: Hold
    pause: Pause

    def change(self, link: ManageLink, change: Change) -> Seen:
        """The request as it stands afterwards: the same one, or the new one that would replace an appointment.

        The same change again changes nothing. Raises as `see`; NotPossibleError, TooManyChangesError,
        ChangeWaitsError, NotOfferedError, TooManyOpenRequestsError, TooManyRequestsError; KnownClientsOnlyError,
        UnknownProviderError, InvalidInputError and SlotTakenError as a submission does; and TryAgainLaterError.
        """
        check_signed_in(link.signed_in, self.requests)
        return persistently(lambda: self._attempt(link, change), self.pause)

    def _attempt(self, link: ManageLink, change: Change) -> Seen:
        dates = [] if change.start is None else [utc_date(change.start)]
        around = self.requests.with_surroundings(link.request, link.near, dates)
        now = self.clock.now()
        request = alive(around.found.request if around else None, link, now)
        if around is None:
            raise UnknownRequestError
        if change.chosen is not None:
            return self._choose(around, change.chosen, now)
        if _stands(request, now) and change.leaves_as_it_is(request):
            return seen(request, now)
        if not change.asks_for_something or change.keeps_appointment(request):
            return self._edit_note(around, change, now)
        if request.status is Status.CONFIRMED:
            return self._ask_to_move(around, change, now)
        return self._change(around, change, now)

    def _choose(self, around: Surroundings, chosen: datetime, now: datetime) -> Seen:
        request = around.found.request
        if request.status is Status.CONFIRMED and request.start == chosen:
            return seen(request, now)
        step = take(request, Action.CHOOSE, Actor.CLIENT, now, start=chosen.astimezone(UTC))
        if step.after.start not in request.offered:
            raise NotOfferedError
        found, duration = around.found, request.service.duration
        check_own_time(found.agenda, step.after.start, duration, now, ids_of(request))
        replaced = replacing(found, now)
        ledgers = ledger_change(request, step.after, found.days, now, replaced)
        self.requests.commit(step, ledgers, found.agenda, replaced)
        return seen(step.after, now)

    def _edit_note(self, around: Surroundings, change: Change, now: datetime) -> Seen:
        request = around.found.request
        step = take(request, Action.EDIT_NOTE, Actor.CLIENT, now, note=change.note_of(request))
        self.requests.commit(step, ledger_change(request, step.after, around.found.days, now), around.found.agenda)
        return seen(step.after, now)

    def _change(self, around: Surroundings, change: Change, now: datetime) -> Seen:
        request = around.found.request
        take(request, Action.CHANGE, Actor.CLIENT, now)  # whether it may be changed at all comes first
        if request.changes >= MOST_CHANGES:
            raise TooManyChangesError(MOST_CHANGES)
        fields = self._asked(around, change, now) | {"changes": request.changes + 1}
        step = take(request, Action.CHANGE, Actor.CLIENT, now, **fields)
        self.requests.commit(step, ledger_change(request, step.after, around.found.days, now), around.found.agenda)
        return seen(step.after, now)

    def _ask_to_move(self, around: Surroundings, change: Change, now: datetime) -> Seen:
        old, agenda, waiting = around.found.request, around.found.agenda, around.found.move
        if now >= old.start:
            raise NotPossibleError(Action.CHANGE, old.status)
        if waiting is not None and waiting.status_now(now).is_open:
            return _waiting(waiting, change, old, now)
        check_limit(around.practice, agenda, now)
        new_id = self.identity.request_id(old.client.email, f"replaces {old.id} {agenda.version}")
        fields = self._asked(around, change, now)
        new = replace(
            old,
            **fields,
            id=new_id,
            status=Status.PENDING,
            status_at=now,
            submitted_at=now,
            version=old.version + 1,  # the calendar file's SEQUENCE goes on rising (RFC 5545, section 3.8.7.4)
            revision=1,
            changes=0,
            replaces=old.id,
            proven=True,  # by the link or the sign-in that opened the old one
            replaces_start=old.start,
            terms=terms_of(around.practice),
        )
        ledgers = ledger_change(None, new, around.found.days, now)
        self.requests.commit(submitted(new), ledgers, agenda)
        return seen(new, now)

    def _asked(self, around: Surroundings, change: Change, now: datetime) -> dict[str, Any]:
        """The fields of what is asked for now.

        Raises KnownClientsOnlyError, OwnConflictError, and as `bookable` and `check_free` do.
        """
        if not is_served(around.practice, around.profile):
            raise KnownClientsOnlyError
        request = around.found.request
        wanted, start = change.wanted(request), change.start_of(request)
        provider = bookable(around.provider, wanted)
        check_own_time(around.found.agenda, start, provider.services[wanted.service].duration, now, ids_of(request))
        check_free(provider, wanted, start, around.found.days, now, self.requests, ids_of(request))
        return {
            "provider": card_of(provider),
            "location": provider.locations[wanted.location],
            "forum": wanted.forum,
            "service": replace(provider.services[wanted.service], description=None),
            "start": start,
            "note": change.note_of(request),
            "deadline": self._deadline(request, provider, start, now),
        }

    def _deadline(self, request: Request, provider: Provider, start: datetime, now: datetime) -> datetime:
        """Capped by the start of the appointment that would be replaced: after that there is nothing to replace."""
        ends = deadline(now, start, self.hold, provider.rules.answer_lead, provider.time_zone)
        replaced = request.start if request.status is Status.CONFIRMED else request.replaces_start
        if replaced is not None:
            ends = min(ends, replaced)
        if ends <= now:
            raise refusal(Verdict.TOO_SOON)
        return ends


def _stands(request: Request, now: datetime) -> bool:
    """Whether somebody still has to answer it or counts on it: of what has ended nothing can be asked any more."""
    status = request.status_now(now)
    return status in {Status.PENDING, Status.OFFERED, Status.CONFIRMED}


def _waiting(waiting: Request, change: Change, old: Request, now: datetime) -> Seen:
    """The same change again is the one that waits; another one has to wait for it."""
    if (wanted_of(waiting), waiting.start) != (change.wanted(old), change.start_of(old)):
        raise ChangeWaitsError(waiting.id)
    return seen(waiting, now)
