"""Four languages: the browser's wins, then the practice's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.booker import Booker

TITLES = {
    "en-GB": "Book an appointment",
    "de-AT": "Termin vereinbaren",
    "fr-FR": "Prendre rendez-vous",
    "es-ES": "Pedir una cita",
}


@pytest.mark.parametrize("locale", TITLES)
def test_the_page_speaks_the_browsers_language(somebody: Callable[..., Booker], locale: str) -> None:
    booker = somebody(locale=locale).open()
    expect(booker.page.get_by_role("heading", level=1)).to_have_text(TITLES[locale])
    assert booker.page.evaluate("document.documentElement.lang") == locale[:2]
    booker.page.locator("label.card").first.click()
    if booker.page.locator("fieldset").count() > 1:
        booker.page.locator("fieldset").last.locator("label.card").first.click()
    assert booker.violations() == []
    booker.page.locator("button.primary").press("Enter")
    booker.page.locator(".slot").first.wait_for()
    booker.page.locator(".slot").first.click()
    booker.page.locator("button.primary").click()
    booker.page.locator("[data-field=email]").wait_for()
    assert booker.violations() == []
    assert booker.overflow() <= 0
    if locale == "de-AT":
        booker.shoot("details-german", whole=True)


def test_a_language_that_there_is_not_gives_the_practices(somebody: Callable[..., Booker]) -> None:
    booker = somebody(locale="fi-FI").open()
    expect(booker.page.get_by_role("heading", level=1)).to_have_text(TITLES["en-GB"])
