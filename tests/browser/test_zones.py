"""Times on the reader's clock, and on the clock of the place they go to."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.booker import SESSION, Booker, instant

LONDON = ZoneInfo("Europe/London")


def shown(booker: Booker) -> dict[str, tuple[str, str]]:
    """By start: the heading of its day and what its button reads, over all days of the list."""
    found: dict[str, list[str]] = booker.page.locator(".day").evaluate_all(
        """days => Object.fromEntries(days.flatMap(day => [...day.querySelectorAll("input")].map(input => [
            input.value,
            [day.querySelector(".day-name").textContent, input.nextElementSibling.firstChild.textContent],
        ])))"""
    )
    return {start: (day, time) for start, (day, time) in found.items()}


def expected(start: str, zone: str) -> tuple[str, str]:
    at = instant(start).astimezone(ZoneInfo(zone))
    return f"{at:%A} {at.day} {at:%B}", f"{at:%H:%M}"


def without_comma(pair: tuple[str, str]) -> tuple[str, str]:
    return pair[0].replace(",", ""), pair[1]


def assert_shown_right(booker: Booker, zone: str) -> None:
    found = shown(booker)
    assert found
    assert {start: without_comma(pair) for start, pair in found.items()} == {
        start: expected(start, zone) for start in found
    }


def test_times_are_told_on_the_clients_clock_and_for_a_visit_on_the_places_too(somebody: Callable[..., Booker]) -> None:
    booker = somebody(timezone_id="Pacific/Auckland")
    booker.at_times("in_person").go_far(1)
    assert booker.page.get_by_label("Times shown in").input_value() == "Pacific/Auckland"
    booker.sees(re.compile("New Zealand (Daylight|Standard) Time"))
    assert_shown_right(booker, "Pacific/Auckland")
    start = booker.pick()
    there = instant(start).astimezone(LONDON)
    expect(booker.page.locator(f'.slot:has(input[value="{start}"]) small')).to_contain_text(f"{there:%H:%M} in London")
    booker.shoot("auckland-wide")
    booker.save()
    expect(booker.page.locator(".summary .there")).to_contain_text(f"{there:%H:%M} in London")
    booker.fill().submit()
    booker.sent()
    assert len(booker.submissions()) == 1


def test_a_calendar_far_away_shows_the_same_times(somebody: Callable[..., Booker]) -> None:
    booker = somebody(timezone_id="Pacific/Auckland")
    booker.at_times().go_far(1)
    start = booker.pick()
    booker.button("Calendar").click()
    at = instant(start).astimezone(ZoneInfo("Pacific/Auckland"))
    column = booker.page.locator(f'.fc-timegrid-col[data-date="{at.date().isoformat()}"]')
    expect(column.locator(".pick")).to_contain_text(f"{at:%H:%M}")
    assert booker.violations() == []


def test_online_no_other_clock_is_told(somebody: Callable[..., Booker]) -> None:
    booker = somebody(timezone_id="Pacific/Auckland").at_times("telehealth")
    expect(booker.page.locator(".slot small")).to_have_count(0)


def test_the_zone_can_be_changed(wide: Booker) -> None:
    wide.at_times("in_person").go_far(1)
    wide.page.get_by_label("Times shown in").select_option("America/New_York")
    wide.sees(re.compile("Eastern (Daylight|Standard) Time"))
    wide.page.locator(".slot").first.wait_for()
    assert_shown_right(wide, "America/New_York")


@pytest.mark.parametrize(
    ("locale", "first", "time"), [("en-GB", "Mon", r"\d\d:\d\d"), ("en-US", "Sun", r"\d+:\d\d.[AP]M")]
)
def test_clock_and_first_weekday_follow_the_locale(
    somebody: Callable[..., Booker], locale: str, first: str, time: str
) -> None:
    booker = somebody(locale=locale).at_times()
    assert re.fullmatch(time, booker.page.locator(".slot-body").first.inner_text().strip())
    booker.button("Calendar").click()
    expect(booker.page.locator(".day-head span").first).to_have_text(first)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
def test_times_are_right_on_both_sides_of_a_change_of_the_clock(
    somebody: Callable[..., Booker], before_the_change: datetime, zone: str
) -> None:
    booker = somebody(timezone_id=zone)
    booker.page.clock.set_fixed_time(before_the_change)
    booker.open(f"{SESSION}&forum=telehealth")
    offsets = set()
    for _ in range(4):
        booker.page.locator(".slot").first.wait_for(state="attached")
        assert_shown_right(booker, zone)
        offsets |= {instant(start).astimezone(LONDON).utcoffset() for start in shown(booker)}
        booker.go_far(1)
    assert len(offsets) == 2
    start = booker.pick()
    booker.button("Calendar").click()
    at = instant(start).astimezone(ZoneInfo(zone))
    expect(booker.page.locator(f'[data-date="{at.date()}"] .pick')).to_contain_text(f"{at:%H:%M}")
    booker.save()
    expect(booker.heading("Your details")).to_be_focused()
