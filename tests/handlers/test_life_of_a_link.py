"""A client's link over time: other keys, other requests, an end."""

from dataclasses import replace

import pytest

from openhour.adapters.http.problems import Problem
from openhour.domain.transitions import Status
from tests.builders import at
from tests.handlers.calls import made, press, refused, spoiled, with_token
from tests.handlers.stack import Stack

_METHODS = ("GET", "DELETE")
_OLD = {"key": "the old key", "created_at": "2027-02-01T00:00:00Z"}
_NEW = {"key": "the new key", "created_at": "2027-03-01T07:50:00Z"}


@pytest.mark.parametrize("method", _METHODS)
def test_a_retired_key_opens_nothing(stack: Stack, method: str) -> None:
    asked = stack.request(made(stack))
    first, old = stack.tokens().manage(asked), stack.tokens("the old key").manage(asked)
    stack.rotate(_OLD, _NEW)
    assert stack.http(with_token("GET", asked.id, old)).status == 200
    refused(stack, with_token(method, asked.id, first), Problem.TOKEN_INVALID)
    stack.rotate(_NEW)
    refused(stack, with_token(method, asked.id, old), Problem.TOKEN_INVALID)


def test_a_new_key_is_known_before_it_signs(stack: Stack) -> None:
    asked = stack.request(made(stack))
    stack.rotate(_OLD, _NEW)
    assert stack.http(with_token("GET", asked.id, stack.tokens("the new key").manage(asked))).status == 200


@pytest.mark.parametrize("method", _METHODS)
def test_a_link_of_one_request_does_not_open_another(stack: Stack, method: str) -> None:
    one = made(stack)
    other = made(stack, spoiled(start="2027-03-09T09:00:00Z"), "another-key")
    refused(stack, with_token(method, one, stack.tokens().manage(stack.request(other))), Problem.WRONG_REQUEST)


@pytest.mark.parametrize("method", _METHODS)
def test_a_link_whose_request_is_not_stored_opens_nothing(stack: Stack, method: str) -> None:
    gone = replace(stack.request(made(stack)), id="a" * 26)
    refused(stack, with_token(method, gone.id, stack.tokens().manage(gone)), Problem.UNKNOWN_REQUEST)


def test_what_a_link_says_of_the_place_is_only_a_hint(stack: Stack) -> None:
    asked = stack.request(made(stack))
    moved = stack.tokens().manage(replace(asked, start=at(20, 9), provider=replace(asked.provider, id="nobody")))
    assert stack.http(with_token("GET", asked.id, moved)).json()["start"] == "2027-03-08T09:00:00Z"
    assert stack.http(with_token("DELETE", asked.id, moved)).json()["status"] == "withdrawn"


@pytest.mark.parametrize("method", _METHODS)
def test_a_link_ends_30_days_after_the_session(stack: Stack, method: str) -> None:
    asked = stack.request(made(stack))
    stack.http(press(stack.tokens().answer(asked), "decision=confirm"))
    token = stack.tokens().manage(asked)
    stack.clock.present = at(7, 9, 49, month=4)
    assert stack.http(with_token("GET", asked.id, token)).status == 200
    stack.clock.move(minutes=1)
    refused(stack, with_token(method, asked.id, token), Problem.UNKNOWN_REQUEST)


def test_a_declined_request_cannot_be_withdrawn(stack: Stack) -> None:
    asked = stack.request(made(stack))
    stack.http(press(stack.tokens().answer(asked), "decision=decline"))
    told = refused(stack, with_token("DELETE", asked.id, stack.tokens().manage(asked)), Problem.NOT_POSSIBLE)
    assert told["detail"] == "This cannot be done: the request is declined."


def test_an_expired_request_cannot_be_withdrawn_even_when_no_job_wrote_it_down(stack: Stack) -> None:
    asked = stack.request(made(stack))
    token = stack.tokens().manage(asked)
    stack.clock.move(hours=48)
    told = refused(stack, with_token("DELETE", asked.id, token), Problem.NOT_POSSIBLE)
    assert "expired" in told["detail"]
    assert stack.http(with_token("GET", asked.id, token)).json()["status"] == "expired"
    assert stack.request(asked.id).status is Status.PENDING


def test_the_video_call_is_shown_once_it_is_confirmed_and_not_before(stack: Stack) -> None:
    asked = stack.request(made(stack, spoiled(forum="telehealth")))
    look = with_token("GET", asked.id, stack.tokens().manage(asked))
    assert stack.http(look).json()["telehealth_url"] is None
    stack.http(press(stack.tokens().answer(asked), "decision=confirm"))
    assert stack.http(look).json()["telehealth_url"] == "https://meet.example/maya"


@pytest.mark.parametrize("method", _METHODS)
def test_a_body_that_is_too_large_is_refused_where_none_belongs(stack: Stack, method: str) -> None:
    asked = stack.request(made(stack))
    call = with_token(method, asked.id, stack.tokens().manage(asked))
    refused(stack, replace(call, body=b"x" * (16 * 1024 + 1)), Problem.TOO_LARGE)
    refused(stack, replace(call, query="a=%ff"), Problem.MALFORMED)
