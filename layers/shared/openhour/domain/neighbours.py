"""What lies around a request on its provider's day, without a name: what somebody needs to know before they answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openhour.domain.booking import window
from openhour.domain.ledger import Days, Entry, instant_of, minute_of
from openhour.domain.requests import Request
from openhour.domain.values import Forum, Location


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One time that is kept: aware instants in UTC, and where.

    `location` and `forum` are None for busy times of other calendars, and for what was written before ledgers said
    it; `location` also where the provider works no longer. `held` is what still waits for an answer.
    """

    start: datetime
    end: datetime
    location: Location | None = None
    forum: Forum | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The last that begins before the request and the first that does not, on the same day in the provider's zone.

    `booked` and `held` count what else starts on that day; `minutes` is how much of the day is taken, busy times of
    other calendars included.
    """

    before: Neighbour | None = None
    after: Neighbour | None = None
    booked: int = 0
    held: int = 0
    minutes: int = 0


def dates_around(request: Request) -> tuple[date, date]:
    """The first and last UTC date whose ledgers `neighbours` has to look at."""
    return window(request.start.astimezone(UTC).date())


def neighbours(request: Request, days: Days, locations: Mapping[str, Location], now: datetime) -> Neighbours:
    """What else keeps time on the day of the request; neither it nor the appointment it would replace counts.

    `locations` are the provider's, by id.
    """
    own = (request.id,) if request.replaces is None else (request.id, request.replaces)
    zone = ZoneInfo(request.provider.time_zone)
    today = request.start.astimezone(zone).date()
    first, last = (minute_of(datetime.combine(day, time(), zone)) for day in (today, today + timedelta(days=1)))
    entries = days.live_entries(int(now.timestamp()), ignoring=own)
    known = {request.location.id: request.location, **locations}
    kept = [
        *(_of_entry(entry, known) for entry in entries if entry.start < last and first < entry.end),
        *(_of_external(start, end) for start, end in days.external if start < last and first < end and start < end),
    ]
    starting = [entry for entry in entries if entry.local_date == today.isoformat()]
    booked = {entry.request for entry in starting if entry.deadline is None}
    held = {entry.request for entry in starting if entry.replaces not in booked} - booked
    return Neighbours(
        before=max((each for each in kept if each.start < request.start), key=_end, default=None),
        after=min((each for each in kept if each.start >= request.start), key=_start, default=None),
        booked=len(booked),
        held=len(held),
        minutes=_length_of_union(kept, first, last),
    )


def _of_entry(entry: Entry, locations: Mapping[str, Location]) -> Neighbour:
    held, place = entry.deadline is not None, locations.get(entry.location or "")
    return Neighbour(instant_of(entry.start), instant_of(entry.end), place, entry.forum, held)


def _of_external(start: int, end: int) -> Neighbour:
    return Neighbour(instant_of(start), instant_of(end))


def _start(neighbour: Neighbour) -> tuple[datetime, datetime]:
    return neighbour.start, neighbour.end


def _end(neighbour: Neighbour) -> tuple[datetime, datetime]:
    return neighbour.end, neighbour.start


def _length_of_union(kept: Iterable[Neighbour], first: int, last: int) -> int:
    """The minutes from `first` up to `last` that something keeps, each once."""
    total, reached = 0, first
    for each in sorted(kept, key=_start):
        start, end = max(minute_of(each.start), reached), min(minute_of(each.end), last)
        total += max(end - start, 0)
        reached = max(reached, end)
    return total
