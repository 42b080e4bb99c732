"""Seeing to those who have a time with a provider, service or location that goes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhour.application.errors import TryAgainLaterError
from openhour.application.practice.leave import Leaving
from openhour.domain.ledger import Entry
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, Provider
from operate.practice.errors import PracticeError
from operate.practice.standing import Departure, Held, Standing, State, counted, departures, with_departures
from operate.practice.table import PracticeTable

_OPEN = frozenset({Status.PENDING, Status.OFFERED})
_ADVICE = (
    "With --decline-open open requests are declined, with --cancel-confirmed appointments cancelled, and their "
    "clients told by mail. Or keep a provider with `self_schedule: off` until all of it is over. "
    "With --allow-orphans everything stands as it is."
)


@dataclass(frozen=True, slots=True)
class Farewell:
    """What may be done to those who have a time: open requests declined, appointments cancelled, or nothing at all.

    `reason` is what their clients read.
    """

    decline_open: bool = False
    cancel_confirmed: bool = False
    allow_orphans: bool = False
    reason: str | None = None

    @property
    def may_end(self) -> frozenset[Status]:
        """The statuses of the requests that are to be ended."""
        confirmed = frozenset({Status.CONFIRMED}) if self.cancel_confirmed else frozenset()
        return confirmed | (_OPEN if self.decline_open else frozenset())

    @property
    def ended(self) -> frozenset[State]:
        """The states that are seen to by ending them."""
        confirmed = {State.CONFIRMED} if self.cancel_confirmed else set()
        return frozenset(confirmed | ({State.OPEN} if self.decline_open else set()))

    @property
    def forbidding(self) -> frozenset[State]:
        """The states that forbid a departure. An unproven request lapses within half an hour and forbids nothing."""
        if self.allow_orphans:
            return frozenset()
        running = set() if self.cancel_confirmed else {State.RUNNING}
        return frozenset({State.OPEN, State.CONFIRMED} | running) - self.ended


class OrphansError(PracticeError):
    """Somebody has a time with what would go. `lines` lists it by date."""

    def __init__(self, found: Iterable[Departure]) -> None:
        self.lines = tuple(line for departure in found for line in departure.lines)
        super().__init__("\n".join((*self.lines, _ADVICE)))


@dataclass(frozen=True, slots=True)
class Departing:
    """What goes when a file is applied, seen by those who have a time. `now` is aware."""

    table: PracticeTable
    leaving: Leaving
    now: Callable[[], datetime]

    def look(self, before: Mapping[str, Provider], after: Sequence[Provider]) -> list[Departure]:
        """What would go while somebody has a time there."""
        return departures(before, after, self._standing(with_departures(before, after)))

    def check(self, found: Sequence[Departure], farewell: Farewell) -> None:
        """Raise OrphansError when some of it may not go."""
        if forbidden := [part for each in found if (part := each.only(farewell.forbidding))]:
            raise OrphansError(forbidden)

    def notes(self, found: Sequence[Departure], farewell: Farewell) -> Iterator[str]:
        """What is to be known before saying yes."""
        for departure in found:
            yield from departure.lines
            if part := departure.only(farewell.ended):
                yield f"    to be declined or cancelled, with a mail to the client: {counted(part.held)}"

    def settle(self, found: Sequence[Departure], farewell: Farewell) -> str:
        """End what is to be ended; how much of it was, in words. Raises PracticeError."""
        ended = farewell.ended
        requests = dict.fromkeys(held.request for each in found for held in each.held if held.state in ended)
        done: Counter[Status | None] = Counter()
        for request in requests:
            try:
                done[self.leaving.end(request, farewell.may_end, farewell.reason)] += 1
            except TryAgainLaterError:
                raise PracticeError(
                    f"the table is busy. {_told(done) or 'Nobody was told anything yet.'} Run the command again."
                ) from None
        return _told(done)

    def _standing(self, provider_ids: Sequence[str]) -> Standing:
        now = self.now()
        entries = self.table.entries(provider_ids, now)
        return {name: [held for entry in found if (held := self._held(entry, now))] for name, found in entries.items()}

    def _held(self, entry: Entry, now: datetime) -> Held | None:
        try:
            request = self.leaving.look(entry.request)
        except TryAgainLaterError:
            raise PracticeError("the table is busy; run the command again.") from None
        state = _state_of(entry, request, now)
        in_person = request is not None and request.forum is Forum.IN_PERSON
        location = request.location.id if request is not None and in_person else None
        return None if state is None else Held(entry.request, entry.service, location, entry.local_date, state)


def _state_of(entry: Entry, request: Request | None, now: datetime) -> State | None:
    """How the time stands; by the ledger alone where there is no request to it. None: it has ended meanwhile."""
    if request is None:
        return State.CONFIRMED if entry.deadline is None else State.OPEN
    status = request.status_now(now)
    if status is Status.CONFIRMED:
        return State.RUNNING if request.start <= now else State.CONFIRMED
    if status is Status.UNVERIFIED:
        return State.UNVERIFIED
    return State.OPEN if status.is_open else None


def _told(done: Mapping[Status | None, int]) -> str:
    words = {Status.DECLINED: "declined", Status.CANCELLED: "cancelled"}
    parts = [f"{done[status]} {word}" for status, word in words.items() if done.get(status)]
    return f"{' and '.join(parts)}; their clients are told by mail." if parts else ""
