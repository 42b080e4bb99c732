"""A client's link that is not quite the one that was mailed: what it opens, and that nothing changes."""

import string
from collections.abc import Iterator

import pytest

from openhour.adapters.http.problems import Problem
from openhour.domain.requests import Request
from tests.handlers.calls import made, refused, with_token
from tests.handlers.stack import Stack

_METHODS = ("GET", "DELETE")
_ALPHABET = string.ascii_letters + string.digits + "-_.="


@pytest.fixture(scope="module")
def asked(shared_stack: Stack) -> Request:
    """A request that waits for its answer."""
    return shared_stack.request(made(shared_stack))


@pytest.fixture(scope="module")
def token(shared_stack: Stack, asked: Request) -> str:
    """Its client's token."""
    return shared_stack.tokens().manage(asked)


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize(
    "written", [None, "", "Bearer", "Bearer ", "bearer   ", "Basic dXNlcjpwYXNz", "Digest x", "Token x"]
)
def test_without_a_token_one_is_asked_for(
    shared_stack: Stack, asked: Request, method: str, written: str | None
) -> None:
    refused(shared_stack, with_token(method, asked.id, written, scheme=""), Problem.TOKEN_MISSING)


@pytest.mark.parametrize("method", _METHODS)
def test_the_token_without_its_scheme_is_none(shared_stack: Stack, asked: Request, token: str, method: str) -> None:
    refused(shared_stack, with_token(method, asked.id, token, scheme=""), Problem.TOKEN_MISSING)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER   "])
def test_the_scheme_may_be_written_in_any_case(shared_stack: Stack, asked: Request, token: str, scheme: str) -> None:
    assert shared_stack.http(with_token("GET", asked.id, token, scheme)).status == 200


_GARBAGE = [
    "x", ".", "..", "a.b", "a.b.c", "null", "undefined", "e30.e30", "e30." + "A" * 43, "x" * 1024, "x" * 1025,
    "." * 8000, "eyJhbGciOiJub25lIn0.e30.",
    "\u00e9", "\u0442\u043e\u043a\u0435\u043d", "\x00", "a b", "\ud800", "..eJw" + "A" * 40,
]  # fmt: skip


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize("garbage", _GARBAGE, ids=lambda text: ascii(text)[:24])
def test_garbage_opens_nothing(shared_stack: Stack, asked: Request, method: str, garbage: str) -> None:
    refused(shared_stack, with_token(method, asked.id, garbage), Problem.TOKEN_INVALID)


def test_no_character_can_be_another_one(shared_stack: Stack, asked: Request, token: str) -> None:
    before = shared_stack.items()
    for changed in _each_character_changed(token):
        reply = shared_stack.http(with_token("GET", asked.id, changed))
        assert (reply.status, reply.json()["type"]) == (401, Problem.TOKEN_INVALID.type), changed
    assert shared_stack.items() == before


def _each_character_changed(token: str) -> Iterator[str]:
    for place, old in enumerate(token):
        for new in _ALPHABET:
            if new != old:
                yield token[:place] + new + token[place + 1 :]


def test_no_part_of_it_is_enough(shared_stack: Stack, asked: Request, token: str) -> None:
    before = shared_stack.items()
    for length in range(1, len(token)):
        assert shared_stack.http(with_token("DELETE", asked.id, token[:length])).status == 401, length
        assert shared_stack.http(with_token("DELETE", asked.id, token[length:])).status == 401, length
    assert shared_stack.items() == before


def test_no_character_can_be_missing_or_stand_twice(shared_stack: Stack, asked: Request, token: str) -> None:
    before = shared_stack.items()
    for place in range(len(token)):
        shortened, lengthened = token[:place] + token[place + 1 :], token[:place] + token[place] + token[place:]
        for changed in (shortened, lengthened, token[:place] + "\u00e9" + token[place:]):
            assert shared_stack.http(with_token("DELETE", asked.id, changed)).status == 401, changed
    assert shared_stack.items() == before


@pytest.mark.parametrize("behind", ["=", "A", ".", "==", "\u00e9", ".A", "/", "%00", "\x00"])
def test_nothing_can_stand_behind_it(shared_stack: Stack, asked: Request, token: str, behind: str) -> None:
    refused(shared_stack, with_token("DELETE", asked.id, token + behind), Problem.TOKEN_INVALID)


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize("purpose", ["answer", "verify"])
def test_a_link_for_another_purpose_opens_nothing(
    shared_stack: Stack, asked: Request, method: str, purpose: str
) -> None:
    other = getattr(shared_stack.tokens(), purpose)(asked)
    refused(shared_stack, with_token(method, asked.id, other), Problem.TOKEN_INVALID)


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize("path", ["a" * 26, "x", "%00", "..", "x" * 3000, "%F0%9F%98%80"])
def test_a_link_opens_no_other_request(shared_stack: Stack, token: str, method: str, path: str) -> None:
    refused(shared_stack, with_token(method, path, token), Problem.WRONG_REQUEST)


@pytest.mark.parametrize("method", _METHODS)
def test_a_link_signed_by_somebody_else_opens_nothing(shared_stack: Stack, asked: Request, method: str) -> None:
    refused(
        shared_stack, with_token(method, asked.id, shared_stack.tokens("guess").manage(asked)), Problem.TOKEN_INVALID
    )
