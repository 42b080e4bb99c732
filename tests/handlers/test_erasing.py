"""Somebody signed in erases what is stored of them, and what all their links say from then on."""

from typing import Any

from openhour.adapters.http.problems import Problem
from openhour.domain.requests import NOBODY
from openhour.domain.transitions import Status
from tests.builders import at, practice, provider
from tests.handlers.calls import cancel, change, erase, own_list, refused, sign_in, spoiled, submit, with_token
from tests.handlers.letters import letters, sign_in_letters
from tests.handlers.pages import look, unchanged
from tests.handlers.people import ANA, OTHER, confirmed, did, signed_in
from tests.handlers.stack import Invocation, Stack
from tests.handlers.test_events import event

GONE = (404, "This request is no longer stored")
_PERSONAL = ("Ana Lima", ANA, "rather not say")


def _left(stack: Stack) -> list[Any]:
    return [item for item in stack.items() if any(text in str(item) for text in _PERSONAL)]


def test_whoever_is_signed_in_erases_everything_and_is_nobody_from_then_on(stack: Stack) -> None:
    request_id, manage, answer, _ = confirmed(stack)
    stack.clock.present = at(8, 9, 50)
    link, portal = signed_in(stack)
    assert _left(stack)
    assert did(stack, erase(portal)) == {}
    assert _left(stack) == []
    assert stack.request(request_id).client == NOBODY
    for call in (erase(portal), own_list(portal), sign_in(link), with_token("GET", request_id, portal)):
        refused(stack, call, Problem.SIGNED_OUT)
    for call in (
        with_token("GET", request_id, manage),
        with_token("DELETE", request_id, manage),
        change(request_id, manage, {"start": OTHER}),
    ):
        refused(stack, call, Problem.UNKNOWN_REQUEST)
    unchanged(stack, look(answer), *GONE)
    assert sign_in_letters(stack, ANA) == {}  # nobody of this address is known


def test_what_waits_or_is_to_come_has_to_be_ended_first(stack: Stack) -> None:
    first, _, _, _ = confirmed(stack)
    _, portal = signed_in(stack)
    second = did(stack, submit(spoiled(start=OTHER), "another-key"), 201)["id"]
    assert refused(stack, erase(portal), Problem.STILL_TO_COME)["requests"] == [first, second]
    assert did(stack, cancel(first, portal))["status"] == "cancelled"
    assert refused(stack, erase(portal), Problem.STILL_TO_COME)["requests"] == [second]
    assert did(stack, with_token("DELETE", second, portal))["status"] == "withdrawn"
    refused(stack, erase(portal), Problem.NOT_YET_TOLD)
    for request_id in (first, second):
        letters(stack, request_id)
    assert did(stack, erase(portal)) == {}
    assert _left(stack) == []


def test_the_job_makes_anonymous_what_is_old_enough(stack: Stack) -> None:
    stack.store.seed(practice(keep_days=30), provider())
    request_id, manage, answer, _ = confirmed(stack)
    stack.clock.present = at(7, 9, 49, month=4)
    assert stack.invoke("expire_requests", event("expire_requests.json"), Invocation(50))["anonymised"] == 0
    assert did(stack, with_token("GET", request_id, manage))["status"] == "confirmed"
    stack.clock.move(minutes=1)
    assert stack.invoke("expire_requests", event("expire_requests.json"), Invocation(50)) == {
        "expired": 0,
        "anonymised": 1,
        "left": 0,
        "published": 0,
        "unsent": 0,
    }
    assert _left(stack) == []
    refused(stack, with_token("GET", request_id, manage), Problem.UNKNOWN_REQUEST)
    unchanged(stack, look(answer), *GONE)
    assert stack.request(request_id).status is Status.CONFIRMED


def test_a_run_without_time_left_makes_nothing_anonymous(stack: Stack) -> None:
    stack.store.seed(practice(keep_days=1), provider())
    confirmed(stack)
    stack.clock.move(days=99)
    found = stack.invoke("expire_requests", event("expire_requests.json"), Invocation(seconds=4))
    assert (found["anonymised"], found["left"]) == (0, 1)


def test_a_request_that_nobody_proved_loses_everything_with_its_half_hour(stack: Stack) -> None:
    stack.store.seed(practice(verify=True), provider())
    did(stack, submit(), 201)
    stack.clock.move(minutes=30)
    stack.invoke("expire_requests", event("expire_requests.json"), Invocation(50))
    assert _left(stack) == []
