"""Three sites that embed the element with one script tag."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.booker import PHONE, WIDE, Booker

SITES = ["quiet.html", "bold.html", "plain.html"]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("site", SITES)
def test_each_site_embeds_the_element_in_its_own_look(
    somebody: Callable[..., Booker], site: str, viewport: dict[str, int]
) -> None:
    booker = somebody(viewport=viewport).open(page=f"demo/{site}")
    choose = booker.page.locator("openhour-booking button.primary")
    choose.wait_for()
    assert booker.page.locator("script").count() == 1
    assert booker.violations() == []
    assert booker.overflow() <= 0
    booker.shoot(f"demo-{site.removesuffix('.html')}-{'phone' if viewport == PHONE else 'wide'}")


def test_the_sites_look_different(wide: Booker) -> None:
    looks = set()
    for site in SITES:
        wide.open(page=f"demo/{site}")
        button = wide.page.locator("openhour-booking button.primary")
        button.wait_for()
        looks.add(
            button.evaluate(
                "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).fontFamily].join()"
            )
        )
    assert len(looks) == len(SITES)


def test_a_theme_that_shrinks_its_root_shrinks_nothing_of_the_element(wide: Booker) -> None:
    wide.open(page="demo/plain.html")
    wide.page.evaluate("document.documentElement.style.fontSize = '62.5%'")
    button = wide.page.locator("openhour-booking button.primary")
    button.wait_for()
    assert button.evaluate("each => getComputedStyle(each).fontSize") == "16px"


def test_what_the_page_fixes_is_not_offered_otherwise(wide: Booker) -> None:
    wide.open(page="demo/bold.html")
    expect(wide.page.get_by_text("Jonas Brandt").first).to_be_visible()
    expect(wide.page.get_by_role("button", name="Change: With")).to_have_count(0)


def test_the_element_tells_its_page_what_was_submitted(wide: Booker) -> None:
    wide.at_details()
    wide.page.evaluate(
        """() => document.querySelector("openhour-booking")
            .addEventListener("openhour-submitted", ({ detail }) => { window.told = detail; })"""
    )
    wide.fill().submit()
    wide.sent()
    told = wide.page.evaluate("window.told")
    assert set(told) == {"id", "status", "start"}
    assert told["status"] in {"pending", "unverified"}
