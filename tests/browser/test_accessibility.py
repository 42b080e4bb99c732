"""WCAG 2.2 AA: axe in every state, everything by keyboard, narrow, zoomed and in the reader's own colours."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.booker import PHONE, WIDE, Booker

NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 450}
"""1280 pixels at 200 %."""


def states(booker: Booker) -> Iterator[str]:
    """Goes through the flow and stops at every state."""
    booker.open()
    booker.heading("Choose your appointment").wait_for()
    yield "choose"
    booker.choose("First session", "In person").see_times()
    booker.page.locator(".slot").first.wait_for()
    yield "times"
    booker.button("Save").click()
    yield "no time picked"
    booker.button("Calendar").click()
    booker.page.locator(".fc-timegrid-cols").wait_for()
    yield "calendar"
    booker.button("List").click()
    booker.page.locator(".slot").first.wait_for(state="attached")
    booker.go_far(1)
    booker.pick()
    yield "time picked"
    booker.save()
    booker.heading("Your details").wait_for()
    booker.page.get_by_label("Somebody else").check()
    yield "details"
    booker.submit()
    yield "errors"
    booker.page.get_by_label("Myself").check()
    booker.fill().submit()
    booker.sent()
    yield "done"


@pytest.mark.parametrize(
    "settings",
    [
        {"viewport": WIDE},
        {"viewport": PHONE},
        {"viewport": NARROW},
        {"viewport": WIDE, "color_scheme": "dark"},
        {"viewport": PHONE, "forced_colors": "active"},
    ],
    ids=["wide", "phone", "narrow", "dark", "forced-colours"],
)
def test_axe_finds_nothing_in_any_state_and_nothing_is_cut_off(
    somebody: Callable[..., Booker], settings: dict[str, object], request: pytest.FixtureRequest
) -> None:
    booker = somebody(reduced_motion="reduce", **settings)
    found = {}
    for state in states(booker):
        if problems := booker.violations():
            found[state] = problems
        assert booker.overflow() <= 0, state
        if request.node.callspec.id == "dark" and state in {"calendar", "time picked"}:
            booker.shoot(f"{state.replace(' ', '-')}-dark")
    assert found == {}


def test_at_200_percent_everything_can_be_reached(somebody: Callable[..., Booker]) -> None:
    booker = somebody(viewport=ZOOMED, device_scale_factor=2)
    for state in states(booker):
        assert booker.overflow() <= 0, state


def tab_to(booker: Booker, wanted: str, most: int = 60) -> None:
    for _ in range(most):
        if re.search(wanted, booker.focused()):
            return
        booker.page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached by Tab; the focus is at {booker.focused()}")


def test_the_whole_booking_by_keyboard_alone(booker: Booker) -> None:
    keyboard = booker.page.keyboard
    booker.open()
    booker.heading("Choose your appointment").wait_for()
    tab_to(booker, r"^service=")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    tab_to(booker, r"^forum=|^See free times$")
    if "forum" in booker.focused():
        keyboard.press("Space")
    tab_to(booker, r"^See free times$")
    keyboard.press("Enter")
    expect(booker.heading("When would suit you?")).to_be_focused()
    booker.page.locator(".slot").first.wait_for()
    tab_to(booker, r"^Later$")
    keyboard.press("Enter")
    booker.page.wait_for_timeout(300)
    assert booker.focused() == "Later"
    tab_to(booker, r"^start-|^Go to ")
    if booker.focused().startswith("Go to"):  # a week without free times
        keyboard.press("Enter")
        expect(booker.page.locator(".range")).to_be_focused()
        tab_to(booker, r"^start-")
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    chosen = booker.focused().partition("=")[2]
    tab_to(booker, r"^Save$")
    keyboard.press("Enter")
    expect(booker.heading("Your details")).to_be_focused()
    for field, text in (("name", "Ana Lima"), ("email", booker.visitor.email)):
        tab_to(booker, rf"^{field}=")
        keyboard.type(text)
    tab_to(booker, r"^Submit New Appointment$")
    keyboard.press("Enter")
    booker.sent()
    [request] = booker.submissions()
    assert chosen
    assert request


def test_the_arrow_keys_stay_within_a_part_of_a_day_and_one_time_is_picked(wide: Booker) -> None:
    wide.at_times().go_far(1)
    wide.page.locator(".slot input").first.press("Space")
    first = wide.page.locator(".picked").inner_text()
    other = wide.page.locator(".part").nth(1).locator("input").first
    other.press("Space")
    expect(wide.page.locator(".slot input:checked")).to_have_count(1)
    assert wide.page.locator(".picked").inner_text() != first


def test_loading_results_and_errors_are_announced(wide: Booker) -> None:
    said: list[str] = []
    wide.page.expose_function("heard", lambda text: said.append(str(text)))
    wide.page.add_init_script(
        """const real = Element.prototype.attachShadow;
        Element.prototype.attachShadow = function (options) {
            const root = real.call(this, options);
            new MutationObserver(() => {
                const text = root.querySelector('[role="status"]')?.textContent;
                if (text) window.heard(text);
            }).observe(root, { childList: true, subtree: true, characterData: true });
            return root;
        };"""
    )
    wide.at_times()
    wide.go_far(1)
    wide.page.wait_for_timeout(200)
    assert "Loading free times…" in said
    assert [text for text in said if re.match(r"\d+ free times, ", text)]
    wide.save()
    expect(wide.page.get_by_role("alert").filter(has_text="Pick a time first.")).to_be_visible()


def test_what_has_the_focus_is_not_hidden_by_the_bar(somebody: Callable[..., Booker]) -> None:
    phone = somebody(viewport=PHONE)
    phone.at_times().go_far(1)
    phone.pick()
    for toggle in phone.page.locator(".day-toggle").all():
        toggle.focus()
        box, bar = toggle.bounding_box(), phone.page.locator(".bar").bounding_box()
        assert box
        assert bar
        assert box["y"] + box["height"] <= bar["y"] + 1 or box["y"] >= bar["y"] + bar["height"] - 1


def test_nothing_moves_where_motion_is_not_wanted(somebody: Callable[..., Booker]) -> None:
    booker = somebody(reduced_motion="reduce").at_times()
    moving = booker.page.locator(".openhour *").evaluate_all(
        """all => all.filter(each => {
            const style = getComputedStyle(each);
            const changing = style.transitionProperty !== "none" && style.transitionDuration !== "0s";
            return style.animationName !== "none" || changing;
        }).length"""
    )
    assert moving == 0


def test_every_target_is_large_enough(somebody: Callable[..., Booker]) -> None:
    phone = somebody(viewport=PHONE).at_times()
    small = phone.page.locator("button:visible, select:visible, .slot:visible").evaluate_all(
        "all => all.filter(each => each.getBoundingClientRect().height < 24).map(each => each.outerHTML)"
    )
    assert small == []
