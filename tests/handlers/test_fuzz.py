"""Whatever is sent: never a failure of ours, never a repeated text, never a changed table unless something was made."""

import json
import string
from base64 import b64encode
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openhour.application.signed_in import SignedIn
from tests.handlers.calls import (
    BODY,
    CLIENT,
    KEY,
    SLOT_PATHS,
    SLOTS,
    ask_for_link,
    change,
    erase,
    made,
    own_list,
    press,
    sign_in,
    sign_out,
    submit,
    verify,
    with_token,
)
from tests.handlers.gateway import Call, Reply
from tests.handlers.stack import Stack

# A fixture is set up once for all examples, which is what is wanted: each leaves the table as it was.
_FIXTURES = HealthCheck.function_scoped_fixture
_BOUNDED = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[_FIXTURES])
_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
_TEXT = st.text(max_size=30)
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), _ANY_TEXT, st.sampled_from([*BODY.values(), *CLIENT.values()])
)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ANY_TEXT, inner, max_size=3), max_leaves=8
)
_NAMES = st.sampled_from([*BODY, "extra"])
_PARTS = st.sampled_from([*CLIENT, "phone", "time_zone", "locale", "extra"])
_CLIENTS = st.dictionaries(_PARTS, _VALUES, max_size=3).map(lambda changes: CLIENT | changes) | _VALUES
_BODIES = st.one_of(
    _VALUES,
    st.dictionaries(_NAMES, _VALUES, max_size=3).map(lambda changes: BODY | changes),
    _CLIENTS.map(lambda client: BODY | {"client": client}),
)
_DATES = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    st.text("0123456789-TZ:+. ", max_size=30),
)
_PARAMETERS = st.dictionaries(
    st.sampled_from([*SLOTS, "validate_only", "x"]), _DATES | _TEXT | st.sampled_from([*SLOTS.values()]), max_size=4
)
_RAW_QUERIES = st.one_of(
    _PARAMETERS.map(lambda changes: urlencode(SLOTS | changes)),
    _PARAMETERS.map(urlencode),
    st.text(string.ascii_letters + "%&=+;0123456789[]", max_size=60),
)


@pytest.fixture
def token(stack: Stack) -> str:
    """The provider's token of a request that waits for its answer."""
    return stack.tokens().answer(stack.request(made(stack)))


def _holds(stack: Stack, call: Call) -> Reply:
    before = stack.items()
    reply = stack.http(call)
    assert reply.status < 500, (call, reply)
    if reply.status in {201, 202}:
        stack.reset()
    else:
        assert stack.items() == before
    return reply


@_BOUNDED
@given(_BODIES, st.sampled_from(["", "validate_only=true"]))
def test_any_json_is_answered(shared_stack: Stack, body: Any, query: str) -> None:
    reply = _holds(shared_stack, submit(json.dumps(body), query=query))
    assert reply.status in {200, 201, 400, 404, 409, 422}


@_BOUNDED
@given(_DATES)
def test_any_start_is_answered(shared_stack: Stack, start: str) -> None:
    assert _holds(shared_stack, submit(BODY | {"start": start})).status in {201, 422}


@_BOUNDED
@given(st.binary(max_size=200) | _TEXT, _TEXT | st.just(KEY), _TEXT | st.just("application/json"))
def test_any_body_and_headers_are_answered(shared_stack: Stack, body: bytes | str, key: str, written_as: str) -> None:
    assert _holds(shared_stack, submit(body, key, Content_Type=written_as)).status in {400, 415, 422}


@_BOUNDED
@given(st.sampled_from(SLOT_PATHS), _RAW_QUERIES)
def test_any_query_is_answered(shared_stack: Stack, path: str, query: str) -> None:
    assert _holds(shared_stack, Call("GET", path, query)).status in {200, 400, 422}


@_BOUNDED
@given(_TEXT.filter(bool), _RAW_QUERIES)
def test_any_provider_is_answered(shared_stack: Stack, provider: str, query: str) -> None:
    name = quote(provider, safe="")
    assert _holds(shared_stack, Call("GET", f"/v1/providers/{name}", query)).status in {200, 400, 404}
    assert _holds(shared_stack, Call("GET", f"/v1/providers/{name}/slots", query)).status in {400, 404, 422}


@_BOUNDED
@given(_TEXT.filter(bool), _TEXT)
def test_any_request_and_token_are_answered(shared_stack: Stack, request_id: str, token: str) -> None:
    path = quote(request_id, safe="")
    for method in ("GET", "DELETE"):
        assert _holds(shared_stack, with_token(method, path, token)).status == 401
    for call in (
        change(path, token, {"note": "x"}),
        verify(path, token),
        sign_in(token),
        sign_out(token),
        erase(token),
    ):
        assert _holds(shared_stack, call).status == 401
    assert _holds(shared_stack, own_list(token)).status == 401
    assert _holds(shared_stack, replace(submit(), headers=submit().headers | {"Authorization": token})).status == 401


@_BOUNDED
@given(st.binary(max_size=100) | st.dictionaries(st.sampled_from(["decision", "reason"]), _TEXT).map(urlencode))
def test_any_form_is_answered(shared_stack: Stack, token: str, form: bytes | str) -> None:
    assert _holds(shared_stack, press(token, form)).status in {400, 422}


_CHANGES = st.one_of(
    _VALUES,
    st.dictionaries(st.sampled_from(["service", "location", "forum", "start", "chosen", "note", "x"]), _VALUES),
    _DATES.map(lambda start: {"start": start}),
    _DATES.map(lambda chosen: {"chosen": chosen}),
)


@pytest.fixture
def kept(stack: Stack) -> tuple[str, str]:
    """A request that waits for its answer, and its client's token; every reset goes back to it."""
    request_id = made(stack)
    return request_id, stack.tokens().manage(stack.request(request_id))


@_BOUNDED
@given(_CHANGES)
def test_any_change_is_answered(shared_stack: Stack, kept: tuple[str, str], body: Any) -> None:
    before = shared_stack.items()
    reply = shared_stack.http(change(*kept, json.dumps(body)))
    assert reply.status in {200, 400, 409, 422}
    if reply.status == 200:
        shared_stack.reset()
        made(shared_stack)
    else:
        assert shared_stack.items() == before


@_BOUNDED
@given(st.binary(max_size=200) | _TEXT)
def test_any_body_of_a_change_is_answered(shared_stack: Stack, kept: tuple[str, str], body: bytes | str) -> None:
    assert _holds(shared_stack, change(*kept, body)).status in {400, 422}


@_BOUNDED
@given(
    st.binary(max_size=100)
    | _VALUES.map(json.dumps)
    | st.dictionaries(st.sampled_from(["email", "locale", "x"]), _VALUES).map(json.dumps)
    | st.emails().map(lambda email: json.dumps({"email": email}))
)
def test_any_wish_for_a_link_is_answered(shared_stack: Stack, body: bytes | str) -> None:
    assert _holds(shared_stack, ask_for_link(body)).status in {202, 400, 422, 429}


@_BOUNDED
@given(
    st.dictionaries(st.sampled_from(["when", "after", "x"]), _TEXT | st.sampled_from(["past", "upcoming"])).map(
        urlencode
    )
    | st.text(max_size=40).map(lambda text: urlencode({"after": b64encode(f"APPT#{text}".encode()).decode()}))
    | st.text(string.ascii_letters + "%&=+;0123456789[]", max_size=60)
)
def test_any_query_of_a_list_is_answered(shared_stack: Stack, query: str) -> None:
    token = shared_stack.tokens().portal(SignedIn(shared_stack.client_id(CLIENT["email"]), 0))
    assert _holds(shared_stack, own_list(token, query)).status in {200, 400, 422}


@_BOUNDED
@given(_RAW_QUERIES | st.text(max_size=20).map(lambda text: urlencode({"times": text})))
def test_any_query_of_a_page_is_answered(shared_stack: Stack, token: str, query: str) -> None:
    for method in ("GET", "HEAD"):
        assert _holds(shared_stack, Call(method, f"/v1/answers/{token}", query)).status in {200, 400, 422}


@_BOUNDED
@given(st.lists(_DATES | _TEXT, max_size=5), st.sampled_from(["offer", "cancel"]))
def test_any_offer_is_answered(shared_stack: Stack, token: str, starts: list[str], decision: str) -> None:
    form = urlencode([("decision", decision), *(("start", start) for start in starts)])
    assert _holds(shared_stack, press(token, form)).status in ({422} if decision == "offer" else {200, 422})
