"""Opening hours: from wall-clock blocks and overrides to windows of instants, and the starts that step through them.

Instants are UTC epoch minutes, ranges are half open. Local times are those of the location's zone. A local time that
a clock change skips moves forward by the gap, one that occurs twice is its first occurrence (RFC 5545, section 3.3.5);
PEP 495 gives exactly that for `fold=0`, the default of `datetime`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, cycle, islice, pairwise
from zoneinfo import ZoneInfo

from openhour.domain.values import MINUTES_PER_DAY, Block, Forum, Override, Provider, Service

DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NOTHING = timedelta()
LONGEST_GRID_DAYS = 31
"""A window that has been open for longer than this many days steps afresh from every local midnight.

Who is open round the clock has a window without a beginning. With this rule a start's place on the grid depends on
nothing but the opening hours of the 31 days before it, so never on the range that was asked for.
"""
_SURELY_ONE_GRID = (LONGEST_GRID_DAYS - 3) * MINUTES_PER_DAY  # however clock changes stretch or shrink the days
_WEEK = 7
_EPOCH_DAY = date(1970, 1, 1).toordinal()

type Window = tuple[int, int]
"""Opening hours without a break, from the first up to, not including, the second (UTC epoch minutes)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks for: the ids of a service and of a location, and the forum."""

    service: str
    location: str
    forum: Forum


@dataclass(frozen=True, slots=True)
class Hours:
    """When one combination of service, location and forum is open: (start, end) minutes after local midnight.

    `weekly` is by ISO weekday (index 0 stays empty); a date in `overridden` has those hours instead.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    overridden: Mapping[date, tuple[tuple[int, int], ...]]

    def by_date(self, begin: date, end: date) -> list[tuple[tuple[int, int], ...]]:
        """The local hours of each local date from `begin` up to, not including, `end`."""
        first = begin.isoweekday()
        week = self.weekly[first:] + self.weekly[1:first]
        hours = list(islice(cycle(week), (end - begin).days))
        for day, others in self.overridden.items():
            if begin <= day < end:
                hours[(day - begin).days] = others
        return hours


def instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The epoch minute of a local time, 0 to 1440 minutes after midnight on the wall clock (1440 is `24:00`)."""
    if minute == MINUTES_PER_DAY:
        day, minute = day + DAY, 0
    hour, minute = divmod(minute, 60)
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp()) // 60


def date_at(minute: int, zone: ZoneInfo) -> date:
    """The local date at an epoch minute."""
    return datetime.fromtimestamp(minute * 60, zone).date()


def offered(provider: Provider, wanted: Wanted) -> bool:
    """Whether any block, weekly or of an override, offers this combination, whatever the date."""
    known = wanted.service in provider.services and wanted.location in provider.locations
    blocks = (*provider.blocks, *(block for override in provider.overrides for block in override.blocks))
    return known and any(_offers(block, wanted) for block in blocks)


def hours_of(provider: Provider, wanted: Wanted) -> Hours:
    """The opening hours of a combination whose location the provider has.

    Overrides of the wanted location win over those of all locations on the same date.
    """
    everywhere = _by_date((o for o in provider.overrides if o.location is None), wanted)
    here = _by_date((o for o in provider.overrides if o.location == wanted.location), wanted)
    blocks = [block for block in provider.blocks if _offers(block, wanted)]
    weekly = tuple(tuple((b.start, b.end) for b in blocks if weekday in b.days) for weekday in range(_WEEK + 1))
    zone = provider.locations[wanted.location].time_zone or provider.time_zone
    return Hours(ZoneInfo(zone), weekly, everywhere | here)


def _offers(block: Block, wanted: Wanted) -> bool:
    return block.location == wanted.location and wanted.forum in block.forums and wanted.service in block.services


def _by_date(overrides: Iterable[Override], wanted: Wanted) -> dict[date, tuple[tuple[int, int], ...]]:
    hours: dict[date, tuple[tuple[int, int], ...]] = {}
    for override in overrides:
        opened = tuple((block.start, block.end) for block in override.blocks if _offers(block, wanted))
        hours[override.date] = hours.get(override.date, ()) + opened
    return hours


def windows(hours: Hours, first: int, last: int) -> list[Window]:
    """The windows that meet [first, last), in order, whole rather than cut to it.

    A window's start is exact if it lies within the `LONGEST_GRID_DAYS` days before `first`, else it lies somewhere
    before those. An end is exact up to `last`, and beyond it when it lies there.
    """
    asked = date_at(first, hours.zone)
    # Where a change skips local midnight, a date's hours can move into the next date: one day more on both sides.
    begin, end = asked - 2 * DAY, date_at(last, hours.zone) + 2 * DAY
    spans = _spans(hours, begin, end)
    found = _meeting(spans, first, last)
    while found and asked - begin <= (LONGEST_GRID_DAYS + 2) * DAY and _may_begin_before(found[0], begin, hours):
        spans += _spans(hours, begin - _WEEK * DAY, begin)
        begin -= _WEEK * DAY
        found = _meeting(spans, first, last)
    return found


def _may_begin_before(window: Window, begin: date, hours: Hours) -> bool:
    """Whether hours of a date before `begin` could touch the window; one day more for those moved by a gap."""
    return window[0] <= instant(begin + DAY, 0, hours.zone)


def _spans(hours: Hours, begin: date, end: date) -> list[Window]:
    """The hours of the dates from `begin` up to, not including, `end`. A clock change may leave some empty: dropped."""
    spans: list[Window] = []
    midnights = _midnights(begin.toordinal(), (end - begin).days, hours.zone)
    for days, (midnight, on_date) in enumerate(zip(midnights, hours.by_date(begin, end), strict=True)):
        if midnight is not None:
            spans += [(midnight + opens, midnight + closes) for opens, closes in on_date]
        elif on_date:
            spans += _through_a_change(begin + days * DAY, on_date, hours.zone)
    return spans


@lru_cache(maxsize=64)  # the providers of a practice share few zones
def _midnights(first: int, days: int, zone: ZoneInfo) -> list[int | None]:
    """The epoch minute of each local midnight of `days` dates from an ordinal on; None on a date with a clock change.

    On the others a minute of the wall clock is a minute of elapsed time, up to and including the next midnight.
    """
    found: list[int | None] = []
    for ordinal in range(first, first + days, _WEEK):
        length = min(_WEEK, first + days - ordinal)
        offset = _offset(ordinal, zone)
        if offset == _offset(ordinal + length, zone):  # no zone changes its clock and back within a week
            begin = _elapsed(ordinal, offset)
            found += range(begin, begin + length * MINUTES_PER_DAY, MINUTES_PER_DAY)
        else:
            found += _midnights_one_by_one(ordinal, length, zone)
    return found


def _midnights_one_by_one(first: int, days: int, zone: ZoneInfo) -> Iterator[int | None]:
    offsets = [_offset(ordinal, zone) for ordinal in range(first, first + days + 1)]
    for ordinal, (offset, following) in enumerate(pairwise(offsets), start=first):
        yield _elapsed(ordinal, offset) if offset == following else None


def _offset(ordinal: int, zone: ZoneInfo) -> timedelta:
    """What the wall clock is ahead of UTC at the local midnight of an ordinal."""
    return zone.utcoffset(datetime.fromordinal(ordinal)) or _NOTHING


def _elapsed(ordinal: int, offset: timedelta) -> int:
    return (ordinal - _EPOCH_DAY) * MINUTES_PER_DAY + -offset // _MINUTE


def _through_a_change(day: date, on_date: Iterable[tuple[int, int]], zone: ZoneInfo) -> list[Window]:
    """The hours of a date with a clock change; those that it leaves empty are dropped."""
    spans = [(instant(day, opens, zone), instant(day, closes, zone)) for opens, closes in on_date]
    return [(start, end) for start, end in spans if start < end]


def _meeting(spans: Iterable[Window], first: int, last: int) -> list[Window]:
    return [(start, end) for start, end in _merged(spans) if end > first and start < last]


def _merged(spans: Iterable[Window]) -> list[Window]:
    """Spans that touch or overlap, as one each."""
    merged: list[Window] = []
    latest = None
    for start, end in sorted(spans):
        if latest is not None and start <= latest:
            if end > latest:
                merged[-1], latest = (merged[-1][0], end), end
        else:
            merged.append((start, end))
            latest = end
    return merged


def starts(hours: Hours, service: Service, first: int, last: int) -> list[int]:
    """All starts s of a service on its grid with first <= s < last whose whole duration lies inside one window."""
    return list(chain.from_iterable(runs_of_starts(hours, service, first, last)))


def runs_of_starts(hours: Hours, service: Service, first: int, last: int) -> list[range]:
    """The same as runs, in order: the starts of one window, or of one date of a window that is open for very long."""
    found: list[range] = []
    for window in windows(hours, first, last + service.duration):
        start, end = window
        fits_before = min(last, end - service.duration + 1)
        if first <= start and fits_before - start <= _SURELY_ONE_GRID:
            found.append(range(start, fits_before, service.step))
        else:
            found += _runs_within(window, hours.zone, service.step, first, fits_before)
    return found


def _runs_within(window: Window, zone: ZoneInfo, step: int, first: int, last: int) -> Iterator[range]:
    for origin, begin, end in _grids(window, zone, first, last):
        steps = -((origin - max(begin, first)) // step)
        yield range(origin + steps * step, min(end, last), step)


def on_grid(hours: Hours, window: Window, service: Service, start: int) -> bool:
    """Whether a start inside a window, as `windows` gave it for this start, lies on the service's grid."""
    return any(
        (start - origin) % service.step == 0
        for origin, begin, end in _grids(window, hours.zone, start, start + 1)
        if begin <= start < end
    )


def _grids(window: Window, zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The parts (origin, begin, end) of a window that meet [first, last): starts step from the origin in each."""
    start, end = window
    if last - start <= _SURELY_ONE_GRID:
        yield start, start, end
        return
    # Where a change repeats or skips midnight, an instant can lie outside of its date's midnights: begin a day early.
    day = date_at(max(start, first), zone) - DAY
    begin = instant(day, 0, zone)
    while begin < min(end, last):
        young = start >= instant(day - LONGEST_GRID_DAYS * DAY, 0, zone)
        day += DAY
        following = instant(day, 0, zone)
        yield start if young else begin, max(begin, start), min(following, end)
        begin = following
