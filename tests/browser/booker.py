"""Somebody who books: what they do on the page, in the words that they see."""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import APIResponse, Browser, Locator, Page, Request, Route, expect

from local.cloud import Cloud
from tests.end_to_end.visitor import PROVIDER, Visitor

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
AXE = Path("node_modules/axe-core/axe.min.js")
SCREENSHOTS = Path("docs/screenshots")
SESSION = f"provider={PROVIDER}&service=session&location=bermondsey"
"""A link that leaves open only how to meet."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A refusal is an answer like any other; Chromium writes each into the console.
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4(04|09|22)")


class Booker:
    """A browser with one page. Leaving the context fails if the page wrote errors or called strangers."""

    def __init__(self, cloud: Cloud, browser: Browser, **settings: Any) -> None:
        self.cloud = cloud
        self.visitor = Visitor(cloud)
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.expected: list[str] = []
        given = {"viewport": WIDE, "locale": "en-GB", "timezone_id": "Europe/London", **settings}
        self.context = browser.new_context(**given)
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self._console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._watch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        cookies = self.context.cookies()
        self.context.close()
        if kind is None:
            unexpected = [each for each in self.complaints if not any(word in each for word in self.expected)]
            if unexpected or self.strangers or cookies:
                raise AssertionError(f"complaints {unexpected}, strangers {self.strangers}, cookies {cookies}")

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not _EXPECTED.search(text):
            self.complaints.append(text)

    def _watch(self, request: Request) -> None:
        ours = (self.cloud.site_url, self.cloud.public_api_url, "data:", "blob:")
        if not request.url.startswith(ours):
            self.strangers.append(request.url)

    # Going through the steps

    def open(self, query: str = "", page: str = "") -> Self:
        self.page.goto(f"{self.cloud.site_url}/{page}{'?' + query if query else ''}")
        return self

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", name=text, exact=True)

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=text, exact=True)

    def choose(self, *texts: str) -> Self:
        for text in texts:
            self.page.locator("label.card").filter(has=self.page.get_by_text(text, exact=True)).click()
        return self

    def see_times(self) -> Self:
        self.button("See free times").press("Enter")
        return self

    def at_times(self, forum: str = "telehealth") -> Self:
        """The list of free times of a session, by a link."""
        self.open(f"{SESSION}&forum={forum}")
        self.page.locator(".slot").first.wait_for()
        return self

    def times(self) -> list[str]:
        """The starts shown in the list, all days of it."""
        values: list[str] = self.page.locator(".slot input").evaluate_all("inputs => inputs.map(each => each.value)")
        return values

    def go_far(self, weeks: int = 3) -> Self:
        """Turn to the list's next week with free times, so many times: tests keep apart so."""
        for _ in range(weeks):
            self.turn()
            while not self.times():
                self.turn()
        return self

    def turn(self, button: str = "Later") -> Self:
        """Turn to another week, or whatever is shown at once."""
        before = self.page.locator(".range").inner_text()
        self.button(button).click()
        expect(self.page.locator(".range")).not_to_have_text(before)
        self.settled()
        return self

    def settled(self) -> None:
        """Wait until what is shown is what was looked up."""
        expect(self.page.locator(".times")).to_have_attribute("aria-busy", "false")

    def pick(self, start: str | None = None) -> str:
        """Pick a start in the list, the first of the last day that is shown unless one is named."""
        if start is None:
            toggle = self.page.locator(".day-toggle").last
            if toggle.get_attribute("aria-expanded") == "false":
                toggle.click()
            start = str(self.page.locator(".day").last.locator(".slot input").first.get_attribute("value"))
        self.page.locator(f'.slot:has(input[value="{start}"])').click()
        return start

    def save(self) -> Self:
        self.button("Save").click()
        return self

    def at_details(self, weeks: int = 3) -> str:
        """The third step, with a time that is free; answers its start."""
        self.at_times().go_far(weeks)
        start = self.pick()
        self.save()
        expect(self.heading("Your details")).to_be_focused()
        return start

    def fill(self, **fields: str) -> Self:
        values = {"Name": "Ana Lima", "Email": self.visitor.email, **fields}
        for label, value in values.items():
            self.page.get_by_label(re.compile(rf"^{label}\b")).fill(value)
        return self

    def submit(self) -> Self:
        self.button("Submit New Appointment").click()
        return self

    def sent(self) -> None:
        """The end: sent, or to be sent on by the button in a mail, as the practice has it for new addresses."""
        either = re.compile("^(Your request has been sent|One more step: look into your mail)$")
        expect(self.page.get_by_role("heading", name=either)).to_be_focused()

    # Looking

    def submissions(self) -> list[str]:
        """What the table holds of this person's address: one key for each request."""
        found = [item for item in self.visitor.table() if self.visitor.email in json.dumps(item, default=str)]
        return sorted({item["pk"]["S"] for item in found if item["pk"]["S"].startswith("REQUEST#")})

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def focused(self) -> str:
        """What has the focus, within shadow roots too: its text, value or label."""
        return str(
            self.page.evaluate(
                """() => {
                    let at = document.activeElement;
                    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                    return at.name ? `${at.name}=${at.value}` : at.innerText || at.getAttribute("aria-label") || "";
                }"""
            )
        ).strip()

    def violations(self) -> list[str]:
        """What axe finds on the page as it is now."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # Preloading style sheets, axe makes <style> elements, which the pages' policy forbids.
        rules = {"runOnly": {"type": "tag", "values": _RULES}, "preload": False}
        found = self.page.evaluate("rules => axe.run(document, rules)", rules)
        return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def shoot(self, name: str, *, whole: bool = False, page: Page | None = None) -> None:
        """Keep a picture, where asked to: `SCREENSHOTS=1`."""
        if os.environ.get("SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            shown = page or self.page
            shown.wait_for_timeout(400)  # transitions have ended
            shown.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)

    # What may go wrong on the way

    def fetched(self, route: Route) -> APIResponse:
        """What the API answers, by an address that Playwright's own resolver knows."""
        return route.fetch(url=self.cloud.reachable(route.request.url))

    def hinder(self, method: str, handler: Any) -> None:
        """Let a handler decide about requests for appointments."""

        def decide(route: Route) -> None:
            asks = route.request.method == method and "validate_only" not in route.request.url
            handler(route) if asks else route.continue_()

        self.page.route(re.compile(r"/v1/requests(\?|$)"), decide)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
