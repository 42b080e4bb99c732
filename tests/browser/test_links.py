"""Links as mail programs leave them, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.booker import Booker
from tests.end_to_end.visitor import answer_links, text_of

MISSING = "Part of this link is missing."


@pytest.fixture
def link(booker: Booker) -> str:
    """The link behind **Manage appointment**, from the mail."""
    booker.visitor.submitted()
    found = re.search(r"\S+/manage\.html#\S+", text_of(booker.visitor.mail("")))
    assert found is not None
    return found[0]


def test_a_link_that_a_mail_program_has_changed_shows_the_appointment(booker: Booker, link: str) -> None:
    page, (address, fragment) = booker.page, link.split("#")
    changed = [
        f"{address}%23{fragment}",
        f"{address}%2523{fragment.replace('/', '%2F')}",
        f"{address}#{fragment.replace('/', '%2F')}",
        f"{address}?utm_source=mail#{fragment}",
        f"{link}?utm_source=mail",
        f"{link})",
        f"{link}%3E",
    ]
    for each in changed:
        page.goto("about:blank")
        page.goto(each)
        expect(page.locator(".request .status")).to_have_text("Unconfirmed")
        assert page.url.startswith(f"{address}")


def test_a_link_that_was_cut_says_so_and_leads_to_signing_in(booker: Booker, link: str) -> None:
    page, site = booker.page, booker.cloud.site_url
    cut = [
        link.partition("#")[0],
        link[:-3],
        f"{site}/verify.html",
        f"{site}/sign-in.html#",
        f"{site}/manage.html%23abc",
    ]
    for each in cut:
        page.goto("about:blank")
        page.goto(each)
        expect(page.get_by_role("alert")).to_contain_text(MISSING)
        expect(page.get_by_role("alert")).to_be_focused()
    assert booker.violations() == []
    booker.shoot("link-cut", whole=True)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Email")).to_be_visible()


def test_an_address_that_leads_nowhere_says_so(booker: Booker) -> None:
    page = booker.page
    for path in ("nothing.html", "a/b/c", "portal.html%23x"):
        page.goto(f"{booker.cloud.site_url}/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        expect(page.get_by_role("alert")).to_contain_text("This address leads nowhere.")
    assert booker.violations() == []
    booker.shoot("no-such-page", whole=True)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_label("Email")).to_be_visible()


def test_an_answer_link_with_something_behind_it_shows_its_page(booker: Booker) -> None:
    asked = booker.visitor.submitted()
    for behind in ("/", ")", "%23confirm", "/?utm_source=mail", "/)"):
        link = answer_links(booker.visitor.provider_mail_about(asked))[0]
        booker.page.goto(f"{link}{behind}")
        expect(booker.page.get_by_role("heading", level=1)).to_have_text("A request for an appointment")
