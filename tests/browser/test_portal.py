"""The client's portal: signing in, one's own appointments, and everything that can be done with one."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from local.cloud import Cloud
from tests.browser.booker import PHONE, SESSION, WIDE, Booker, instant
from tests.end_to_end.visitor import answer_links, proving, text_of

type Asked = dict[str, Any]

LONDON = ZoneInfo("Europe/London")
MADE_UP = f"{'a' * 26}/made-up.{'A' * 43}"
"""What looks like a link's fragment and opens nothing."""
NARROW = {"width": 320, "height": 640}


class Client(Booker):
    """Somebody with requests and a mailbox."""

    def manage_link(self) -> str:
        """The page behind the newest mail's button."""
        return self._link("manage.html")

    def sign_in(self) -> None:
        """Have a link sent, and press the button behind it."""
        self.page.goto(f"{self.cloud.site_url}/portal.html")
        self.page.get_by_label("Email").fill(self.visitor.email)
        self.button("Send me a link").click()
        expect(self.page.get_by_text("Look into your mail")).to_be_focused()
        self.page.goto(self._link("sign-in.html", "Your link to see your appointments"))
        self.button("See my appointments").click()
        expect(self.page.get_by_role("heading", name="Upcoming")).to_be_visible()

    def _link(self, page: str, subject: str = "") -> str:
        found = re.search(rf"\S+/{re.escape(page)}#\S+", text_of(self.visitor.mail(subject)))
        assert found is not None
        return found[0]

    def shoot_for_both(self, name: str, page: Page | None = None) -> None:
        """Keep a picture of this width, where asked to."""
        width = (self.page.viewport_size or WIDE)["width"]
        self.shoot(f"{name}-{'wide' if width == WIDE['width'] else 'phone'}", whole=True, page=page)

    def told(self) -> None:
        """It was done, and whoever does not see it heard of it."""
        expect(self.page.get_by_text("Done.")).to_be_focused()


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def client(cloud: Cloud, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Client]:
    """Somebody in London, on a wide screen and on a phone."""
    with Client(cloud, chromium, viewport=request.param) as somebody:
        yield somebody


@pytest.fixture
def asked(client: Client) -> Asked:
    """Their request."""
    return client.visitor.submitted()


def facts(page: Page, term: str) -> str:
    return page.locator(f"dt:text-is('{term}') + dd").inner_text()


def test_a_mailed_link_signs_in_and_shows_what_was_asked_for(client: Client, asked: Asked) -> None:
    client.sign_in()
    line = client.page.locator(".line")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Unconfirmed")
    assert client.violations() == []
    line.click()
    expect(client.page.locator(".request .status")).to_have_text("Unconfirmed")
    assert client.violations() == []
    client.shoot_for_both("portal")
    client.button("Sign out everywhere").click()
    expect(client.page.get_by_text("You have signed out.")).to_be_focused()


def test_the_manage_page_changes_the_time_by_keyboard_alone(client: Client, asked: Asked) -> None:
    client.page.goto(client.manage_link())
    before = facts(client.page, "When")
    client.shoot_for_both("manage")
    client.button("Change").press("Enter")
    expect(client.page.get_by_role("heading", name="Change your request")).to_be_focused()
    client.page.locator(".slot:visible input").first.wait_for()
    assert client.violations() == []
    client.page.locator(".soonest").press("Enter")
    client.button("Save changes").press("Enter")
    client.told()
    assert facts(client.page, "When") != before
    assert client.violations() == []


def test_a_request_is_withdrawn_once_that_was_meant(client: Client, asked: Asked) -> None:
    client.page.goto(client.manage_link())
    client.button("Withdraw request").click()
    client.button("No, keep it").click()
    expect(client.button("Withdraw request")).to_be_focused()
    client.button("Withdraw request").click()
    client.button("Yes, withdraw").click()
    client.told()
    expect(client.page.locator(".status")).to_have_text("Withdrawn")


def test_an_offered_time_is_chosen(client: Client, asked: Asked) -> None:
    visitor = client.visitor
    page = client.context.new_page()
    page.goto(answer_links(visitor.provider_mail_about(asked))[0])
    client.shoot_for_both("answer", page)
    page.get_by_role("button", name="Offer other times").click()
    page.locator(".time").nth(1).click()
    page.get_by_role("button", name="Offer these times").click()
    expect(page.get_by_role("heading", name="Other times offered")).to_be_visible()
    page.close()
    client.page.goto(client._link("manage.html", "Other times"))
    assert client.violations() == []
    client.page.locator(".radio").first.click()
    client.button("Book this time").click()
    client.told()
    expect(client.page.locator(".status")).to_have_text("Confirmed")


def test_cancelling_explains_the_notice_first_and_the_file_can_be_kept(client: Client, asked: Asked) -> None:
    visitor = client.visitor
    visitor.press(visitor.answer_link(asked), "confirm")
    client.page.goto(client.manage_link())
    with client.page.expect_download() as kept:
        client.button("Add to calendar").click()
    text = kept.value.path().read_text()
    assert f"UID:{asked['id']}@openhour" in text
    assert "SUMMARY:Harbour Office" in text
    client.button("Cancel appointment").click()
    expect(client.page.locator(".ask")).to_contain_text("cancelling is in time")
    assert client.violations() == []
    client.button("Yes, cancel").click()
    client.told()
    expect(client.page.locator(".status")).to_have_text("Cancelled")


def test_an_appointment_that_is_to_be_moved_stands_until_the_answer(client: Client, asked: Asked) -> None:
    visitor = client.visitor
    visitor.press(visitor.answer_link(asked), "confirm")
    client.page.goto(client.manage_link())
    client.button("Move").click()
    client.page.locator(".slot:visible").first.wait_for()
    client.page.locator(".soonest").click()
    client.button("Ask for this change").click()
    client.told()
    expect(client.page.get_by_text("until then the earlier appointment stands")).to_be_visible()


def test_the_calendar_shows_the_same_and_leads_to_a_new_one(client: Client, asked: Asked) -> None:
    client.sign_in()
    client.button("Calendar").click()
    event = client.page.locator(".appointment")
    expect(event.first).to_contain_text("Unconfirmed")
    event.first.click()
    expect(client.page.locator(".request .status")).to_have_text("Unconfirmed")
    client.shoot_for_both("portal-calendar")


def test_a_free_time_of_the_portals_calendar_is_picked_on_the_page_it_leads_to(client: Client, asked: Asked) -> None:
    free = [instant(start).astimezone(LONDON) for start in client.visitor.slots()]
    start = [each for each in free if each.minute % 30 == 0][-4]
    client.sign_in()
    client.button("Calendar").click()
    column = client.page.locator(f'.fc-timegrid-col[data-date="{start.date().isoformat()}"]')
    client.page.locator(".fc-timegrid-col").first.wait_for()
    while not column.count():
        client.button("Earlier").click()  # it opened at their appointment, which is on the last date that has times
    row = client.page.locator(f'.fc-timegrid-slot-lane[data-time="{start:%H:%M}:00"]')
    row.scroll_into_view_if_needed()
    at, across = row.bounding_box(), column.bounding_box()
    assert at is not None
    assert across is not None
    client.page.mouse.click(across["x"] + across["width"] / 2, at["y"] + at["height"] / 2)
    client.page.wait_for_url("**/index.html?*")
    assert f"date={start.date().isoformat()}" in client.page.url
    assert f"time={start:%H}%3A{start:%M}" in client.page.url


def test_a_link_may_name_the_time_too_which_is_picked_where_it_is_free(client: Client) -> None:
    start = client.visitor.slots()[-6]
    at = instant(start).astimezone(LONDON)
    client.open(f"{SESSION}&forum=telehealth&date={at.date().isoformat()}&time={at:%H:%M}")
    expect(client.page.locator(f'.slot input[value="{start}"]')).to_be_checked()
    expect(client.page.locator(".picked")).to_contain_text(f"{at:%H:%M}")


@pytest.mark.parametrize("time", ["03:00", "25:99", "soon"])
def test_a_time_that_is_not_free_is_not_picked(client: Client, time: str) -> None:
    at = instant(client.visitor.slots()[-6]).astimezone(LONDON)
    client.open(f"{SESSION}&forum=telehealth&date={at.date().isoformat()}&time={time}")
    client.page.locator(".slot:visible input").first.wait_for(state="attached")
    expect(client.page.locator(".picked")).to_have_text("Pick a time.")


def test_a_new_address_sends_its_request_on_with_the_button_of_the_mailed_page(client: Client) -> None:
    with proving(client.visitor):
        asked = client.visitor.submitted()
    assert asked["status"] == "unverified"
    client.page.goto(client._link("verify.html", "One more step"))
    expect(client.button("Send my request")).to_be_visible()
    assert client.violations() == []
    client.button("Send my request").press("Enter")
    expect(client.page.get_by_text("Your request has been sent on.")).to_be_focused()
    expect(client.page.locator(".request .status")).to_have_text("Unconfirmed")
    assert client.violations() == []
    client.visitor.provider_mail_about(asked)
    client.page.get_by_role("link", name="See all my appointments").click()
    expect(client.heading("Your appointments")).to_be_visible()
    expect(client.button("Sign out everywhere")).to_be_visible()


def test_a_client_erases_their_data_once_nothing_waits(client: Client, asked: Asked) -> None:
    client.expected.append("409")
    client.sign_in()
    client.button("Erase my data").press("Enter")
    expect(client.heading("Erase your data for good?")).to_be_focused()
    assert client.violations() == []
    client.button("No, keep them").press("Enter")
    expect(client.button("Erase my data")).to_be_focused()
    client.button("Erase my data").click()
    client.button("Yes, erase my data").click()
    expect(client.page.get_by_text("Something of yours still waits")).to_be_focused()
    assert client.violations() == []
    client.visitor.press(client.visitor.answer_link(asked), "decline")
    client.visitor.mail("Not possible")
    client.button("Yes, erase my data").click()
    expect(client.page.get_by_text("Your data has been erased.")).to_be_focused()
    assert client.submissions() == []
    assert client.violations() == []


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York"])
def test_the_portal_tells_times_on_the_clock_of_the_reader(cloud: Cloud, chromium: Browser, zone: str) -> None:
    with Client(cloud, chromium, timezone_id=zone) as somebody:
        asked = somebody.visitor.submitted()
        at = instant(asked["start"]).astimezone(ZoneInfo(zone))
        somebody.sign_in()
        expect(somebody.page.locator(".line-when")).to_contain_text(f"{at:%H:%M}")
        expect(somebody.page.locator(".line-when")).to_contain_text(f"{at.day} {at:%B}")
        somebody.button("Calendar").click()
        column = somebody.page.locator(f'.fc-timegrid-col[data-date="{at.date().isoformat()}"]')
        expect(column.locator(".appointment")).to_contain_text(f"{at:%H:%M}")
        assert somebody.violations() == []


def test_appointments_on_both_sides_of_a_change_of_the_clock_keep_their_hours(
    cloud: Cloud, chromium: Browser, before_the_change: datetime
) -> None:
    with Client(cloud, chromium) as somebody:
        somebody.page.clock.set_fixed_time(before_the_change)
        change = before_the_change + timedelta(days=8)
        free = [instant(start) for start in somebody.visitor.slots(20, start=before_the_change.date())]
        sides = [max(each for each in free if each < change), min(each for each in free if each > change)]
        for start in sides:
            assert somebody.visitor.submit(f"{start:%Y-%m-%dT%H:%M:%SZ}").status == 201
        assert len({start.astimezone(LONDON).utcoffset() for start in sides}) == 2
        somebody.sign_in()
        for line, start in zip(somebody.page.locator(".line-when").all(), sides, strict=True):
            at = start.astimezone(LONDON)
            expect(line).to_contain_text(f"{at.day} {at:%B}")
            expect(line).to_contain_text(f"{at:%H:%M}")


def test_a_link_may_name_the_date_to_begin_with(client: Client) -> None:
    wanted = (datetime.now(UTC) + timedelta(days=21)).date().isoformat()
    client.open(f"{SESSION}&forum=telehealth&date={wanted}")
    opened = client.page.locator(".slot:visible input").first
    opened.wait_for(state="attached")
    assert (opened.get_attribute("value") or "")[:10] >= wanted


def test_a_link_that_opens_nothing_says_so(client: Client) -> None:
    client.expected.append("401")
    client.page.goto(f"{client.cloud.site_url}/manage.html#{MADE_UP}")
    expect(client.page.get_by_text("This link does not open anything.")).to_be_visible()
    assert client.violations() == []


@pytest.mark.parametrize("page", ["portal.html", f"verify.html#{MADE_UP}", f"sign-in.html#{MADE_UP}"])
def test_pages_fit_the_narrowest_screens(cloud: Cloud, chromium: Browser, page: str) -> None:
    with Client(cloud, chromium, viewport=NARROW, color_scheme="dark") as somebody:
        somebody.page.goto(f"{cloud.site_url}/{page}")
        somebody.page.locator("main button").first.wait_for()
        assert somebody.violations() == []
        assert somebody.overflow() == 0
