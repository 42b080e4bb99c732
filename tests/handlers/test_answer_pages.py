"""The provider's link: looking changes nothing, answering does once, and every page says plainly what happened."""

import json
from dataclasses import replace

import pytest

from openhour.domain.booking import ledger_change
from openhour.domain.requests import Request, take
from openhour.domain.transitions import Action, Actor, Status
from tests.builders import at
from tests.cloud import ROOT
from tests.handlers.calls import CLIENT, made, press, spoiled, with_token
from tests.handlers.pages import heading, look, page, unchanged
from tests.handlers.stack import Stack

OPEN = "A request for an appointment"
OVER = "This request has already been answered or taken back"
_ANSWERS = {"confirm": "Confirmed", "decline": "Declined"}
_OTHER = {"confirm": "decline", "decline": "confirm"}


@pytest.fixture
def asked(stack: Stack) -> Request:
    """A request that waits for its answer."""
    return stack.request(made(stack))


@pytest.fixture
def token(stack: Stack, asked: Request) -> str:
    """Its provider's token."""
    return stack.tokens().answer(asked)


def test_looking_changes_nothing_however_often(stack: Stack, token: str) -> None:
    first = unchanged(stack, look(token), 200, OPEN)
    for method in ("GET", "HEAD", "GET", "HEAD", "GET"):
        assert unchanged(stack, look(token, method), 200, OPEN) == first


def test_the_page_shows_what_the_provider_needs_in_the_providers_zone(stack: Stack, token: str) -> None:
    body = stack.http(look(token)).body
    for text in ("Ana Lima", "ana@client.example", "I would rather not say much here.", "Couples therapy", "In person"):
        assert text in body
    assert "Monday 8 March 2027" in body
    assert "London" in body


def test_the_page_needs_no_javascript(stack: Stack, token: str) -> None:
    body = stack.http(look(token)).body
    assert body.count('<form method="post">') == 2
    assert '<input type="hidden" name="decision" value="confirm">' in body
    assert '<input type="hidden" name="decision" value="decline">' in body
    assert body.count("<button") == 3  # the third shows what could be offered instead


@pytest.mark.parametrize(("decision", "told"), _ANSWERS.items())
def test_an_answer_is_done_once_and_told_the_same_way_again(
    stack: Stack, asked: Request, token: str, decision: str, told: str
) -> None:
    first = page(stack.http(press(token, f"decision={decision}")), 200, told)
    assert stack.request(asked.id).status == told.lower()
    assert stack.request(asked.id).version == 2
    stack.clock.move(days=90)
    assert unchanged(stack, press(token, f"decision={decision}"), 200, told) == first


@pytest.mark.parametrize(("decision", "told"), _ANSWERS.items())
def test_a_contrary_answer_is_told_what_happened_with_status_and_time_only(
    stack: Stack, token: str, decision: str, told: str
) -> None:
    stack.http(press(token, f"decision={decision}"))
    for call in (press(token, f"decision={_OTHER[decision]}"), look(token), look(token, "HEAD")):
        reply = unchanged(stack, call, 409, OVER)
        assert f"Its status is: {told}." in reply.body
        assert "Monday 8 March 2027" in reply.body
        assert "Ana" not in reply.body
    _tells_nothing_personal(stack.http(press(token, f"decision={_OTHER[decision]}")).body)


def test_a_confirmed_appointment_can_be_cancelled_from_the_same_link_until_it_begins(
    stack: Stack, asked: Request, token: str
) -> None:
    stack.http(press(token, "decision=confirm"))
    body = unchanged(stack, look(token), 409, OVER).body
    assert '<input type="hidden" name="decision" value="cancel">' in body
    assert "Ana" not in body
    stack.clock.present = asked.start
    assert "<form" not in stack.http(look(token)).body
    unchanged(stack, press(token, "decision=cancel"), 409, OVER)
    stack.clock.move(seconds=-1)
    page(stack.http(press(token, "decision=cancel&reason=I+am+ill")), 200, "Cancelled")
    assert (stack.request(asked.id).status, stack.request(asked.id).reason) == (Status.CANCELLED, "I am ill")


def test_how_to_reach_a_client_whose_mail_came_back_is_told_until_it_is_over(
    stack: Stack, asked: Request, token: str
) -> None:
    stack.http(press(token, "decision=confirm"))
    bounce = json.loads((ROOT / "events" / "note_bounce.bounce.json").read_text("utf-8"))
    bounce["detail"]["mail"]["tags"] |= {"client": [asked.client.id], "request": [asked.id]}
    assert stack.invoke("note_bounce", bounce) == {"marked": 1, "told": 1, "unreached": 0}
    body = unchanged(stack, look(token), 409, OVER).body
    for text in (asked.client.name, asked.client.email):
        assert text in body
    assert "rather not say" not in body
    stack.http(press(token, "decision=cancel"))
    _tells_nothing_personal(stack.http(look(token)).body)


def _tells_nothing_personal(body: str) -> None:
    for text in ("Ana", "ana@client.example", "rather not say", "Couples therapy", "Marylebone", "<form", "<button"):
        assert text not in body


def test_the_pages_after_an_answer_tell_nothing_personal(stack: Stack, token: str) -> None:
    _tells_nothing_personal(stack.http(press(token, "decision=confirm")).body)


@pytest.mark.parametrize("decision", _ANSWERS)
def test_an_answer_after_the_deadline_is_too_late_with_the_job_stopped(
    stack: Stack, asked: Request, token: str, decision: str
) -> None:
    stack.clock.move(hours=47, minutes=59, seconds=59)
    assert heading(stack.http(look(token))) == OPEN
    stack.clock.move(seconds=1)
    for call in (look(token), look(token, "HEAD"), press(token, f"decision={decision}")):
        _tells_nothing_personal(unchanged(stack, call, 410, "This request has expired").body)
    assert stack.request(asked.id).status is Status.PENDING
    assert made(stack, spoiled(client={"email": "bo@client.example"}), "another-key") != asked.id


@pytest.mark.parametrize("decision", _ANSWERS)
def test_a_link_from_before_a_change_says_so(stack: Stack, asked: Request, token: str, decision: str) -> None:
    _change(stack, asked)
    for call in (look(token), look(token, "HEAD"), press(token, f"decision={decision}")):
        reply = unchanged(stack, call, 410, "The client has changed this request")
        _tells_nothing_personal(reply.body)
    newest = stack.tokens().answer(stack.request(asked.id))
    assert heading(stack.http(press(newest, f"decision={decision}"))) == _ANSWERS[decision]


def _change(stack: Stack, asked: Request) -> None:
    step = take(asked, Action.CHANGE, Actor.CLIENT, stack.clock.now())
    found = stack.store.with_days(asked.id, None)
    stack.store.commit(step, ledger_change(asked, step.after, found.days, stack.clock.now()), found.agenda)


@pytest.mark.parametrize("decision", _ANSWERS)
def test_a_request_that_was_withdrawn_cannot_be_answered(
    stack: Stack, asked: Request, token: str, decision: str
) -> None:
    stack.http(with_token("DELETE", asked.id, stack.tokens().manage(asked)))
    for call in (look(token), press(token, f"decision={decision}")):
        assert "Its status is: Withdrawn." in unchanged(stack, call, 409, OVER).body


def test_confirming_a_time_that_something_else_took_changes_nothing_and_can_be_declined(
    stack: Stack, asked: Request, token: str
) -> None:
    stack.store.block("maya-okafor", at(8, 9, 30), at(8, 10))
    reply = unchanged(stack, press(token, "decision=confirm"), 409, "This time is not free any more")
    assert '<form method="post">' in reply.body
    assert heading(stack.http(press(token, "decision=decline"))) == "Declined"
    assert stack.request(asked.id).status is Status.DECLINED


def test_a_request_that_is_not_stored_has_nothing_to_answer(stack: Stack, asked: Request) -> None:
    gone = stack.tokens().answer(replace(asked, id="a" * 26))
    for call in (look(gone), look(gone, "HEAD"), press(gone, "decision=confirm")):
        unchanged(stack, call, 404, "This request is no longer stored")


def test_what_the_client_wrote_is_text_and_nothing_else(stack: Stack) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;{{ 7*7 }}{% raw %}</style></title>"
    body = spoiled(client=CLIENT | {"name": evil[:100], "phone": "<b>1</b>"}, note=evil + "\r\n" + evil)
    asked = stack.request(made(stack, body))
    reply = unchanged(stack, look(stack.tokens().answer(asked)), 200, OPEN)
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#34;&#39;&amp;amp;{{ 7*7 }}"
        in reply.body
    )
    assert "<b>1</b>" not in reply.body


def test_a_reason_is_kept_as_text_and_shown_to_the_client_as_such(stack: Stack, asked: Request, token: str) -> None:
    reason = '<b>Sorry</b> & "goodbye"\n\u2014 M'
    form = "decision=decline&reason=%20%3Cb%3ESorry%3C%2Fb%3E+%26+%22goodbye%22%0D%0A%E2%80%94+M%0D%0A"
    assert "Sorry" not in page(stack.http(press(token, form)), 200, "Declined").body
    assert stack.request(asked.id).reason == reason
    seen = stack.http(with_token("GET", asked.id, stack.tokens().manage(asked)))
    assert seen.json()["reason"] == reason
    again = press(token, "decision=decline&reason=something+else")
    assert "Sorry" not in unchanged(stack, again, 200, "Declined").body


def test_a_confirmation_keeps_no_reason(stack: Stack, asked: Request, token: str) -> None:
    stack.http(press(token, "decision=confirm&reason=typed+before+thinking"))
    assert stack.request(asked.id).reason is None


def test_the_longest_reason_is_taken_and_its_line_ends_count_once(stack: Stack, asked: Request, token: str) -> None:
    stack.http(press(token, "decision=decline&reason=" + "x%0D%0A" * 249 + "xx"))
    assert len(stack.request(asked.id).reason or "") == 500
