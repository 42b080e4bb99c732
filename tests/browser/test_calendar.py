"""The calendar, by pointer: what is picked is always a bookable start with the service's length."""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.booker import PHONE, SESSION, Booker

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def calendar(wide: Booker) -> Booker:
    """The week with the furthest free times but a few, as a calendar."""
    wide.at_times("in_person").go_far(4)
    wide.button("Calendar").click()
    expect(picked(wide)).to_have_text("Pick a time.")
    wide.page.locator(".fc-timegrid-cols").wait_for()
    expect(wide.page.locator(".times")).to_have_attribute("aria-busy", "false")
    return wide


def picked(booker: Booker) -> Locator:
    return booker.page.locator(".picked")


def free_times(booker: Booker) -> list[str]:
    """The starts of the week that is shown, as the API has them."""
    title = booker.page.locator(".range").inner_text()
    booker.button("List").click()
    expect(booker.page.locator(".range")).to_have_text(title)
    booker.page.locator(".slot").first.wait_for(state="attached")
    starts = booker.times()
    booker.button("Calendar").click()
    booker.page.locator(".fc-timegrid-cols").wait_for()
    expect(booker.page.locator(".times")).to_have_attribute("aria-busy", "false")
    return starts


def point(booker: Booker, day: str, hour: float) -> tuple[float, float]:
    """Where a date's hour is on the screen, in its middle."""
    where: list[float] = booker.page.locator(f'.fc-timegrid-col[data-date="{day}"]').evaluate(
        """(column, hour) => {
            const rows = [...column.getRootNode().querySelectorAll(".fc-timegrid-slot-lane")];
            const first = parseInt(rows[0].dataset.time);
            const top = () => rows[0].getBoundingClientRect().top + (hour - first) * 2 * rows[0].offsetHeight;
            window.scrollBy({ top: top() - innerHeight / 2, behavior: "instant" });
            const { left, width } = column.getBoundingClientRect();
            return [left + width / 2, top() + 1];
        }""",
        hour,
    )
    return where[0], where[1]


def click(booker: Booker, day: str, hour: float) -> None:
    booker.page.mouse.click(*point(booker, day, hour))


def local(start: str) -> datetime:
    return datetime.fromisoformat(start).astimezone(LONDON)


def hours(start: str) -> float:
    at = local(start)
    return at.hour + at.minute / 60


def test_fullcalendar_comes_only_when_the_calendar_is_shown(wide: Booker) -> None:
    loaded: list[str] = []
    wide.page.on("request", lambda request: loaded.append(request.url))
    wide.at_times()
    assert not [url for url in loaded if "calendar-view" in url]
    wide.button("Calendar").click()
    wide.page.locator(".fc").wait_for()
    assert [url for url in loaded if "calendar-view" in url]
    assert wide.page.evaluate("document.querySelectorAll('head style, [data-fullcalendar]').length") == 0


def test_a_click_in_free_time_picks_the_start_before_it_with_the_services_length(calendar: Booker) -> None:
    start = free_times(calendar)[4]
    click(calendar, local(start).date().isoformat(), hours(start) + 0.12)
    expect(picked(calendar)).to_contain_text(local(start).strftime("%H:%M"))
    pick = calendar.page.locator(".pick")
    expect(pick).to_have_count(1)
    row = calendar.page.locator(".fc-timegrid-slot-lane").first.bounding_box()
    box = pick.bounding_box()
    assert row
    assert box
    assert box["height"] == pytest.approx(row["height"] * 50 / 30, abs=4)
    calendar.shoot("calendar-wide")
    assert calendar.violations() == []
    calendar.save()
    expect(calendar.heading("Your details")).to_be_focused()


def test_a_double_click_picks_too(calendar: Booker) -> None:
    start = free_times(calendar)[0]
    x, y = point(calendar, local(start).date().isoformat(), hours(start))
    calendar.page.mouse.dblclick(x, y + 2)
    expect(picked(calendar)).to_contain_text(local(start).strftime("%H:%M"))


def test_dragging_in_free_time_picks_where_it_began(calendar: Booker) -> None:
    start = free_times(calendar)[0]
    x, y = point(calendar, local(start).date().isoformat(), hours(start))
    calendar.page.mouse.move(x, y + 2)
    calendar.page.mouse.down()
    calendar.page.mouse.move(x, y + 40, steps=5)
    calendar.page.mouse.up()
    expect(picked(calendar)).to_contain_text(local(start).strftime("%H:%M"))
    expect(calendar.page.locator(".pick")).to_have_count(1)


def test_grey_time_cannot_be_picked_and_says_so(calendar: Booker) -> None:
    starts = free_times(calendar)
    day = local(starts[0]).date().isoformat()
    taken = 12.7  # the provider's break, from 12:30 to 13:30
    assert not [start for start in starts if local(start).date().isoformat() == day and 12.5 <= hours(start) < 13.5]
    click(calendar, day, taken)
    calendar.sees("This time is not free. Pick one of the open times.")
    expect(picked(calendar)).to_have_text("Pick a time.")
    expect(calendar.page.locator(".pick")).to_have_count(0)


def test_what_is_picked_stays_when_the_view_changes(calendar: Booker) -> None:
    start = free_times(calendar)[2]
    click(calendar, local(start).date().isoformat(), hours(start) + 0.1)
    expect(calendar.page.locator(".pick")).to_have_count(1)
    calendar.button("List").click()
    expect(calendar.page.locator(f'input[value="{start}"]')).to_be_checked()


def test_turning_to_the_next_week_shows_no_empty_one_in_between(calendar: Booker) -> None:
    calendar.button("Later").click()
    expect(calendar.page.locator(".times")).to_have_attribute("aria-busy", "false")
    calendar.button("Earlier").click()
    asked: list[str] = []
    calendar.page.on("request", lambda request: asked.append(request.url) if "/slots" in request.url else None)
    calendar.button("Later").click()
    assert calendar.page.locator('.times[aria-busy="true"]').count() == 0
    expect(calendar.page.locator(".fc-bg-event").first).to_be_attached()


def test_a_month_shows_which_days_are_free_and_leads_to_them(calendar: Booker) -> None:
    calendar.button("Month").click()
    free = calendar.page.locator(".free-day")
    expect(free.first).to_be_visible()
    assert calendar.violations() == []
    calendar.shoot("month-wide")
    day = calendar.page.locator(".fc-daygrid-day:has(.free-day)").last
    date = str(day.get_attribute("data-date"))
    day.locator(".fc-daygrid-day-number").click()
    expect(calendar.page.locator(f'.fc-timegrid-col[data-date="{date}"]')).to_be_visible()


def test_an_empty_week_says_when_the_next_free_time_is_and_goes_there(wide: Booker) -> None:
    def keep_the_end(route: Route) -> None:
        answer = wide.fetched(route)
        found = answer.json()
        found["slots"] = found["slots"][:1] + found["slots"][-1:]
        route.fulfill(response=answer, json=found)

    wide.page.route(re.compile(r"/slots\?"), keep_the_end)
    for view in ("list", "calendar"):
        wide.at_times()
        wide.button(view.capitalize()).click()
        wide.turn()
        wide.sees(re.compile(r"No free times this week: next on \w+,? \d+ \w+"))
        assert wide.violations() == []
        wide.page.get_by_role("button", name=re.compile("^Go to ")).click()
        expect(wide.page.locator(".none")).to_have_count(0)
        found = ".slot" if view == "list" else ".fc-timegrid-cols"
        expect(wide.page.locator(found).first).to_be_attached()


def test_who_points_on_a_wide_screen_gets_the_calendar_first_and_a_keyboard_the_list(
    somebody: Callable[..., Booker],
) -> None:
    pointing = somebody().open(SESSION).choose("Online")
    pointing.button("See free times").click()
    pointing.page.locator(".fc").wait_for()
    typing = somebody().open(SESSION)
    typing.page.get_by_role("radio", name="Online").press("Space")
    typing.see_times()
    typing.page.locator(".slot").first.wait_for()
    on_phone = somebody(viewport=PHONE, has_touch=True).open(SESSION).choose("Online")
    on_phone.button("See free times").tap()
    on_phone.page.locator(".slot").first.wait_for()


def test_on_a_phone_the_calendar_shows_a_day_and_a_tap_picks(somebody: Callable[..., Booker]) -> None:
    phone = somebody(viewport=PHONE, has_touch=True)
    phone.at_times("in_person").go_far(2)
    start = phone.times()[0]
    phone.button("Calendar").click()
    phone.page.locator(".fc-timegrid-cols").wait_for()
    expect(phone.page.locator(".fc-timegrid-col[data-date]")).to_have_count(1)
    date = local(start).date().isoformat()
    phone.page.touchscreen.tap(*point(phone, date, hours(start) + 0.1))
    expect(picked(phone)).to_contain_text(local(start).strftime("%H:%M"))
    assert phone.violations() == []
    assert phone.overflow() <= 0
    phone.shoot("calendar-phone")
    phone.button("Later").click()
    expect(phone.page.locator(f'.fc-timegrid-col[data-date="{date}"]')).to_have_count(0)
