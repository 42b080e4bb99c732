"""Another time: after an end, for a change or a move, among those that were offered, and from the portal's calendar."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, expect

from local.cloud import Cloud
from tests.browser.booker import WIDE, instant
from tests.browser.test_portal import Client

SMALL = {"width": 360, "height": 740}
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(params=[WIDE, SMALL], ids=["wide", "phone"])
def client(cloud: Cloud, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Client]:
    """Somebody in London, with a mouse on a wide screen and with a finger on a small phone."""
    with Client(cloud, chromium, viewport=request.param, has_touch=request.param is SMALL) as somebody:
        yield somebody


@pytest.fixture
def asked(client: Client) -> dict[str, Any]:
    """Their request, in the middle of a stretch of free time."""
    free = client.visitor.slots()
    known = set(free)
    inside = [start for start in free if all(later(start, by) in known for by in (-45, -15, 15, 45))]
    answer = client.visitor.submit(inside[-1])
    assert answer.status == 201, answer.text
    return dict(answer.json)


def later(start: str, minutes: int) -> str:
    return f"{instant(start) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def slot(client: Client, start: str) -> Locator:
    return client.page.locator(f'.slot:has(input[value="{start}"])')


def change(client: Client, button: str = "Change") -> None:
    client.page.goto(client.manage_link())
    client.button(button).press("Enter")
    client.page.locator(".slot:visible").first.wait_for()


def test_a_request_that_came_to_nothing_leads_to_the_next_three_free_times(
    client: Client, asked: dict[str, Any]
) -> None:
    client.visitor.press(client.visitor.answer_link(asked), "decline")
    client.visitor.mail("Not possible")
    client.page.goto(client.manage_link())
    times = client.page.locator(".again .alternative")
    expect(times).to_have_count(3)
    assert client.violations() == []
    assert client.overflow() == 0
    every = client.page.get_by_role("link", name="See all free times")
    for part in ("provider=maya-okafor", "service=session", "location=bermondsey", "forum="):
        assert part in (every.get_attribute("href") or "")
    start = times.first.get_attribute("data-start")
    client.shoot_for_both("manage-declined")
    times.first.press("Enter")
    client.page.locator(".picked[data-picked]").wait_for()
    expect(client.page.locator(f'.slot input[value="{start}"]')).to_be_checked()


def test_a_change_may_overlap_the_time_that_it_leaves(client: Client, asked: dict[str, Any]) -> None:
    change(client)
    now = slot(client, asked["start"])
    expect(now).to_contain_text("Your time now")
    expect(now.locator("input")).to_be_checked()
    for minutes in (-45, -15, 15, 45):
        expect(slot(client, later(asked["start"], minutes))).to_be_visible()
    assert client.violations() == []
    assert client.overflow() == 0
    client.shoot_for_both("change")
    wanted = later(asked["start"], 15)
    slot(client, wanted).locator("input").press(" ")
    client.button("Save changes").press("Enter")
    client.told()
    at = instant(wanted).astimezone(ZoneInfo("Europe/Lisbon"))
    expect(client.page.locator("dd").first).to_contain_text(f"{at:%H:%M}")


def test_an_appointment_moves_by_a_quarter_of_an_hour(client: Client, asked: dict[str, Any]) -> None:
    client.visitor.press(client.visitor.answer_link(asked), "confirm")
    change(client, "Move")
    slot(client, later(asked["start"], 15)).click()
    client.button("Ask for this change").click()
    client.told()
    expect(client.page.get_by_text("until then the earlier appointment stands")).to_be_visible()


def test_changing_has_the_calendar_too_and_one_press_to_the_next_free_time(
    client: Client, asked: dict[str, Any]
) -> None:
    change(client)
    client.button("Calendar").click()
    client.page.locator(".fc-timegrid-slot").first.wait_for()
    expect(client.page.locator(".pick")).to_have_count(1)
    assert client.violations() == []
    client.shoot_for_both("change-calendar")
    client.button("List").click()
    soonest = client.page.get_by_role("button", name="Next free:")
    start = soonest.get_attribute("data-start")
    soonest.press("Enter")
    expect(slot(client, str(start)).locator("input")).to_be_focused()
    expect(slot(client, str(start)).locator("input")).to_be_checked()


def test_what_is_not_offered_or_not_free_is_said_beside_the_times(client: Client, asked: dict[str, Any]) -> None:
    change(client)
    client.page.get_by_label("Appointment", exact=True).select_option("first-session")
    told = client.page.locator(".told .message")
    expect(told).to_be_visible()
    client.button("Save changes").click()
    expect(told).to_be_focused()
    expect(client.page.locator(".status")).to_have_text("Unconfirmed")
    assert client.violations() == []
    client.page.get_by_label("Appointment", exact=True).select_option("session")
    expect(told).to_have_count(0)
    expect(slot(client, asked["start"]).locator("input")).to_be_checked()


def test_offered_times_come_first_and_the_old_one_is_struck_through(client: Client, asked: dict[str, Any]) -> None:
    link = client.visitor.answer_link(asked)
    free = client.visitor.slots()
    others = [free[-30], free[-1]]
    answer = client.visitor.call(
        "POST",
        "",
        ("decision=offer&" + "&".join(f"start={start.replace(':', '%3A')}" for start in others)).encode(),
        {"content-type": "application/x-www-form-urlencoded"},
        url=link,
    )
    assert answer.status == 200, answer.text
    client.page.goto(client._link("manage.html", "Other times"))
    expect(client.page.locator(".offer")).to_have_count(len(others))
    struck = client.page.locator(".facts s")
    offer, old = client.page.locator(".offer").first.bounding_box(), struck.bounding_box()
    assert offer is not None
    assert old is not None
    assert offer["y"] < old["y"]
    expect(client.page.get_by_text("not held for you any more")).to_be_visible()
    assert client.violations() == []
    client.shoot_for_both("manage-offered")
    client.sign_in()
    client.button("Calendar").click()
    expect(client.page.locator(".appointment.offered").first).to_be_visible()


def test_the_portals_calendar_shows_status_and_what_is_free(client: Client, asked: dict[str, Any]) -> None:
    client.sign_in()
    client.button("Calendar").click()
    shown = client.page.locator(".appointment.pending")
    assert shown.evaluate("each => getComputedStyle(each).borderTopStyle") == "dashed"
    client.page.locator(".fc .free").first.wait_for()
    expect(client.page.get_by_text("Shaded: free with Dr Maya Okafor")).to_be_visible()
    back, on = (client.button(name).bounding_box() for name in ("Earlier", "Later"))
    assert back is not None
    assert on is not None
    assert back["y"] == on["y"]
    assert client.violations() == []
    assert client.overflow() == 0
    client.shoot_for_both("portal-calendar")
    row = client.page.locator('.fc-timegrid-slot-lane[data-time="05:00:00"]')
    row.scroll_into_view_if_needed()
    at, column = row.bounding_box(), client.page.locator(".fc-timegrid-col[data-date]").first.bounding_box()
    assert at is not None
    assert column is not None
    client.page.mouse.click(column["x"] + column["width"] / 2, at["y"] + 4)
    expect(client.page.get_by_text("This time is not free.")).to_be_visible()
