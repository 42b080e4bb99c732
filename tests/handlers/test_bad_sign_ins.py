"""Signing in, one's own list and signing out with what cannot be used: each gets its problem, nothing is noted."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from openhour.adapters.http.problems import Problem
from openhour.application.signed_in import SignedIn
from tests.handlers.calls import (
    CLIENT,
    ask_for_link,
    erase,
    made,
    own_list,
    refused,
    sign_in,
    sign_out,
    spoiled,
    submit,
)
from tests.handlers.gateway import Call
from tests.handlers.stack import Stack

_EMAIL = CLIENT["email"]


@pytest.fixture(scope="module")
def portal(shared_stack: Stack) -> str:
    """The token of somebody signed in, who has a request."""
    shared_stack.reset()
    made(shared_stack)
    shared_stack.seeds = shared_stack.items()
    return shared_stack.tokens().portal(SignedIn(shared_stack.client_id(_EMAIL), 0))


def test_a_wish_without_an_address_is_refused(shared_stack: Stack) -> None:
    refused(shared_stack, ask_for_link({}), Problem.INVALID, "email")
    refused(shared_stack, ask_for_link({"locale": "en"}), Problem.INVALID, "email")


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, [_EMAIL], {"x": 1}], ids=repr)
def test_an_address_of_another_type_is_refused(shared_stack: Stack, value: Any) -> None:
    refused(shared_stack, ask_for_link({"email": value}), Problem.INVALID, "email")


@pytest.mark.parametrize("value", [1, True, [], {}, "", "EN", "english", "en_GB", "en-", "en\n", "../en", "e" * 100])
def test_a_language_that_is_none_is_refused(shared_stack: Stack, value: Any) -> None:
    refused(shared_stack, ask_for_link({"email": _EMAIL, "locale": value}), Problem.INVALID, "locale")


_NO_ADDRESSES = [
    "", " ", "ana", "ana@", "@client.example", "ana@client", "a b@client.example",
    "ana@client.example,x@client.example", "ana@client.example\r\nBcc: x@y.example", "=?utf-8?q?a?=@client.example",
    "ana@localhost", "jos\u00e9@client.example", "ana@[127.0.0.1]", "x" * 250 + "@y.example", "ana@-client.example",
    "x" * 5000, "x" * 65 + "@client.example",
]  # fmt: skip


@pytest.mark.parametrize("email", _NO_ADDRESSES, ids=lambda text: ascii(text)[:24])
def test_what_is_no_address_is_refused(shared_stack: Stack, email: str) -> None:
    refused(shared_stack, ask_for_link({"email": email}), Problem.INVALID, "email")


@pytest.mark.parametrize("surrogate", [r"\ud800", r"a\udfffb@client.example"])
def test_half_a_character_is_refused(shared_stack: Stack, surrogate: str) -> None:
    refused(shared_stack, ask_for_link(f'{{"email": "{surrogate}"}}'), Problem.INVALID, "email")


@pytest.mark.parametrize("name", ["Email", "email ", "client", "token", "__proto__", ""])
def test_a_field_nobody_knows_is_refused(shared_stack: Stack, name: str) -> None:
    refused(shared_stack, ask_for_link({"email": _EMAIL, name: "x"}), Problem.INVALID, name)


def test_a_known_and_an_unknown_address_are_answered_alike(stack: Stack, portal: str) -> None:
    known, unknown = (stack.http(ask_for_link({"email": email})) for email in (_EMAIL, "nobody@client.example"))
    assert known == unknown
    assert known.status == 202


def test_asking_again_and_again_notes_one_wish(stack: Stack, portal: str) -> None:
    stack.http(ask_for_link({"email": _EMAIL}))
    after = _wishes(stack)
    for email in (_EMAIL, _EMAIL.upper(), "ANA@CLIENT.example"):
        assert stack.http(ask_for_link({"email": email, "locale": "de"})).status == 202
    assert _wishes(stack) == after
    assert len(after) == 2  # the wish, and its event


def _wishes(stack: Stack) -> list[dict[str, Any]]:
    return [item for item in stack.items() if item["pk"]["S"].startswith("SIGNIN#")]


# One's own list


_NO_QUERIES = {
    "when empty": ("when=", "when"),
    "when unknown": ("when=now", "when"),
    "when in capitals": ("when=PAST", "when"),
    "when twice": ("when=past&when=past", "when"),
    "when as an array": ("when[]=past", "when[]"),
    "when with a zero byte": ("when=past%00", "when"),
    "after empty": ("after=", "after"),
    "after twice": ("after=QVBQVCM=&after=QVBQVCM=", "when"),
    "after no base64": ("after=%21%21%21", "after"),
    "after cut off": ("after=QVBQV", "after"),
    "after not ASCII": (f"after={quote('é')}", "after"),
    "after half a character": (f"after={quote(urlsafe_b64encode(b'APPT#\xff').decode())}", "after"),
    "limit": ("limit=5", "limit"),
    "client": ("client=x", "client"),
    "no name": ("=x", ""),
    "a long name": ("x" * 500 + "=1", "x" * 100),
}


@pytest.mark.parametrize(("query", "field"), _NO_QUERIES.values(), ids=_NO_QUERIES)
def test_a_query_that_is_not_usable_is_refused(shared_stack: Stack, portal: str, query: str, field: str) -> None:
    refused(shared_stack, own_list(portal, query), Problem.INVALID, field)


@pytest.mark.parametrize("query", ["when=%ff", "a=%c3", "&".join(["a=1"] * 51), "%ed%a0%80=1"])
def test_a_query_that_cannot_be_read_is_refused(shared_stack: Stack, portal: str, query: str) -> None:
    refused(shared_stack, own_list(portal, query), Problem.MALFORMED)


def _cursor(key: str) -> str:
    return f"after={quote(urlsafe_b64encode(key.encode()).decode())}"


@pytest.mark.parametrize("key", ["OPEN", "PROFILE", "KNOWN", "", "appt#", "APPT", "APPT#\x00", "APPT#" + "x" * 200])
def test_a_cursor_that_is_none_of_ours_is_refused(shared_stack: Stack, portal: str, key: str) -> None:
    refused(shared_stack, own_list(portal, _cursor(key)), Problem.INVALID, "after")


@pytest.mark.parametrize("key", ["APPT#", "APPT#!", "APPT#2027-02-01T00:00:00Z#a", "APPT#9999", "APPT#~", "APPT#zzz"])
@pytest.mark.parametrize("when", ["upcoming", "past"])
def test_a_cursor_from_somewhere_else_shows_nothing_that_is_not_there(
    shared_stack: Stack, portal: str, when: str, key: str
) -> None:
    reply = shared_stack.http(own_list(portal, f"when={when}&{_cursor(key)}"))
    assert reply.status == 200
    expected = 1 if when == "upcoming" and key < "APPT#2027-03-08" else 0
    assert (len(reply.json()["appointments"]), reply.json()["next"]) == (expected, None)


# The calls that take no body


@pytest.mark.parametrize("door", ["list", "in", "out", "erase"])
def test_a_body_that_is_too_large_is_refused_where_none_belongs(shared_stack: Stack, portal: str, door: str) -> None:
    link = shared_stack.tokens().sign_in(SignedIn(shared_stack.client_id(_EMAIL), 0))
    call = {"list": own_list(portal), "in": sign_in(link), "out": sign_out(portal), "erase": erase(portal)}[door]
    refused(shared_stack, replace(call, body=b"x" * (16 * 1024 + 1)), Problem.TOO_LARGE)
    refused(shared_stack, replace(call, query="a=%ff"), Problem.MALFORMED)


_WRONG_PATHS = [("POST", "/v1/sign-ins/"), ("DELETE", "/v1/me/"), ("DELETE", "/v1/Me")]
_WRONG_METHODS = [
    ("GET", "/v1/sign-in-links"), ("DELETE", "/v1/sign-in-links"), ("GET", "/v1/sign-ins"), ("HEAD", "/v1/sign-ins"),
    ("PATCH", "/v1/sign-ins"), ("POST", "/v1/appointments"), ("DELETE", "/v1/appointments"), ("PUT", "/v1/requests/x"),
    ("GET", "/v1/requests/x/verification"), ("HEAD", "/v1/requests/x/verification"), ("POST", "/v1/requests/x"),
    ("GET", "/v1/requests"), ("PATCH", "/v1/answers/x"), ("DELETE", "/v1/answers/x"),
    ("GET", "/v1/me"), ("HEAD", "/v1/me"), ("POST", "/v1/me"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), [*_WRONG_METHODS, *_WRONG_PATHS])
def test_another_method_does_nothing(shared_stack: Stack, portal: str, method: str, path: str) -> None:
    before = shared_stack.items()
    reply = shared_stack.http(Call(method, path, "", {"Authorization": f"Bearer {portal}"}))
    problem = Problem.WRONG_METHOD if (method, path) in _WRONG_METHODS else Problem.UNKNOWN_PATH
    assert (reply.status, reply.json()["type"]) == (problem.status, problem.type)
    assert ("allow" in reply.headers) == (problem is Problem.WRONG_METHOD)
    assert shared_stack.items() == before


# Whom a session is for


@pytest.fixture(params=["", "validate_only=true"], ids=["submitted", "validated"])
def mode(request: pytest.FixtureRequest) -> str:
    """The query string that submits, and the one that validates only."""
    query: str = request.param
    return query


_NO_ATTENDEES: list[tuple[Any, str]] = [
    ("Leo", "attendee"),
    (1, "attendee"),
    (True, "attendee"),
    ([], "attendee"),
    ({}, "attendee.name"),
    ({"guardian": True}, "attendee.name"),
    ({"name": None}, "attendee.name"),
    ({"name": 1}, "attendee.name"),
    ({"name": ""}, "attendee.name"),
    ({"name": "   "}, "attendee.name"),
    ({"name": "x" * 101}, "attendee.name"),
    ({"name": "Leo\r\nBcc: x@evil.example"}, "attendee.name"),
    ({"name": "\x00"}, "attendee.name"),
    ({"name": "\u200b\u2066"}, "attendee.name"),
    ({"name": "Leo, see evil.example/leo"}, "attendee.name"),
    ({"name": "Leo", "guardian": "yes"}, "attendee.guardian"),
    ({"name": "Leo", "guardian": 1}, "attendee.guardian"),
    ({"name": "Leo", "guardian": None}, "attendee.guardian"),
    ({"name": "Leo", "email": _EMAIL}, "attendee.email"),
]


@pytest.mark.parametrize(("attendee", "field"), _NO_ATTENDEES, ids=lambda value: ascii(value)[:40])
def test_an_attendee_that_is_none_is_refused(shared_stack: Stack, mode: str, attendee: Any, field: str) -> None:
    refused(shared_stack, submit(spoiled(attendee=attendee), "another-key", mode), Problem.INVALID, field)
