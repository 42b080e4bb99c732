"""Submissions that are well formed and still cannot be: they meet what is there already."""

import json

import pytest

from openhour.adapters.http.problems import Problem
from tests.handlers.calls import BODY, CLIENT, made, refused, signed_in_as, spoiled, submit
from tests.handlers.stack import Stack


@pytest.fixture(params=["", "validate_only=true"], ids=["submitted", "validated"])
def mode(request: pytest.FixtureRequest) -> str:
    """The query string that submits, and the one that validates only."""
    query: str = request.param
    return query


def test_a_taken_time_comes_with_the_nearest_free_ones(stack: Stack, mode: str) -> None:
    made(stack)
    other = submit(spoiled(client={"email": "bo@client.example"}, start="2027-03-08T09:15:00Z"), "another-key-1", mode)
    told = refused(stack, other, Problem.SLOT_TAKEN)
    assert told["alternatives"] == [f"2027-03-08T{time}:00Z" for time in ("10:00", "10:15", "10:30", "10:45", "11:00")]


def test_a_key_does_not_stand_for_another_body(stack: Stack) -> None:
    made(stack)
    for body in (spoiled(start="2027-03-08T12:00:00Z"), spoiled(note="another"), spoiled(client={"name": "Ana Maria"})):
        refused(stack, submit(body), Problem.KEY_REUSED)


def test_the_same_body_in_another_order_and_spacing_is_the_same_request(stack: Stack) -> None:
    identity = made(stack)
    after = stack.items()
    text = json.dumps(dict(reversed(BODY.items())), indent=4)
    assert stack.http(submit(text)).json()["id"] == identity
    assert stack.items() == after


@pytest.mark.parametrize("email", ["Ana@Client.Example", "ANA@CLIENT.EXAMPLE", CLIENT["email"].title()])
def test_the_same_key_under_another_case_of_the_address_is_the_same_request(stack: Stack, email: str) -> None:
    identity = made(stack)
    after = stack.items()
    assert email.lower() == CLIENT["email"]
    assert stack.http(submit(spoiled(client={"email": email}))).json()["id"] == identity
    assert stack.items() == after


def test_a_client_has_no_more_open_requests_than_the_practice_allows(stack: Stack, mode: str) -> None:
    own = signed_in_as(stack, CLIENT["email"])
    for number in range(3):
        made(stack, spoiled(start=f"2027-03-{number + 8:02}T09:00:00Z"), f"request-{number}", **own)
    call = submit(spoiled(start="2027-03-12T09:00:00Z"), "request-4", mode, **own)
    told = refused(stack, call, Problem.TOO_MANY_OPEN)
    assert told["limit"] == 3


def test_the_longest_texts_that_are_allowed_are_taken(stack: Stack) -> None:
    client = CLIENT | {
        "name": "é" * 100,
        "phone": "1" * 40,
        "time_zone": "America/Argentina/Buenos_Aires",
        "locale": "pt-BR",
    }
    identity = made(stack, spoiled(client=client, note="line\r\n\t" + "x" * 1990))
    assert stack.request(identity).client.name == "é" * 100
