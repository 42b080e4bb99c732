from datetime import UTC, datetime, timedelta

import pytest

from openhour.adapters.wording import times
from openhour.adapters.wording.catalogue import catalogue

EN = catalogue("en")
FIFTY = timedelta(minutes=50)


def at(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "read"),
    [
        ("Europe/London", "Monday 8 March 2027, 09:00\u201309:50 (London time, Europe/London, UTC+0)"),
        ("America/New_York", "Monday 8 March 2027, 04:00\u201304:50 (New York time, America/New_York, UTC-5)"),
        ("Asia/Kolkata", "Monday 8 March 2027, 14:30\u201315:20 (Kolkata time, Asia/Kolkata, UTC+5:30)"),
        ("America/St_Johns", "Monday 8 March 2027, 05:30\u201306:20 (St Johns time, America/St_Johns, UTC-3:30)"),
        ("UTC", "Monday 8 March 2027, 09:00\u201309:50 (UTC, UTC+0)"),
        ("Etc/GMT+5", "Monday 8 March 2027, 04:00\u201304:50 (Etc/GMT+5, UTC-5)"),
    ],
)
def test_a_session_reads_in_the_readers_zone_which_is_named(zone: str, read: str) -> None:
    start = at(2027, 3, 8, 9)
    assert times.session(start, start + FIFTY, zone, EN) == read


def test_the_date_is_the_readers_own_beyond_the_date_line() -> None:
    assert times.brief(at(2027, 3, 8, 20), "Pacific/Auckland", EN) == "Tuesday 9 March 2027, 09:00"


def test_a_session_past_midnight_shows_both_dates() -> None:
    start = at(2027, 12, 31, 23, 30)
    read = times.session(start, start + FIFTY, "Europe/London", EN)
    assert read.startswith("Friday 31 December 2027, 23:30 to Saturday 1 January 2028, 00:20 (")


def test_a_session_in_which_the_clocks_go_back_shows_both_offsets() -> None:
    start = at(2027, 10, 31, 0, 30)
    read = times.session(start, start + FIFTY, "Europe/London", EN)
    assert (
        read
        == "Sunday 31 October 2027, 01:30\u201301:20 (London time, Europe/London, UTC+1 at the start, UTC+0 at the end)"
    )


def test_the_same_wall_time_before_and_after_the_clocks_go_back_is_told_apart() -> None:
    first, second = at(2027, 10, 31, 0, 30), at(2027, 10, 31, 1, 30)
    assert times.instant(first, "Europe/London", EN).endswith("01:30 (London time, Europe/London, UTC+1)")
    assert times.instant(second, "Europe/London", EN).endswith("01:30 (London time, Europe/London, UTC+0)")


@pytest.mark.parametrize(("hour", "read"), [(0, "12:05 AM"), (9, "9:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")])
def test_american_english_has_its_own_dates_and_clock(hour: int, read: str) -> None:
    when = at(2027, 3, 8, hour, 5)
    assert times.brief(when, "UTC", catalogue("en-US")) == f"Monday, March 8, 2027, {read}"


def test_two_zones_with_the_same_clock_count_as_the_same_only_while_they_have_it() -> None:
    winter, between = at(2027, 1, 8), at(2027, 3, 20)
    assert times.same_clock(winter, "Europe/London", "Europe/Lisbon")
    assert times.same_clock(winter, "America/New_York", "America/Havana")
    assert not times.same_clock(between, "Europe/London", "America/New_York")
