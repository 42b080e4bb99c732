"""Booking, from the page to the mail."""

import re
from collections.abc import Callable
from hashlib import sha256

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.booker import PHONE, SESSION, Booker
from tests.end_to_end.visitor import text_of


def test_a_client_books_and_both_are_mailed(booker: Booker) -> None:
    name = "phone" if booker.page.viewport_size == PHONE else "wide"
    booker.open()
    expect(booker.heading("Choose your appointment")).to_be_visible()
    booker.sees("Dr Maya Okafor")
    booker.choose("Session", "In person")
    booker.shoot(f"choose-{name}", whole=True)
    booker.see_times()
    expect(booker.heading("When would suit you?")).to_be_focused()
    booker.page.locator(".slot").first.wait_for()
    booker.go_far()
    booker.pick()
    booker.shoot(f"list-{name}")
    booker.save()
    expect(booker.heading("Your details")).to_be_focused()
    booker.sees(re.compile(r"Dr Maya Okafor answers by .+ at the latest\."))
    booker.fill(Note="canary-note").shoot(f"details-{name}", whole=True)
    booker.submit()
    booker.sent()
    booker.sees(re.compile("the time is held for you"))
    booker.shoot(f"done-{name}", whole=True)
    link = booker.page.get_by_role("link", name="View My Appointments")
    assert str(link.get_attribute("href")).endswith("/portal.html")
    mail = text_of(booker.visitor.mail(""))
    assert "canary-note" not in mail
    assert len(booker.submissions()) == 1

    booker.button("Book another appointment").click()
    expect(booker.heading("Choose your appointment")).to_be_focused()
    assert booker.page.locator("input:checked").count() == 0


def test_what_is_chosen_can_be_changed_and_the_time_goes_with_it(wide: Booker) -> None:
    wide.at_details()
    facts = wide.page.locator(".summary")
    expect(facts).to_contain_text("Session")
    wide.button("Change: When").click()
    expect(wide.heading("When would suit you?")).to_be_focused()
    assert wide.page.locator(".slot input:checked").count() == 1
    wide.button("Change: How").click()
    expect(wide.page.get_by_role("radio", name="Online")).to_be_focused()
    wide.choose("In person").see_times()
    wide.page.locator(".slot").first.wait_for()
    assert wide.page.locator(".slot input:checked").count() == 0
    expect(facts).to_contain_text("14 Quay Lane")


def test_a_link_skips_what_it_names(wide: Booker) -> None:
    wide.open(SESSION)
    expect(wide.page.get_by_role("group", name="How would you like to meet?")).to_be_visible()
    expect(wide.page.get_by_role("group", name="What would you like to book?")).to_have_count(0)
    wide.open(f"{SESSION}&forum=telehealth")
    expect(wide.heading("When would suit you?")).to_be_visible()


def test_a_question_that_was_not_answered_says_so_and_takes_the_focus(wide: Booker) -> None:
    wide.open().see_times()
    wide.sees("Choose one to go on.")
    assert wide.focused().startswith("service=")
    wide.choose("Introductory call")  # online only: nothing more to ask
    expect(wide.page.get_by_role("group", name="How would you like to meet?")).to_have_count(0)
    wide.see_times()
    expect(wide.heading("When would suit you?")).to_be_focused()


def test_a_provider_by_link_only_is_found_by_the_link_and_not_offered_otherwise(wide: Booker) -> None:
    wide.open("provider=jonas-brandt")
    wide.sees("Jonas Brandt")
    expect(wide.page.get_by_text("Dr Maya Okafor")).to_have_count(0)
    wide.open()
    wide.sees("Dr Maya Okafor")
    expect(wide.page.get_by_text("Jonas Brandt")).to_have_count(0)


def test_a_link_to_somebody_who_cannot_be_booked_says_so_kindly(wide: Booker) -> None:
    wide.open("provider=priya-nair")
    wide.sees("does not take bookings online at present")
    wide.sees("Call the front desk")
    expect(wide.heading("Choose your appointment")).to_be_visible()


def test_whoever_is_free_first_is_a_choice_among_several(wide: Booker) -> None:
    def add_another(route: Route) -> None:
        answer = wide.fetched(route)
        found = answer.json()
        found["providers"].append({**found["providers"][0], "id": "ada", "name": "Ada Amadi", "title": "Psychologist"})
        route.fulfill(response=answer, json=found)

    wide.page.route(re.compile(r"/v1/providers$"), add_another)
    wide.open("location=bermondsey")
    wide.choose("Whoever is free first", "Session", "Online").see_times()
    wide.page.locator(".slot").first.wait_for()
    wide.go_far(2)
    wide.pick()
    expect(wide.page.locator(".picked")).to_contain_text("with Dr Maya Okafor")
    wide.save()
    expect(wide.heading("Your details")).to_be_focused()
    wide.fill().submit()
    wide.sent()


def test_details_that_are_missing_are_told_at_their_fields_and_nothing_is_lost(wide: Booker) -> None:
    wide.at_details()
    wide.page.get_by_label(re.compile("^Note")).fill("Mornings suit me.")
    wide.submit()
    wide.sees("Enter your name.")
    wide.sees("Enter your email address.")
    assert wide.focused().startswith("name=")
    wide.fill(Email="ana@nowhere").submit()
    wide.sees("Enter an email address such as name@example.org.")
    assert wide.focused() == "email=ana@nowhere"
    expect(wide.page.get_by_label(re.compile("^Note"))).to_have_value("Mornings suit me.")
    assert wide.violations() == []
    wide.shoot("errors-wide", whole=True)


def test_what_only_the_server_refuses_is_told_at_its_field_too(wide: Booker) -> None:
    wide.at_details()
    wide.fill(Email="ana@client..example").submit()
    wide.sees("Enter an email address such as name@example.org.")
    assert wide.focused() == "email=ana@client..example"


def taken_by_somebody_else(booker: Booker, start: str) -> None:
    other = type(booker.visitor)(booker.cloud)
    assert other.submit(start).status == 201


def offered(booker: Booker) -> Locator:
    return booker.page.get_by_role("group", name="Nearest free times").get_by_role("button")


def test_a_time_that_was_taken_before_saving_is_told_with_the_nearest_free_ones(booker: Booker) -> None:
    booker.at_times().go_far(4)
    start = booker.pick()
    taken_by_somebody_else(booker, start)
    booker.save()
    booker.sees("This time has just been taken")
    expect(offered(booker)).to_have_count(5)
    booker.settled()
    assert booker.violations() == []
    booker.shoot("taken-phone" if booker.page.viewport_size == PHONE else "taken-wide")
    assert start not in booker.times()
    offered(booker).first.click()
    booker.save()
    expect(booker.heading("Your details")).to_be_focused()


def test_a_time_that_was_taken_before_submitting_is_replaced_in_place(wide: Booker) -> None:
    start = wide.at_details(5)
    wide.fill(Note="Mornings suit me.")
    taken_by_somebody_else(wide, start)
    wide.submit()
    wide.sees("This time has just been taken")
    offered(wide).nth(1).click()
    wide.sees("Nothing is sent until you submit.")
    expect(wide.page.get_by_label(re.compile("^Note"))).to_have_value("Mornings suit me.")
    wide.submit()
    wide.sent()
    assert len(wide.submissions()) == 1


def test_nobody_is_told_without_a_sign_in_how_many_requests_of_an_address_wait(wide: Booker) -> None:
    for week in (3, 4, 5):
        start = wide.at_details(week)
        assert wide.visitor.submit(start).status == 201
    wide.at_details(6)
    wide.fill().submit()
    wide.sent()


def test_a_double_click_sends_one_request(wide: Booker) -> None:
    wide.at_details(6)
    wide.fill()
    wide.button("Submit New Appointment").dblclick()
    wide.sent()
    assert len(wide.submissions()) == 1


def test_an_answer_that_is_lost_leads_to_one_request(wide: Booker) -> None:
    lost: list[Route] = []

    def lose_the_answer(route: Route) -> None:
        wide.fetched(route)
        lost.append(route)
        route.abort("connectionreset") if len(lost) <= 3 else route.continue_()

    wide.expected = ["ERR_CONNECTION_RESET"]
    wide.at_details(7)
    wide.fill()
    wide.hinder("POST", lose_the_answer)
    wide.submit()
    wide.sees("No connection")
    wide.page.get_by_label(re.compile("^Note")).fill("Changed meanwhile.")
    wide.submit()
    wide.sent()
    assert len(wide.submissions()) == 1


def test_a_reload_while_sending_leads_to_one_request(wide: Booker) -> None:
    started: list[Route] = []

    def keep_waiting(route: Route) -> None:
        wide.fetched(route)
        started.append(route)

    wide.at_details(7)
    wide.fill()
    wide.hinder("POST", keep_waiting)
    wide.submit()
    wide.sees("Sending your request")
    wide.page.wait_for_function("sessionStorage.length === 1")
    while not started:
        wide.page.wait_for_timeout(50)
    wide.page.unroute_all(behavior="ignoreErrors")
    wide.page.reload()
    wide.sent()
    assert len(wide.submissions()) == 1
    assert wide.page.evaluate("sessionStorage.length") == 0


def answers(booker: Booker, status: str, start: str) -> Callable[[Route], None]:
    """Answers submissions as the API would, with a request of this status."""
    made = {"id": "x", "status": status, "start": start, "end": start, "deadline": start}
    return lambda route: route.fulfill(status=201, json=made, headers=allowed(booker))


def allowed(booker: Booker) -> dict[str, str]:
    return {"access-control-allow-origin": booker.cloud.site_url}


@pytest.mark.parametrize(
    ("status", "title", "then"),
    [
        ("pending", "Your request has been sent", "Until then, the time is held for you."),
        ("unverified", "One more step: look into your mail", "Press the button in it within 30 minutes."),
    ],
)
def test_the_end_says_what_happens_next_and_until_when(wide: Booker, status: str, title: str, then: str) -> None:
    start = wide.at_details()
    wide.fill()
    wide.hinder("POST", answers(wide, status, start))
    wide.submit()
    expect(wide.heading(title)).to_be_focused()
    wide.sees(re.compile(then))
    wide.sees(re.compile(wide.visitor.email))
    expect(wide.page.get_by_text("Unconfirmed")).to_have_count(1 if status == "pending" else 0)
    assert wide.violations() == []
    wide.shoot(f"{status}-wide", whole=True)


def test_a_proof_of_work_is_done_when_it_is_asked_for(wide: Booker) -> None:
    challenge = {
        "algorithm": "SHA-256",
        "salt": "grain",
        "challenge": sha256(b"grain2048").hexdigest(),
        "signature": "signed",
        "maxnumber": 5000,
    }
    bodies: list[dict[str, object]] = []

    def ask_for_proof(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        if "proof" in bodies[-1]:
            answers(wide, "pending", start)(route)
            return
        problem = {"type": "urn:problem-type:openhour:proof-needed", "status": 428, "challenge": challenge}
        route.fulfill(status=428, json=problem, headers=allowed(wide))

    wide.expected = ["status of 428"]
    start = wide.at_details()
    wide.fill()
    wide.hinder("POST", ask_for_proof)
    wide.submit()
    wide.sent()
    assert len(bodies) == 2
    assert bodies[1].pop("proof")
    assert bodies[0] == bodies[1]


def test_for_somebody_else_their_name_is_asked_and_sent(wide: Booker) -> None:
    bodies: list[dict[str, object]] = []

    def note_it(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        answers(wide, "pending", start)(route)

    start = wide.at_details()
    wide.hinder("POST", note_it)
    wide.fill()
    wide.page.get_by_label("Somebody else").check()
    wide.submit()
    wide.sees("Enter the name of the person the appointment is for.")
    assert wide.focused() == "attendee="
    wide.page.get_by_label("Their name").fill("Leo Lima")
    wide.page.get_by_label("I am their parent or legal guardian.").check()
    wide.submit()
    wide.sent()
    [body] = bodies
    assert body["attendee"] == {"name": "Leo Lima", "guardian": True}
    assert "leave_empty" not in body


def test_the_practices_consent_text_has_to_be_agreed_to(wide: Booker) -> None:
    def with_consent(route: Route) -> None:
        answer = wide.fetched(route)
        found = answer.json()
        found["practice"]["consent_text"] = "I agree that Harbour keeps these details to arrange my appointment."
        route.fulfill(response=answer, json=found)

    wide.page.route(re.compile(r"/v1/providers$"), with_consent)
    start = wide.at_details()
    wide.hinder("POST", answers(wide, "pending", start))
    wide.fill().submit()
    wide.sees("Your consent is needed to ask for an appointment.")
    wide.page.get_by_label("I agree that Harbour keeps these details").check()
    assert wide.violations() == []
    wide.submit()
    wide.sent()


def test_a_program_that_fills_every_field_gives_itself_away(wide: Booker) -> None:
    bodies: list[dict[str, object]] = []

    def note_it(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        answers(wide, "pending", start)(route)

    start = wide.at_details()
    wide.hinder("POST", note_it)
    wide.fill()
    trap = wide.page.locator('input[name="leave_empty"]')
    for mark in ("data-1p-ignore", "data-lpignore", "data-bwignore", "data-form-type"):
        assert trap.get_attribute(mark) is not None  # those that fill in forms for people leave it alone
    assert trap.get_attribute("tabindex") == "-1"
    expect(trap).not_to_be_in_viewport()
    trap.evaluate("field => { field.value = 'https://spam.example'; }")
    wide.submit()
    wide.sent()
    assert bodies[0]["leave_empty"] == "https://spam.example"


@pytest.mark.parametrize("page", ["", "demo/quiet.html"])
def test_without_javascript_the_practice_can_be_reached_another_way(somebody: Callable[..., Booker], page: str) -> None:
    booker = somebody(java_script_enabled=False).open(page=page)
    expect(booker.page.locator("openhour-booking").first).to_contain_text("call", ignore_case=True)


def test_when_the_service_cannot_be_reached_the_fallback_is_shown_and_trying_again_helps(wide: Booker) -> None:
    wide.expected = ["ERR_FAILED"]
    wide.page.route(re.compile(r"/v1/providers$"), lambda route: route.abort())
    wide.open()
    wide.sees("No connection")
    wide.sees("To book another way, call or write to the practice.")
    assert wide.violations() == []
    wide.page.unroute_all()
    wide.button("Try again").click()
    expect(wide.heading("Choose your appointment")).to_be_visible()
