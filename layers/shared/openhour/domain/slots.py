"""Slots: at which instants a service can be requested (FHIR Slot), and what stands against the others.

Pure functions of a provider's snapshot, of what keeps the provider's time, and of `now`. Instants are UTC epoch
minutes unless they are `datetime`, which must be aware; ranges are half open.

What keeps time is passed in: `entries`, the live entries of the day ledgers (`Days.live_entries`), and `external`,
(start, end) pairs of busy times in other calendars. They must reach a day beyond the range asked for, on both sides:
a session, its buffers and the local date that a daily limit counts by can lie across its edges.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, reduce
from heapq import nsmallest
from itertools import chain, compress
from operator import or_
from zoneinfo import ZoneInfo

from openhour.domain.ledger import Entry
from openhour.domain.schedule import DAY, Wanted, date_at, hours_of, offered, on_grid, runs_of_starts, windows
from openhour.domain.values import MINUTES_PER_DAY, Provider, Service

__all__ = [
    "Case",
    "FreeOfAll",
    "Verdict",
    "Wanted",
    "conflicts",
    "free_starts",
    "free_starts_of_all",
    "judge",
    "local_date",
    "nearest",
    "rfc3339",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_BLANKS = 64
_BLANK = tuple(bytearray(length) for length in range(_BLANKS))
"""Cleared flags: a slice takes an existing bytearray several times faster than it takes new bytes."""


class Verdict(StrEnum):
    """What `judge` says of a start, in the order in which it looks: the first that applies is the verdict."""

    NOT_OFFERED = "not_offered"
    TOO_SOON = "too_soon"
    BEYOND_HORIZON = "beyond_horizon"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    TAKEN = "taken"
    DAY_FULL = "day_full"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Case:
    """One combination of one provider, with what keeps that provider's time."""

    provider: Provider
    wanted: Wanted
    entries: Sequence[Entry]
    external: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class FreeOfAll:
    """The free starts of several cases: `union`, sorted and without repetition, and on request each provider's."""

    union: list[int]
    _axis: Sequence[int] = ()
    _flags: tuple[tuple[str, bytearray], ...] = ()

    def by_provider(self) -> dict[str, list[int]]:
        """The sorted free starts of every provider that offers what was wanted, by the provider's id."""
        gathered = defaultdict(list)
        for provider, flags in self._flags:
            gathered[provider].append(flags)
        return {provider: _chosen(self._axis, several) for provider, several in gathered.items()}


def free_starts(
    provider: Provider,
    wanted: Wanted,
    entries: Iterable[Entry],
    external: Iterable[tuple[int, int]],
    now: datetime,
    first: int,
    last: int,
) -> list[int]:
    """All starts s with first <= s < last at which the service can be requested, sorted; none where not offered."""
    return free_starts_of_all([Case(provider, wanted, list(entries), list(external))], now, first, last).union


def free_starts_of_all(cases: Sequence[Case], now: datetime, first: int, last: int) -> FreeOfAll:
    """The same over several cases, of one provider or of many.

    Compiled opening hours are kept per version of the providers and range; a provider whose `version` is empty is
    compiled every time.
    """
    known = [case for case in cases if case.wanted.service in case.provider.services]
    bounds = [_bounds_of(case.provider, _service(case), now) for case in known]
    # Notice and horizon narrow what is compiled; by whole days, so that it stays the same while `now` moves on.
    first = max(first, min((bound.earliest for bound in bounds), default=last) // MINUTES_PER_DAY * MINUTES_PER_DAY)
    last = min(last, max((bound.end for bound in bounds), default=first))
    if first >= last:
        return FreeOfAll([])
    return _lookup(known, bounds, _plan(known, first, last))


def judge(
    provider: Provider,
    wanted: Wanted,
    start: int,
    entries: Iterable[Entry],
    external: Iterable[tuple[int, int]],
    now: datetime,
) -> Verdict:
    """Whether the service can be requested at `start`, or the first reason why not.

    FREE exactly when `free_starts` over any range that contains `start` contains it too.
    """
    service = provider.services.get(wanted.service)
    if service is None or not offered(provider, wanted):
        return Verdict.NOT_OFFERED
    bounds = _bounds_of(provider, service, now)
    if start < bounds.earliest:
        return Verdict.TOO_SOON
    if bounds.beyond(start):
        return Verdict.BEYOND_HORIZON
    return _by_hours(provider, wanted, service, start) or _by_entries(provider, service, start, list(entries), external)


def _by_hours(provider: Provider, wanted: Wanted, service: Service, start: int) -> Verdict | None:
    hours, end = hours_of(provider, wanted), start + service.duration
    for window in windows(hours, start, end):
        if window[0] <= start and end <= window[1]:
            return None if on_grid(hours, window, service, start) else Verdict.OFF_GRID
    return Verdict.OUTSIDE_HOURS


def _by_entries(
    provider: Provider, service: Service, start: int, entries: Sequence[Entry], external: Iterable[tuple[int, int]]
) -> Verdict:
    if conflicts(start, start + service.duration, service.buffer_before, service.buffer_after, entries, external):
        return Verdict.TAKEN
    day = local_date(provider, start).isoformat()
    full = _limit_reached(provider, service, (entry for entry in entries if entry.local_date == day))
    return Verdict.DAY_FULL if full else Verdict.FREE


def conflicts(
    start: int,
    end: int,
    buffer_before: int,
    buffer_after: int,
    entries: Iterable[Entry],
    external: Iterable[tuple[int, int]],
) -> bool:
    """Whether [start, end) with these buffers comes too close to what keeps time. Looks at no hours and no limits."""
    kept = _kept_from(end - start, buffer_before, buffer_after, entries, external)
    return any(first <= start < last for first, last in kept)


def local_date(provider: Provider, start: int) -> date:
    """The date of a start in the provider's zone: horizon and daily limits go by it."""
    return date_at(start, ZoneInfo(provider.time_zone))


def nearest(starts: Sequence[int], wanted_start: int, count: int = 5) -> list[int]:
    """The `count` starts closest to the wanted one, the earlier of two equally close; in order of time."""
    return sorted(nsmallest(count, starts, key=lambda start: (abs(start - wanted_start), start)))


def rfc3339(minute: int) -> str:
    """An epoch minute as RFC 3339 text in UTC: `2027-03-28T01:00:00Z`."""
    day, minute_of_day = divmod(minute, MINUTES_PER_DAY)
    return _date_text(day) + _time_text(minute_of_day)


@lru_cache(maxsize=512)
def _date_text(day: int) -> str:
    return (_EPOCH + day * DAY).date().isoformat()


@lru_cache(maxsize=MINUTES_PER_DAY)
def _time_text(minute: int) -> str:
    return f"T{minute // 60:02}:{minute % 60:02}:00Z"


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Which starts notice and horizon allow: from `earliest` on, and up to the provider's local date `last_date`.

    Up to `sure` a start is certainly not after `last_date`, from `end` on it certainly is.
    """

    earliest: int
    last_date: date
    sure: int
    end: int
    zone: ZoneInfo

    def beyond(self, start: int) -> bool:
        """Whether the start's local date is after `last_date`."""
        return start >= self.end or (start >= self.sure and date_at(start, self.zone) > self.last_date)


def _bounds_of(provider: Provider, service: Service, now: datetime) -> _Bounds:
    notice = max(service.min_notice, provider.rules.answer_lead + provider.rules.answer_time)
    return _bounds_at(provider.time_zone, notice, service.horizon_days, now)


@lru_cache(maxsize=16)  # within one lookup most providers have the same
def _bounds_at(time_zone: str, notice: int, horizon_days: int, now: datetime) -> _Bounds:
    zone = ZoneInfo(time_zone)
    this_minute = -((_EPOCH - now) // _MINUTE)  # rounded up: a start at now + notice, to the second, is in time
    last_date = now.astimezone(zone).date() + timedelta(days=horizon_days)
    return _Bounds(this_minute + notice, last_date, *_midnight(last_date + DAY, zone), zone)


@lru_cache(maxsize=1024)
def _midnight(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Two instants: before the first it is not yet this local date, from the second on no longer an earlier one.

    They differ where a clock change repeats or skips midnight.
    """
    readings = (datetime(day.year, day.month, day.day, tzinfo=zone, fold=fold) for fold in (0, 1))
    first, second = sorted(int(reading.timestamp()) // 60 for reading in readings)
    return first, second


@dataclass(frozen=True, slots=True)
class _Part:
    """The combination a case asks for. Equal to that of any case with the provider in the same version."""

    provider_id: str
    version: str
    wanted: Wanted
    provider: Provider = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The starts that opening hours allow: of all parts on one sorted axis, and of each as flags on it, a byte each."""

    axis: list[int]
    open_flags: tuple[bytes, ...]


def _plan(cases: Sequence[Case], first: int, last: int) -> _Plan:
    parts = tuple(_Part(case.provider.id, case.provider.version, case.wanted, case.provider) for case in cases)
    if all(part.version for part in parts):
        return _compiled(parts, first, last)
    return _compile(parts, first, last)


def _compile(parts: tuple[_Part, ...], first: int, last: int) -> _Plan:
    openings = [_open_starts(part, first, last) for part in parts]
    if len(openings) == 1:
        axis = list(chain.from_iterable(openings[0]))
        return _Plan(axis, (b"\x01" * len(axis),))
    axis = sorted(set(chain.from_iterable(set(chain.from_iterable(openings)))))
    return _Plan(axis, tuple(_flags_of(opening, axis) for opening in openings))


_compiled = lru_cache(maxsize=64)(_compile)


def _open_starts(part: _Part, first: int, last: int) -> list[range]:
    if part.wanted.location not in part.provider.locations:
        return []
    service = part.provider.services[part.wanted.service]
    return runs_of_starts(hours_of(part.provider, part.wanted), service, first, last)


def _flags_of(opening: Sequence[range], axis: list[int]) -> bytes:
    flags = bytearray(len(axis))
    for run in opening:
        low = bisect_left(axis, run[0]) if run else 0
        high = low + len(run)
        if run and axis[high - 1] == run[-1]:  # nobody else starts in between
            flags[low:high] = b"\x01" * len(run)
        else:
            for start in run:
                flags[bisect_left(axis, start)] = 1
    return bytes(flags)


def _lookup(cases: Sequence[Case], bounds: Sequence[_Bounds], plan: _Plan) -> FreeOfAll:
    flags = [
        _free_flags(case, bound, plan.axis, open_flags)
        for case, bound, open_flags in zip(cases, bounds, plan.open_flags, strict=True)
    ]
    providers = (case.provider.id for case in cases)
    return FreeOfAll(_chosen(plan.axis, flags), plan.axis, tuple(zip(providers, flags, strict=True)))


def _chosen(axis: Sequence[int], several: Sequence[bytearray]) -> list[int]:
    """The starts that are flagged in any of several."""
    if len(several) == 1:
        return list(compress(axis, several[0]))
    union = reduce(or_, map(int.from_bytes, several), 0)
    return list(compress(axis, union.to_bytes(len(axis))))


def _free_flags(case: Case, bounds: _Bounds, axis: list[int], open_flags: bytes) -> bytearray:
    flags, service = bytearray(open_flags), _service(case)
    if not axis or 0 in (service.max_per_day, case.provider.max_per_day):
        return bytearray(len(axis))
    _clear(flags, axis, [(axis[0], bounds.earliest)])
    if axis[-1] >= bounds.sure:
        _clear_dates(flags, axis, bounds.zone, bounds.last_date + DAY, date_at(axis[-1], bounds.zone) + 2 * DAY)
    buffers = service.buffer_before, service.buffer_after
    _clear(flags, axis, _kept_from(service.duration, *buffers, case.entries, case.external))
    for day in _full_dates(case.provider, service, case.entries):
        _clear_dates(flags, axis, bounds.zone, day, day + DAY)
    return flags


def _clear(flags: bytearray, axis: list[int], ranges: Iterable[tuple[int, int]]) -> None:
    """Clear the flags of the starts that lie in any of the half-open ranges."""
    for first, last in ranges:
        low = bisect_left(axis, first)
        high = bisect_left(axis, last, low)
        if low < high:
            length = high - low
            flags[low:high] = _BLANK[length] if length < _BLANKS else bytearray(length)


def _clear_dates(flags: bytearray, axis: list[int], zone: ZoneInfo, first: date, last: date) -> None:
    """Clear the starts whose local date is in [first, last); one by one where a change leaves the date in doubt."""
    doubtful, sure = _midnight(first, zone)
    sure_end, doubtful_end = _midnight(last, zone)
    _clear(flags, axis, [(sure, sure_end)])
    for begin, end in ((doubtful, sure), (sure_end, doubtful_end)):
        for index in range(bisect_left(axis, begin), bisect_left(axis, end)):
            if first <= date_at(axis[index], zone) < last:
                flags[index] = 0


def _kept_from(
    duration: int,
    buffer_before: int,
    buffer_after: int,
    entries: Iterable[Entry],
    external: Iterable[tuple[int, int]],
) -> list[tuple[int, int]]:
    """The half-open ranges of starts that what keeps time rules out for a session of this duration and buffers.

    Between two appointments lies the larger of the first one's buffer after and the second one's buffer before;
    towards external busy times the session keeps its own buffers.
    """
    by_entries = [
        (
            # Written out: calling max() would cost a tenth of a lookup.
            entry.start - (gap if (gap := entry.buffer_before) > buffer_after else buffer_after) - duration + 1,
            entry.end + (gap if (gap := entry.buffer_after) > buffer_before else buffer_before),
        )
        for entry in entries
    ]
    by_others = [(start - buffer_after - duration + 1, end + buffer_before) for start, end in external if start < end]
    return by_entries + by_others


def _full_dates(provider: Provider, service: Service, entries: Sequence[Entry]) -> list[date]:
    """The local dates on which a daily limit above 0 is reached."""
    if provider.max_per_day is None and service.max_per_day is None:
        return []
    by_date = defaultdict(list)
    for entry in entries:
        by_date[entry.local_date].append(entry)
    return [date.fromisoformat(day) for day, its_own in by_date.items() if _limit_reached(provider, service, its_own)]


def _limit_reached(provider: Provider, service: Service, on_date: Iterable[Entry]) -> bool:
    """Whether the entries of one local date fill it.

    A request counts once, however many times are held for it, and once with the one it replaces.
    """
    all_requests = {entry.replaces or entry.request: entry.service for entry in on_date}
    of_service = sum(wanted == service.id for wanted in all_requests.values())
    counts = ((len(all_requests), provider.max_per_day), (of_service, service.max_per_day))
    return any(limit is not None and count >= limit for count, limit in counts)


def _service(case: Case) -> Service:
    return case.provider.services[case.wanted.service]
