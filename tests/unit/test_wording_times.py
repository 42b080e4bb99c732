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


@pytest.mark.parametrize(
    ("language", "session", "instant"),
    [
        (
            "de",
            "Montag, 8. März 2027, 09:00\u201309:50 Uhr (Zeitzone Europe/London, UTC+0)",
            "Montag, 8. März 2027, 09:00 Uhr",
        ),
        (
            "fr",
            "lundi 8 mars 2027, de 09:00 à 09:50 (fuseau horaire Europe/London, UTC+0)",
            "lundi 8 mars 2027 à 09:00",
        ),
        (
            "es",
            "lunes 8 de marzo de 2027, 9:00\u20139:50 (zona horaria Europe/London, UTC+0)",
            "lunes 8 de marzo de 2027, 9:00",
        ),
        (
            "es-US",
            "lunes 8 de marzo de 2027, 9:00 a. m.\u20139:50 a. m. (zona horaria Europe/London, UTC+0)",
            "lunes 8 de marzo de 2027, 9:00 a. m.",
        ),
    ],
)
def test_each_language_writes_dates_and_times_as_it_does(language: str, session: str, instant: str) -> None:
    start, words = at(2027, 3, 8, 9), catalogue(language)
    assert times.session(start, start + FIFTY, "Europe/London", words) == session
    assert times.brief(start, "Europe/London", words) == instant


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "Friday 1 January 2027", "Saturday 2 January 2027"),
        ("en-US", "Friday, January 1, 2027", "Saturday, January 2, 2027"),
        ("de", "Freitag, 1. Januar 2027", "Samstag, 2. Januar 2027"),
        ("de-AT", "Freitag, 1. Jänner 2027", "Samstag, 2. Jänner 2027"),
        ("fr", "vendredi 1er janvier 2027", "samedi 2 janvier 2027"),
        ("es", "viernes 1 de enero de 2027", "sábado 2 de enero de 2027"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_writes_it(language: str, first: str, second: str) -> None:
    words = catalogue(language)
    assert times.date(at(2027, 1, 1, 12), "UTC", words) == first
    assert times.date(at(2027, 1, 2, 12), "UTC", words) == second


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("de", "Freitag, 31. Dezember 2027, 23:30 Uhr bis Samstag, 1. Januar 2028, 00:20 Uhr ("),
        ("fr", "vendredi 31 décembre 2027 à 23:30 jusqu\u2019au samedi 1er janvier 2028 à 00:20 ("),
        ("es", "viernes 31 de diciembre de 2027, 23:30, hasta el sábado 1 de enero de 2028, 0:20 ("),
    ],
)
def test_a_session_past_midnight_reads_in_each_language(language: str, read: str) -> None:
    start = at(2027, 12, 31, 23, 30)
    assert times.session(start, start + FIFTY, "Europe/London", catalogue(language)).startswith(read)


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
