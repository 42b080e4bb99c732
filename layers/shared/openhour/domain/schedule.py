"""Opening hours: from wall-clock blocks and overrides to windows of instants, and the starts that step through them.

Instants are UTC epoch minutes, ranges are half open. Local times are those of the location's zone. A local time that
a clock change skips moves forward by the gap, one that occurs twice is its first occurrence (RFC 5545, section 3.3.5);
PEP 495 gives exactly that for `fold=0`, the default of `datetime`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from openhour.domain.values import MINUTES_PER_DAY, Block, Forum, Override, Provider, Service

DAY = timedelta(days=1)
LONGEST_GRID_DAYS = 31
"""A window that has been open for longer than this many days steps afresh from every local midnight.

Who is open round the clock has a window without a beginning. With this rule a start's place on the grid depends on
nothing but the opening hours of the 31 days before it, so never on the range that was asked for.
"""
_SURELY_ONE_GRID = (LONGEST_GRID_DAYS - 3) * MINUTES_PER_DAY  # however clock changes stretch or shrink the days
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks for: the ids of a service and of a location, and the forum."""

    service: str
    location: str
    forum: Forum


class Window(NamedTuple):
    """Opening hours without a break, from `start` up to, not including, `end` (UTC epoch minutes)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When one combination of service, location and forum is open: (start, end) minutes after local midnight.

    `weekly` is by ISO weekday (index 0 stays empty); a date in `overridden` has those hours instead.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[tuple[int, int], ...], ...]
    overridden: Mapping[date, tuple[tuple[int, int], ...]]

    def on(self, day: date) -> tuple[tuple[int, int], ...]:
        """The local hours of a local date."""
        hours = self.overridden.get(day)
        return self.weekly[day.isoweekday()] if hours is None else hours


@lru_cache(maxsize=4096)  # the providers of a practice open at the same few hours of the same days
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
    return window.start <= instant(begin + DAY, 0, hours.zone)


def _spans(hours: Hours, begin: date, end: date) -> list[Window]:
    """The hours of the dates from `begin` up to, not including, `end`. A clock change may leave some empty: dropped."""
    spans = []
    for days in range((end - begin).days):
        day = begin + days * DAY
        spans += [
            Window(instant(day, opens, hours.zone), instant(day, closes, hours.zone)) for opens, closes in hours.on(day)
        ]
    return [span for span in spans if span.start < span.end]


def _meeting(spans: Iterable[Window], first: int, last: int) -> list[Window]:
    return [window for window in _merged(spans) if window.end > first and window.start < last]


def _merged(spans: Iterable[Window]) -> list[Window]:
    """Spans that touch or overlap, as one window each."""
    merged: list[Window] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def starts(hours: Hours, service: Service, first: int, last: int) -> list[int]:
    """All starts s of a service on its grid with first <= s < last whose whole duration lies inside one window."""
    found: list[int] = []
    for window in windows(hours, first, last + service.duration):
        fits_before = min(last, window.end - service.duration + 1)
        for origin, begin, end in _grids(window, hours.zone, first, fits_before):
            steps = -((origin - max(begin, first)) // service.step)
            found.extend(range(origin + steps * service.step, min(end, fits_before), service.step))
    return found


def on_grid(hours: Hours, window: Window, service: Service, start: int) -> bool:
    """Whether a start inside a window, as `windows` gave it for this start, lies on the service's grid."""
    return any(
        (start - origin) % service.step == 0
        for origin, begin, end in _grids(window, hours.zone, start, start + 1)
        if begin <= start < end
    )


def _grids(window: Window, zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The parts (origin, begin, end) of a window that meet [first, last): starts step from the origin in each."""
    if last - window.start <= _SURELY_ONE_GRID:
        yield window.start, window.start, window.end
        return
    # Where a change repeats or skips midnight, an instant can lie outside of its date's midnights: begin a day early.
    day = date_at(max(window.start, first), zone) - DAY
    begin = instant(day, 0, zone)
    while begin < min(window.end, last):
        young = window.start >= instant(day - LONGEST_GRID_DAYS * DAY, 0, zone)
        day += DAY
        following = instant(day, 0, zone)
        yield window.start if young else begin, max(begin, window.start), min(following, window.end)
        begin = following
