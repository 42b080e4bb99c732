"""Whatever is sent: never a failure of ours, never a repeated text, never a changed table unless something was made."""

import json
import string
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.calls import BODY, CLIENT, KEY, SLOT_PATHS, SLOTS, made, press, submit, with_token
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
    if reply.status == 201:
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
    for method in ("GET", "DELETE"):
        assert _holds(shared_stack, with_token(method, quote(request_id, safe=""), token)).status == 401


@_BOUNDED
@given(st.binary(max_size=100) | st.dictionaries(st.sampled_from(["decision", "reason"]), _TEXT).map(urlencode))
def test_any_form_is_answered(shared_stack: Stack, token: str, form: bytes | str) -> None:
    assert _holds(shared_stack, press(token, form)).status in {400, 422}
