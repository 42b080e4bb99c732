"""Floods, programs that fill forms, and what they mean for honest people."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from altcha.v1 import solve_challenge

from openhour.adapters.http.problems import Problem
from openhour.application.signed_in import SignedIn
from openhour.domain.transitions import Status
from tests.builders import at, practice, provider
from tests.handlers import stack as settings
from tests.handlers.calls import BODY, CLIENT, ask_for_link, refusal, refused, submit
from tests.handlers.gateway import Call, Reply
from tests.handlers.letters import letters
from tests.handlers.stack import Stack, forget

EMAIL = CLIENT["email"]
SECRET = "a-secret-of-the-origin"


@pytest.fixture
def careful(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """A stack where new clients prove their address, two an hour are free, four an hour and five a day is the cap."""
    stack.store.seed(practice(verify=True), provider())
    for name, value in {"PROOF_AFTER": "2", "HOURLY_CAP": "4", "DAILY_CAP": "5", "ORIGIN_SECRET": SECRET}.items():
        monkeypatch.setitem(settings._VALUES, name, value)
    forget()
    yield stack
    forget()


def body(number: int, **more: Any) -> dict[str, Any]:
    """What somebody new asks for: a time that nobody else does."""
    start = f"{at(8 + number // 8, 9 + number % 8):%Y-%m-%dT%H:%M:%SZ}"
    return BODY | {"start": start, "client": CLIENT | {"email": f"new{number}@client.example"}} | more


def ask(number: int, source_ip: str = "192.0.2.7", headers: dict[str, str] | None = None, **more: Any) -> Call:
    call = submit(body(number, **more), f"key-{number:08}", **(headers or {}))
    return replace(call, source_ip=source_ip)


def challenged(stack: Stack, call: Call) -> dict[str, Any]:
    """The challenge that a call is answered with."""
    challenge: dict[str, Any] = refused(stack, call, Problem.PROOF_NEEDED)["challenge"]
    return challenge


def solved(challenge: dict[str, Any]) -> str:
    """What a browser makes of it."""
    found = solve_challenge(challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxnumber"])
    assert found is not None
    kept = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(kept | {"number": found.number}).encode()).decode()


def ask_with_proof(stack: Stack, number: int) -> Reply:
    return stack.http(ask(number, proof=solved(challenged(stack, ask(number)))))


def test_under_load_a_browser_solves_a_challenge_and_goes_on(careful: Stack) -> None:
    assert [careful.http(ask(number)).status for number in range(2)] == [201, 201]
    reply = ask_with_proof(careful, 2)
    assert reply.status == 201
    assert careful.request(reply.json()["id"]).status is Status.UNVERIFIED


def test_a_solution_counts_once_and_the_next_needs_its_own(careful: Stack) -> None:
    for number in range(2):
        careful.http(ask(number))
    challenge = challenged(careful, ask(2))
    proof = solved(challenge)
    made = careful.http(ask(2, proof=proof))
    assert made.status == 201
    assert careful.http(ask(2)) == made  # the same request, sent again, with or without it
    assert challenged(careful, ask(3, proof=proof)) != challenge


@pytest.mark.parametrize("proof", ["", "x", "e30=", "bnVsbA==", "W10=", "é", "x" * 2000])
def test_a_proof_that_proves_nothing_gets_a_new_challenge(careful: Stack, proof: str) -> None:
    for number in range(2):
        careful.http(ask(number))
    assert challenged(careful, ask(2, proof=proof)) != challenged(careful, ask(2, proof=proof))


def test_a_solution_that_comes_too_late_gets_a_new_challenge(careful: Stack) -> None:
    for number in range(2):
        careful.http(ask(number))
    proof = solved(challenged(careful, ask(2)))
    careful.clock.move(minutes=10)
    challenge = challenged(careful, ask(2, proof=proof))
    assert careful.http(ask(2, proof=solved(challenge))).status == 201


def test_a_solution_outlives_a_change_of_keys(careful: Stack) -> None:
    for number in range(2):
        careful.http(ask(number))
    proof = solved(challenged(careful, ask(2)))
    first = careful.tokens()._keyring().signing[0].key
    careful.rotate({"key": first}, {"key": "b" * 32, "created_at": careful.clock.now().isoformat()})
    assert careful.http(ask(2, proof=proof)).status == 201


@pytest.mark.parametrize("value", [1, [], {}, True, "x" * 2001])
@pytest.mark.parametrize("name", ["proof", "leave_empty"])
def test_what_is_no_text_is_refused_by_field(careful: Stack, name: str, value: Any) -> None:
    refused(careful, ask(0, **{name: value}), Problem.INVALID, name)


def test_a_cap_says_when_it_ends_and_what_to_do_meanwhile(careful: Stack) -> None:
    careful.clock.move(minutes=45)
    for number in range(4):
        assert (careful.http(ask(number)) if number < 2 else ask_with_proof(careful, number)).status == 201
    told = refused(careful, ask(4), Problem.TOO_MANY_REQUESTS)
    assert "call the practice" in told["detail"]
    assert "signed in" in told["detail"]
    assert told["until"] == "2027-03-01T09:00:00Z"
    assert careful.http(ask(4)).headers["retry-after"] == str(15 * 60)
    careful.clock.move(minutes=15)
    assert careful.http(ask(4)).status == 201
    assert careful.http(ask(5)).headers["retry-after"] == str(15 * 3600)  # five are the day's
    assert careful.http(ask(5)).json()["until"] == "2027-03-02T00:00:00Z"


def test_whoever_signs_in_need_not_wait(careful: Stack) -> None:
    for number in range(2):
        careful.http(ask(number))
    token = careful.tokens().portal(SignedIn(careful.client_id("new2@client.example"), 0))
    reply = careful.http(ask(2, headers={"Authorization": f"Bearer {token}"}))
    assert (reply.status, reply.json()["status"]) == (201, "pending")


def test_looking_whether_a_request_could_be_made_costs_nothing(careful: Stack) -> None:
    before = careful.items()
    for _ in range(9):
        assert careful.http(submit(body(0), query="validate_only=true")).status == 200
    assert careful.items() == before


def test_somebody_in_another_network_is_not_held_up(careful: Stack) -> None:
    for number in range(2):
        careful.http(ask(number, "2001:db8:1:2::1"))
    challenged(careful, ask(2, "2001:db8:1:2:ffff::9"))
    assert careful.http(ask(2, "2001:db8:1:3::1")).status == 201


def test_behind_a_distribution_each_viewer_is_counted(careful: Stack) -> None:
    passed_on = {"x-openhour-origin": SECRET, "x-openhour-viewer": "198.51.100.1"}
    for number in range(2):
        careful.http(ask(number, headers=passed_on))
    challenged(careful, ask(2, headers=passed_on))
    other = passed_on | {"x-openhour-viewer": "198.51.100.2"}
    assert careful.http(ask(2, headers=other)).status == 201


def test_nobody_can_make_up_another_address(careful: Stack) -> None:
    for number in range(2):
        made_up = {"x-openhour-viewer": f"198.51.100.{number}", "x-forwarded-for": f"198.51.100.{number}"}
        careful.http(ask(number, headers=made_up))
    challenged(careful, ask(2, headers={"x-openhour-viewer": "198.51.100.9", "x-openhour-origin": "guessed"}))


def test_the_address_of_a_caller_is_nowhere_to_be_found(careful: Stack) -> None:
    address, viewer = "203.0.113.77", "198.51.100.88"
    passed_on = {"x-openhour-origin": SECRET, "x-openhour-viewer": viewer}
    for number in range(3):
        careful.http(ask(number, address))
    for number in range(3, 6):
        careful.http(ask(number, address, passed_on))
    careful.http(replace(ask_for_link({"email": EMAIL}), source_ip=address))
    everything = json.dumps([careful.items(), careful.lines()])
    assert "CALLER#" in everything
    assert not re.search(rf"{re.escape(address)}|{re.escape(viewer)}|{SECRET}", everything)


def test_links_to_sign_in_are_counted_by_themselves(careful: Stack) -> None:
    for number in range(4):
        assert careful.http(ask_for_link({"email": f"ana{number}@client.example"})).status == 202
    told = refused(careful, ask_for_link({"email": EMAIL}), Problem.TOO_MANY_REQUESTS)
    assert "call the practice" in told["detail"]
    assert careful.http(ask_for_link({"email": EMAIL})).headers["retry-after"] == "3600"
    assert careful.http(ask(0)).status == 201
    elsewhere = replace(ask_for_link({"email": EMAIL}), source_ip="198.51.100.9")
    assert careful.http(elsewhere).status == 202


# The trap


def test_a_filled_trap_costs_some_work_and_then_the_mail_goes_out_as_for_anybody(careful: Stack) -> None:
    careful.lines()
    before = careful.items()
    trapped = ask(0, leave_empty="https://spam.example/canary")
    challenge = [challenged(careful, trapped) for _ in range(9)][-1]
    assert careful.items() == before  # nothing was sent, and nobody is told so
    lines = careful.lines()
    assert sum(line["message"] == "trapped" for line in lines) == 9
    assert not re.search(r"canary|client\.example|192\.0\.2", json.dumps(lines))
    made = careful.http(ask(0, leave_empty="https://spam.example/canary", proof=solved(challenge)))
    assert made.status == 201
    assert set(letters(careful, made.json()["id"])) == {"new0@client.example"}
    assert careful.http(ask(0)).json() == made.json()  # the trap is no part of what was asked for


def test_it_is_told_of_mistakes_like_everybody_else(careful: Stack) -> None:
    careful.http(ask(0))
    call = submit(body(0, leave_empty="x"), "key-00000009")
    refused(careful, call, Problem.SLOT_TAKEN)
    refused(careful, ask(1, leave_empty="x", provider="nobody"), Problem.UNKNOWN_PROVIDER)


@pytest.mark.parametrize("nothing", ["", None])
def test_a_person_leaves_it_empty(careful: Stack, nothing: str | None) -> None:
    made = careful.http(ask(0, leave_empty=nothing)).json()["id"]
    assert careful.request(made).status is Status.UNVERIFIED
    assert careful.http(ask(0)).json()["id"] == made  # left out is the same


def test_whoever_is_signed_in_is_a_person_whatever_their_browser_fills_in(careful: Stack) -> None:
    token = careful.tokens().portal(SignedIn(careful.client_id("new0@client.example"), 0))
    made = careful.http(ask(0, leave_empty="https://ana.example", headers={"Authorization": f"Bearer {token}"}))
    assert careful.request(made.json()["id"]).status is Status.PENDING


# What one client may ask for in a day


def test_enough_for_today_is_said_to_whoever_it_is(stack: Stack) -> None:
    stack.store.seed(practice(max_requests_per_day=1), provider())
    token = stack.tokens().portal(SignedIn(stack.client_id(CLIENT["email"]), 0))
    own = {"Authorization": f"Bearer {token}"}
    assert stack.http(submit(body(0) | {"client": CLIENT}, "key-00000001", **own)).status == 201
    call = submit(body(1) | {"client": CLIENT}, "key-00000002", **own)
    reply = stack.http(call)
    told = refusal(reply, Problem.TOO_MANY_REQUESTS)
    assert told["detail"].startswith("You have made as many requests today as can be.")
    assert reply.headers["retry-after"] == str(16 * 3600)
