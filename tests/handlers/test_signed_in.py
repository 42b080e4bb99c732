"""What whoever is signed in sees and does, and how that ends."""

from typing import Any

import pytest

from openhour.adapters.http.problems import Problem
from openhour.domain.transitions import Status
from tests.builders import at, practice, provider
from tests.handlers.calls import (
    BODY,
    ask_for_link,
    bearing,
    change,
    own_list,
    refused,
    sign_in,
    sign_out,
    submit,
    with_token,
)
from tests.handlers.gateway import Call
from tests.handlers.letters import sign_in_letters
from tests.handlers.pages import look, unchanged
from tests.handlers.people import ANA, OTHER, asked, confirmed, did, signed_in
from tests.handlers.stack import Stack

OVER = (409, "This request has already been answered or taken back")


def _listed(stack: Stack, portal: str, when: str = "upcoming") -> list[tuple[str, str]]:
    found = did(stack, own_list(portal, f"when={when}"))
    assert found["next"] is None
    return [(line["id"], line["status"]) for line in found["appointments"]]


def _submitted(stack: Stack, portal: str, start: str, key: str) -> Any:
    call = bearing("POST", "/v1/requests", portal, body=BODY | {"start": start})
    return did(stack, Call(call.method, call.path, "", {**call.headers, "Idempotency-Key": key}, call.body), 201)


def test_whoever_is_signed_in_sees_a_request_right_after_it_was_made_and_does_everything_with_it(stack: Stack) -> None:
    first, manage, answer, _ = confirmed(stack)
    stack.store.seed(practice(verify=True), provider())
    link, portal = signed_in(stack)
    assert _listed(stack, portal) == [(first, "confirmed")]
    made = _submitted(stack, portal, "2027-03-10T09:00:00Z", "another-key")
    assert made["status"] == "pending"  # signing in has shown that the address is hers
    assert _listed(stack, portal) == [(first, "confirmed"), (made["id"], "pending")]
    assert did(stack, change(made["id"], portal, {"start": OTHER}))["revision"] == 2
    assert did(stack, with_token("DELETE", made["id"], portal))["status"] == "withdrawn"
    assert _listed(stack, portal) == [(first, "confirmed"), (made["id"], "withdrawn")]
    refused(stack, sign_in(link), Problem.LINK_USED)

    assert did(stack, sign_out(portal)) == {}
    for call in (own_list(portal), with_token("GET", first, portal), sign_in(link)):
        refused(stack, call, Problem.SIGNED_OUT)
    for call in (change(first, portal, {"start": OTHER}), with_token("DELETE", first, portal)):
        refused(stack, call, Problem.SIGNED_OUT)
    assert did(stack, with_token("GET", first, manage))["status"] == "confirmed"
    stack.clock.move(minutes=5)
    assert _listed(stack, signed_in(stack)[1]) == [(first, "confirmed"), (made["id"], "withdrawn")]
    unchanged(stack, look(answer), *OVER)


def test_signing_out_on_one_machine_signs_out_on_every_other(stack: Stack) -> None:
    asked(stack)
    _, here = signed_in(stack)
    stack.clock.move(seconds=1)
    _, there = signed_in(stack)
    did(stack, sign_out(here))
    refused(stack, own_list(there), Problem.SIGNED_OUT)
    before = stack.items()
    assert did(stack, sign_out(there)) == {}
    assert stack.items() == before


def test_an_appointment_moves_to_the_past_once_it_has_ended(stack: Stack) -> None:
    request_id, _, _, _ = confirmed(stack)
    stack.clock.present = at(8, 9, 49)
    _, portal = signed_in(stack)
    assert (_listed(stack, portal), _listed(stack, portal, "past")) == ([(request_id, "confirmed")], [])
    stack.clock.move(minutes=1)
    assert (_listed(stack, portal), _listed(stack, portal, "past")) == ([], [(request_id, "confirmed")])


def test_a_list_tells_what_has_expired_before_any_job_has_noted_it(stack: Stack) -> None:
    request_id, _, _ = asked(stack)
    stack.clock.move(hours=48)
    _, portal = signed_in(stack)
    [line] = did(stack, own_list(portal))["appointments"]
    assert (line["id"], line["status"], line["deadline"]) == (request_id, "expired", None)
    assert stack.request(request_id).status is Status.PENDING


def test_an_address_that_nobody_proved_gets_no_link(stack: Stack) -> None:
    stack.store.seed(practice(verify=True), provider())
    did(stack, submit(), 201)
    did(stack, ask_for_link({"email": ANA}), 202)
    assert sign_in_letters(stack, ANA) == {}


@pytest.mark.parametrize("request_id", ["x" * 512, "x" * 2100, "%C3%A9" * 1030, "x" * 6000])
def test_a_request_whose_id_no_key_can_hold_is_nobodys(stack: Stack, request_id: str) -> None:
    asked(stack)
    _, portal = signed_in(stack)
    for call in (with_token("GET", request_id, portal), with_token("DELETE", request_id, portal)):
        refused(stack, call, Problem.UNKNOWN_REQUEST)
    refused(stack, change(request_id, portal, {"start": OTHER}), Problem.UNKNOWN_REQUEST)
