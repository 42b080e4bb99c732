from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from openhour.domain.ledger import instant_of, minute_of
from openhour.domain.schedule import Hours, Wanted, hours_of, instant, offered, starts, windows
from openhour.domain.values import Block, Forum, Location, Override, Provider, SelfSchedule, Service

LONDON, NEW_YORK, AUCKLAND = "Europe/London", "America/New_York", "Pacific/Auckland"
KATHMANDU, LORD_HOWE, NUUK, APIA = "Asia/Kathmandu", "Australia/Lord_Howe", "America/Nuuk", "Pacific/Apia"
EVERY_DAY = frozenset(range(1, 8))
WANTED = Wanted("session", "room", Forum.IN_PERSON)
SESSION = Service("session", "Session", duration=60, step=60)


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def block(
    hours: str,
    days: Iterable[int] = EVERY_DAY,
    location: str = "room",
    forums: Iterable[Forum] = (Forum.IN_PERSON,),
    services: Iterable[str] = ("session",),
) -> Block:
    start, end = hours.split("-")
    return Block(frozenset(days), clock(start), clock(end), location, frozenset(forums), frozenset(services))


def provider(
    *blocks: Block, overrides: Iterable[Override] = (), zone: str = LONDON, location_zone: str = ""
) -> Provider:
    return Provider(
        id="p",
        name="P",
        title="",
        email="",
        time_zone=zone,
        self_schedule=SelfSchedule.PUBLIC,
        services={"session": SESSION},
        locations={"room": Location("room", "Room", "", location_zone), "annex": Location("annex", "Annex", "", zone)},
        blocks=blocks,
        overrides=tuple(overrides),
    )


def hours(*texts: str, zone: str = LONDON, overrides: Iterable[Override] = ()) -> Hours:
    return hours_of(provider(*map(block, texts), overrides=overrides, zone=zone), WANTED)


def at(text: str, zone: str) -> int:
    return minute_of(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def utc(text: str) -> int:
    return minute_of(datetime.fromisoformat(text + "+00:00"))


def shown(minutes: Iterable[int], zone: str = "UTC") -> list[str]:
    return [instant_of(minute).astimezone(ZoneInfo(zone)).strftime("%d %H:%M") for minute in minutes]


def windows_on(day: date, open_hours: Hours) -> list[tuple[str, str]]:
    first, last = (instant(day + timedelta(days=days), 0, open_hours.zone) for days in (0, 1))
    return [tuple(shown(window)) for window in windows(open_hours, first, last)]


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        (LONDON, "2027-03-28 01:30", "2027-03-28 01:30"),  # skipped: half an hour into the gap is 02:30 BST
        (LONDON, "2027-03-28 02:00", "2027-03-28 01:00"),
        (LONDON, "2027-10-31 01:30", "2027-10-31 00:30"),  # twice: the first, still BST
        (LONDON, "2027-10-31 02:00", "2027-10-31 02:00"),
        (NEW_YORK, "2027-03-14 02:30", "2027-03-14 07:30"),  # RFC 5545's own example, in another year
        (NEW_YORK, "2027-11-07 01:30", "2027-11-07 05:30"),
        (AUCKLAND, "2027-09-26 02:15", "2027-09-25 14:15"),
        (AUCKLAND, "2027-04-04 02:15", "2027-04-03 13:15"),
        (KATHMANDU, "2027-06-01 09:00", "2027-06-01 03:15"),
        (LORD_HOWE, "2027-10-03 02:10", "2027-10-02 15:40"),  # the gap is 02:00 to 02:30
        (LORD_HOWE, "2027-04-04 01:45", "2027-04-03 14:45"),  # 01:30 to 02:00 comes twice
    ],
)
def test_a_local_time_moves_forward_by_the_gap_that_skips_it_and_is_its_first_occurrence_when_repeated(
    zone: str, local: str, expected: str
) -> None:
    day, time = local.split()
    assert instant(date.fromisoformat(day), clock(time), ZoneInfo(zone)) == utc(expected)


def test_24_00_is_the_next_midnight() -> None:
    assert instant(date(2027, 5, 31), 1440, ZoneInfo(LONDON)) == at("2027-06-01 00:00", LONDON)


@pytest.mark.parametrize(
    ("zone", "day", "lasts"),
    [
        (LONDON, date(2027, 3, 28), 5 * 60),
        (LONDON, date(2027, 10, 31), 7 * 60),
        (LONDON, date(2027, 6, 1), 6 * 60),
        (NEW_YORK, date(2027, 3, 14), 5 * 60),
        (NEW_YORK, date(2027, 11, 7), 7 * 60),
        (AUCKLAND, date(2027, 9, 26), 5 * 60),
        (AUCKLAND, date(2027, 4, 4), 7 * 60),
        (LORD_HOWE, date(2027, 10, 3), 5 * 60 + 30),
        (LORD_HOWE, date(2027, 4, 4), 6 * 60 + 30),
        (KATHMANDU, date(2027, 3, 28), 6 * 60),
    ],
)
def test_a_block_from_midnight_to_six_lasts_as_long_as_the_clock_change_leaves_it(
    zone: str, day: date, lasts: int
) -> None:
    night = hours("00:00-06:00", zone=zone)
    first = instant(day, 0, night.zone)
    (window,) = windows(night, first, first + 60)
    assert window == (first, first + lasts)
    assert starts(night, SESSION, first, first + 12 * 60) == [*range(first, first + lasts - 59, 60)]


def test_a_block_whose_end_overtakes_its_start_in_a_gap_is_dropped() -> None:
    assert windows_on(date(2027, 3, 28), hours("01:30-02:00")) == []


def test_a_block_inside_a_gap_moves_forward_with_both_ends() -> None:
    assert windows_on(date(2027, 3, 28), hours("01:10-01:50")) == [("28 01:10", "28 01:50")]


def test_a_gap_at_the_end_of_a_date_moves_its_hours_into_the_next() -> None:
    day = date(2027, 3, 27)  # 23:00 is followed by 00:00
    evening = hours("20:00-23:30", zone=NUUK)
    assert windows(evening, instant(day, 0, evening.zone), instant(day, 1440, evening.zone)) == [
        (utc("2027-03-27 22:00"), utc("2027-03-28 01:30"))
    ]


def test_the_hours_of_a_date_that_a_zone_left_out_move_to_the_next() -> None:
    day = date(2011, 12, 30)
    office = hours("09:00-12:00", zone=APIA)
    assert instant(day, 0, office.zone) == instant(day + timedelta(days=1), 0, office.zone)
    assert windows_on(date(2011, 12, 31), office) == [("30 19:00", "30 22:00")]


def test_blocks_that_touch_are_one_window() -> None:
    assert windows_on(date(2027, 6, 1), hours("09:00-12:00", "12:00-17:00")) == [("01 08:00", "01 16:00")]


def test_blocks_that_overlap_are_one_window() -> None:
    assert windows_on(date(2027, 6, 1), hours("11:00-17:00", "09:00-12:00", "10:00-11:00")) == [
        ("01 08:00", "01 16:00")
    ]


def test_blocks_a_minute_apart_are_two_windows() -> None:
    assert len(windows_on(date(2027, 6, 1), hours("09:00-12:00", "12:01-17:00"))) == 2


def test_a_night_from_22_to_24_and_0_to_2_is_one_window_over_midnight() -> None:
    night = hours("22:00-24:00", "00:00-02:00", zone=KATHMANDU)
    midnight = at("2027-06-02 00:00", KATHMANDU)
    assert windows(night, midnight, midnight + 1) == [(midnight - 120, midnight + 120)]


def test_the_grid_of_a_night_steps_from_its_beginning_on_the_evening_before() -> None:
    night = hours("22:10-24:00", "00:00-02:00")
    midnight = at("2027-06-02 00:00", LONDON)
    assert shown(starts(night, SESSION, midnight, midnight + 600), LONDON) == ["02 00:10"]


def test_a_session_fits_over_the_end_of_the_range_asked_for() -> None:
    morning = hours("09:00-12:00")
    first = at("2027-06-02 09:00", LONDON)
    assert starts(morning, SESSION, first, first + 1) == [first]


def test_the_last_start_of_a_window_ends_with_it() -> None:
    morning = hours("09:00-11:00")
    first = at("2027-06-02 00:00", LONDON)
    assert shown(starts(morning, SESSION, first, first + 1440), LONDON) == ["02 09:00", "02 10:00"]


def test_stepping_is_elapsed_time_across_a_clock_change() -> None:
    night = hours("00:00-04:00")
    first = at("2027-10-31 00:00", LONDON)
    assert shown(starts(night, SESSION, first, first + 600), LONDON) == [
        "31 00:00", "31 01:00", "31 01:00", "31 02:00", "31 03:00"
    ]  # fmt: skip


def test_days_are_iso_weekdays_in_the_locations_zone() -> None:
    monday = provider(block("09:00-10:00", days={1}), zone=LONDON, location_zone=AUCKLAND)
    first = utc("2027-06-05 00:00")
    assert windows(hours_of(monday, WANTED), first, first + 7 * 1440) == [
        (utc("2027-06-06 21:00"), utc("2027-06-06 22:00"))
    ]


def test_a_location_without_a_zone_has_its_providers() -> None:
    assert hours_of(provider(zone=KATHMANDU), WANTED).zone.key == KATHMANDU


def test_only_blocks_with_the_wanted_service_forum_and_location_count() -> None:
    other = [
        block("09:00-17:00", services={"other"}),
        block("09:00-17:00", forums={Forum.TELEHEALTH}),
        block("09:00-17:00", location="annex"),
    ]
    assert windows_on(date(2027, 6, 1), hours_of(provider(*other, block("07:00-08:00")), WANTED)) == [
        ("01 06:00", "01 07:00")
    ]


CHRISTMAS = date(2027, 12, 24)


def on_christmas(*overrides: Override) -> list[tuple[str, str]]:
    return windows_on(CHRISTMAS, hours("09:00-17:00", overrides=overrides))


def test_an_override_without_blocks_closes_its_date_and_no_other() -> None:
    closed = hours("09:00-17:00", overrides=[Override(CHRISTMAS)])
    assert windows_on(CHRISTMAS, closed) == []
    assert windows_on(CHRISTMAS + timedelta(days=1), closed) == [("25 09:00", "25 17:00")]


def test_an_override_replaces_the_blocks_of_its_date() -> None:
    assert on_christmas(Override(CHRISTMAS, (block("10:00-12:00", days=()),))) == [("24 10:00", "24 12:00")]


def test_an_override_of_another_location_leaves_this_one_alone() -> None:
    assert on_christmas(Override(CHRISTMAS, (), "annex")) == [("24 09:00", "24 17:00")]


def test_an_override_of_this_location_wins_over_one_of_all() -> None:
    here = Override(CHRISTMAS, (block("10:00-12:00"),), "room")
    assert (
        on_christmas(here, Override(CHRISTMAS)) == on_christmas(Override(CHRISTMAS), here) == [("24 10:00", "24 12:00")]
    )


def test_two_overrides_of_one_date_add_up() -> None:
    two = (Override(CHRISTMAS, (block("10:00-12:00"),)), Override(CHRISTMAS, (block("12:00-13:00"),)))
    assert on_christmas(*two) == [("24 10:00", "24 13:00")]


def test_an_override_that_offers_something_else_closes_this() -> None:
    assert on_christmas(Override(CHRISTMAS, (block("10:00-12:00", services={"other"}),))) == []


def test_a_combination_without_any_block_is_not_offered() -> None:
    assert not offered(provider(block("09:00-10:00", location="annex")), WANTED)
    assert not offered(provider(block("09:00-10:00", services={"gone"})), Wanted("gone", "room", Forum.IN_PERSON))
    assert not offered(provider(block("09:00-10:00", location="gone")), Wanted("session", "gone", Forum.IN_PERSON))
    assert offered(provider(overrides=[Override(CHRISTMAS, (block("09:00-10:00"),))]), WANTED)


FIFTY = Service("session", "Session", duration=50, step=50)


def test_after_a_closed_day_round_the_clock_hours_step_from_their_beginning_for_31_days() -> None:
    closed = date(2027, 6, 30)
    always = hours("00:00-24:00", overrides=[Override(closed)])
    begins = instant(date(2027, 7, 1), 0, always.zone)
    on_day_31 = instant(date(2027, 8, 1), 0, always.zone)
    found = starts(always, FIFTY, on_day_31, on_day_31 + 1440)
    assert found == [start for start in range(begins, on_day_31 + 1440, 50) if start >= on_day_31]


def test_hours_round_the_clock_step_from_every_midnight_after_31_days_without_a_break() -> None:
    always = hours("00:00-24:00", overrides=[Override(date(2027, 6, 30))])
    on_day_32 = instant(date(2027, 8, 2), 0, always.zone)
    found = starts(always, FIFTY, on_day_32, on_day_32 + 1440)
    assert found == [*range(on_day_32, on_day_32 + 1440, 50)]


def test_hours_that_never_begin_step_from_every_midnight_and_fit_over_it() -> None:
    always = hours("00:00-24:00")
    evening = at("2027-06-02 23:20", LONDON)
    assert shown(starts(always, FIFTY, evening, evening + 100), LONDON) == ["02 23:20", "03 00:00", "03 00:50"]


def test_a_midnight_inside_a_gap_still_has_the_grid_of_the_day_before_until_it_is_reached() -> None:
    always = hours("00:00-24:00", zone="America/Toronto")  # on 30 March 1919, 23:30 is followed by 00:30
    moved = minute_of(datetime(1919, 3, 31, 4, 30, tzinfo=UTC))
    quarter_hourly = Service("session", "Session", duration=15, step=20)
    found = starts(always, quarter_hourly, moved, moved + 60)
    assert shown(found) == ["31 04:40", "31 05:00", "31 05:20"]


def test_hours_that_a_gap_moves_over_midnight_can_begin_the_window_of_the_next_days() -> None:
    changed = date(2027, 3, 27)  # in Nuuk 23:00 is followed by 00:00
    days = [changed + timedelta(days=days) for days in range(4)]
    texts = ["23:00-23:30", "00:15-24:00", "00:00-24:00", "00:00-24:00"]
    chain = hours(zone=NUUK, overrides=[Override(day, (block(text),)) for day, text in zip(days, texts, strict=True)])
    first = instant(days[3], 0, chain.zone)
    assert windows(chain, first, first + 1) == [(utc("2027-03-28 01:00"), first + 1440)]


@pytest.mark.parametrize("year", [2026, 2031])
def test_no_zone_changes_its_clock_and_back_within_a_week(year: int) -> None:
    """What `_midnights` rests on when it looks at the offsets of a week's ends alone."""
    noons = [datetime.fromordinal(date(year, 1, 1).toordinal() + day) for day in range(366)]
    for name in available_timezones():
        zone = ZoneInfo(name)
        offsets = [zone.utcoffset(noon) for noon in noons]
        changes = [day for day, (before, after) in enumerate(pairwise(offsets)) if before != after]
        assert all(later - earlier > 7 for earlier, later in pairwise(changes)), name
