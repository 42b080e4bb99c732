"""What lies around a request on its provider's day."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openhour.domain.booking import day_of, entries_of
from openhour.domain.ledger import DayLedger, Days, Entry, minute_of
from openhour.domain.neighbours import Neighbour, Neighbours, dates_around, neighbours
from openhour.domain.requests import ProviderCard, Request
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, Location
from tests.builders import LONDON, NOW, START, at, request

ANNEX = Location("annex", "Annex", "Old Mill 3", "Europe/London")
PLACES = {LONDON.id: LONDON, ANNEX.id: ANNEX}


def days_of(*requests: Request, external: tuple[tuple[int, int], ...] = ()) -> Days:
    """The ledgers that hold the times of these requests."""
    entries = [entry for each in requests for entry in entries_of(each)]
    dates = {day_of(entry) for entry in entries}
    ledgers = {day: DayLedger(day, 1, {entry.id: entry for entry in entries if day_of(entry) == day}) for day in dates}
    return Days(ledgers, external)


def other(letter: str, start: datetime, **changes: object) -> Request:
    """Somebody else's confirmed appointment."""
    return request(id=letter * 26, start=start, **({"status": Status.CONFIRMED, "deadline": None} | changes))


def test_the_neighbours_are_the_end_of_what_is_before_and_the_start_of_what_is_after_with_their_places() -> None:
    days = days_of(
        request(),
        other("a", at(8, 7)),
        other("b", at(8, 8), location=ANNEX),
        other("c", at(8, 11), forum=Forum.TELEHEALTH, status=Status.PENDING, deadline=NOW + timedelta(hours=1)),
        other("d", at(8, 14)),
        other("e", at(9, 9)),
    )
    found = neighbours(request(), days, PLACES, NOW)
    assert found.before == Neighbour(at(8, 8), at(8, 8, 50), ANNEX, Forum.IN_PERSON)
    assert found.after == Neighbour(at(8, 11), at(8, 11, 50), LONDON, Forum.TELEHEALTH, held=True)
    assert (found.booked, found.held, found.minutes) == (3, 1, 200)


def test_an_empty_day_has_none() -> None:
    assert (
        neighbours(request(), days_of(request(), other("e", at(9, 9)), other("f", at(7, 9))), PLACES, NOW)
        == Neighbours()
    )


def test_a_hold_that_has_lapsed_and_the_appointment_that_would_be_replaced_are_no_neighbours() -> None:
    moving = request(replaces="a" * 26, replaces_start=at(8, 8))
    days = days_of(moving, other("a", at(8, 8)), other("b", at(8, 11), status=Status.PENDING, deadline=NOW))
    assert neighbours(moving, days, PLACES, NOW) == Neighbours()


def test_times_that_are_held_for_one_request_count_once_and_so_does_a_move() -> None:
    offered = other("a", at(8, 8), status=Status.OFFERED, offered=(at(8, 12), at(8, 14)), deadline=START)
    moving = other("b", at(8, 16), status=Status.PENDING, deadline=START, replaces="c" * 26)
    found = neighbours(request(), days_of(offered, moving, other("c", at(8, 7))), PLACES, NOW)
    assert (found.booked, found.held) == (1, 1)


def test_a_busy_time_of_another_calendar_is_a_neighbour_without_a_place() -> None:
    busy = (minute_of(at(8, 9, 50)), minute_of(at(8, 10, 30)))
    found = neighbours(request(), days_of(request(), external=(busy,)), PLACES, NOW)
    assert found == Neighbours(after=Neighbour(at(8, 9, 50), at(8, 10, 30)), minutes=40)


def test_an_entry_from_before_ledgers_said_where_is_a_neighbour_without_a_place() -> None:
    (entry,) = (replace(each, location=None, forum=None) for each in entries_of(other("a", at(8, 8))))
    days = Days({day_of(entry): DayLedger(day_of(entry), 1, {entry.id: entry})})
    assert neighbours(request(), days, PLACES, NOW).before == Neighbour(at(8, 8), at(8, 8, 50))


# The same of generated days, against a walk over their minutes.

CHANGES = [
    ("Europe/London", date(2027, 3, 28)), ("Europe/London", date(2027, 10, 31)), ("Europe/Berlin", date(2027, 6, 1)),
    ("America/Havana", date(2027, 3, 14)), ("Pacific/Auckland", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Pacific/Kiritimati", date(2027, 1, 1)), ("Pacific/Niue", date(2027, 1, 1)),
]  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A request, and what keeps time around it."""

    asked: Request
    entries: tuple[Entry, ...]
    external: tuple[tuple[int, int], ...]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.asked.provider.time_zone)

    def days(self) -> Days:
        first, last = dates_around(self.asked)
        dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        by_date = {day: {each.id: each for each in self.entries if day_of(each) == day} for day in dates}
        return Days({day: DayLedger(day, 1, entries) for day, entries in by_date.items()}, self.external)

    def is_today(self, minute: int) -> bool:
        instant = datetime.fromtimestamp(minute * 60, UTC)
        return instant.astimezone(self.zone).date() == self.asked.start.astimezone(self.zone).date()

    def walked(self) -> tuple[int | None, int | None, int]:
        """The end of what is before, the start of what is after, and the minutes taken: minute by minute."""
        own = {self.asked.id, self.asked.replaces}
        alive = [each for each in self.entries if each.request not in own and each.live(int(self.now.timestamp()))]
        ranges = [*((each.start, each.end) for each in alive), *self.external]
        asked = minute_of(self.asked.start)
        taken = [
            m for m in range(asked - 1600, asked + 1600) if self.is_today(m) and any(a <= m < b for a, b in ranges)
        ]
        today = [(a, b) for a, b in ranges if any(a <= minute < b for minute in taken)]
        ends, starts = [b for a, b in today if a < asked], [a for a, _ in today if a >= asked]
        return max(ends, default=None), min(starts, default=None), len(taken)


@st.composite
def generated_days(draw: st.DrawFn) -> Day:
    zone, change = draw(st.sampled_from(CHANGES))
    midnight = minute_of(datetime.combine(change, datetime.min.time(), ZoneInfo(zone)))
    minutes = st.integers(-1440, 2 * 1440).map(lambda offset: midnight + offset)
    now = datetime.fromtimestamp(midnight * 60, UTC) - timedelta(days=2)
    card = ProviderCard("maya-okafor", "Dr Maya Okafor", zone)
    start = datetime.fromtimestamp((midnight + draw(st.integers(0, 1400))) * 60, UTC)
    asked = request(provider=card, start=start, replaces=draw(st.sampled_from([None, "a"])))
    entries = []
    for number in range(draw(st.integers(0, 6))):
        first, held = draw(minutes), draw(st.booleans())
        status = Status.PENDING if held else Status.CONFIRMED
        deadline = now + timedelta(minutes=draw(st.sampled_from([-1, 0, 1]))) if held else None
        kept = request(
            id="abcdef"[number],
            provider=card,
            start=datetime.fromtimestamp(first * 60, UTC),
            status=status,
            deadline=deadline,
            location=draw(st.sampled_from([LONDON, ANNEX])),
            forum=draw(st.sampled_from(list(Forum))),
        )
        entries += entries_of(kept)
    lengths = st.integers(1, 300)
    external = tuple((first, first + draw(lengths)) for first in draw(st.lists(minutes, max_size=2)))
    return Day(asked, tuple(entries), external, now)


@settings(max_examples=150, deadline=None)
@given(generated_days())
def test_neighbours_are_what_a_walk_over_the_ledgers_minutes_finds(day: Day) -> None:
    found = neighbours(day.asked, day.days(), PLACES, day.now)
    before = None if found.before is None else minute_of(found.before.end)
    after = None if found.after is None else minute_of(found.after.start)
    assert (before, after, found.minutes) == day.walked()
    known = {(each.start, each.end, each.location, each.forum, each.deadline is not None) for each in day.entries}
    for each in filter(None, (found.before, found.after)):
        kept = (minute_of(each.start), minute_of(each.end))
        assert (*kept, each.location and each.location.id, each.forum, each.held) in known or (
            each.forum is None and kept in day.external
        )


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "Europe/London"])
def test_three_ledgers_hold_a_whole_local_day(zone: str) -> None:
    asked = request(provider=ProviderCard("maya-okafor", "", zone))
    first, last = dates_around(asked)
    local = asked.start.astimezone(ZoneInfo(zone)).date()
    midnights = [datetime.combine(local + timedelta(days=days), datetime.min.time(), ZoneInfo(zone)) for days in (0, 1)]
    assert first <= midnights[0].astimezone(UTC).date()
    assert midnights[1].astimezone(UTC).date() <= last
