"""Bodies of changes and of wishes for a sign-in link that are no documents at all."""

import json
from collections.abc import Callable

import pytest

from openhour.adapters.http.problems import Problem
from tests.handlers.calls import JSON, bearing, made, refused
from tests.handlers.gateway import Call
from tests.handlers.stack import Stack

type Send = Callable[[str | bytes], Call]

_GOOD = json.dumps({"extra": "quiet"})  # readable, and still refused: nothing is ever made here
_MEBIBYTE = 1024 * 1024


@pytest.fixture(params=["change", "sign-in link"])
def send(request: pytest.FixtureRequest, stack: Stack) -> Send:
    """A call with a body."""
    if request.param == "sign-in link":
        return lambda body: bearing("POST", "/v1/sign-in-links", None, body=body)
    asked = stack.request(made(stack))
    token = stack.tokens().manage(asked)
    return lambda body: bearing("PATCH", f"/v1/requests/{asked.id}", token, body=body)


_NOT_A_DOCUMENT = {
    "nothing": "",
    "space": "  ",
    "truncated": _GOOD[:-1],
    "truncated in a text": _GOOD[:14],
    "doubled": _GOOD + _GOOD,
    "array": f"[{_GOOD}]",
    "text": '"x"',
    "number": "1",
    "null": "null",
    "true": "true",
    "NaN": '{"extra": NaN}',
    "Infinity": '{"extra": Infinity}',
    "-Infinity": '{"extra": -Infinity}',
    "twice": '{"note": "a", "note": "a"}',
    "twice escaped": r'{"note": "a", "not\u0065": "a"}',
    "twice inside": '{"extra": {"a": 1, "a": 1}}',
    "deep arrays": "[" * 5000 + "]" * 5000,
    "deep and open": "[" * 16000,
    "huge integer": f'{{"extra": {"9" * 5000}}}',
    "single quotes": "{'extra': 'x'}",
    "trailing comma": '{"extra": "x",}',
    "comment": "/* hello */" + _GOOD,
    "line feed in a text": '{"extra": "a\nb"}',
    "byte order mark": "\ufeff" + _GOOD,
    "form": "note=x&email=ana%40client.example",
    "bad escape": r'{"extra": "\x41"}',
}


@pytest.mark.parametrize("text", _NOT_A_DOCUMENT.values(), ids=_NOT_A_DOCUMENT)
def test_what_is_not_one_json_object_cannot_be_read(stack: Stack, send: Send, text: str) -> None:
    refused(stack, send(text), Problem.MALFORMED)
    refused(stack, send(text.encode()), Problem.MALFORMED)


@pytest.mark.parametrize("spoil", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"], ids=repr)
def test_bytes_that_are_not_utf_8_cannot_be_read(stack: Stack, send: Send, spoil: bytes) -> None:
    refused(stack, send(_GOOD.encode().replace(b"quiet", spoil)), Problem.MALFORMED)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_cannot_be_read(stack: Stack, send: Send, encoding: str) -> None:
    refused(stack, send(_GOOD.encode(encoding)), Problem.MALFORMED)


@pytest.mark.parametrize("raw", ["%%%", "e30", "\u00e9", "e30=\n=", "\ud800"], ids=ascii)
def test_base64_that_is_none_cannot_be_read(stack: Stack, send: Send, raw: str) -> None:
    call = send("")
    before = stack.items()
    answer = stack.invoke(call.function, call.event() | {"body": raw, "isBase64Encoded": True})
    assert json.loads(answer["body"])["type"] == Problem.MALFORMED.type
    assert stack.items() == before


@pytest.mark.parametrize("as_bytes", [False, True], ids=["text", "base64"])
def test_one_byte_more_than_16_kb_is_too_large(stack: Stack, send: Send, as_bytes: bool) -> None:
    for size in (16 * 1024 + 1, _MEBIBYTE):
        text = _GOOD.ljust(size)
        refused(stack, send(text.encode() if as_bytes else text), Problem.TOO_LARGE)
    just = _GOOD.ljust(16 * 1024)
    assert stack.http(send(just.encode() if as_bytes else just)).json()["type"] == Problem.INVALID.type


def test_the_limit_counts_bytes_not_characters(stack: Stack, send: Send) -> None:
    refused(stack, send("é" * 8193), Problem.TOO_LARGE)


@pytest.mark.parametrize(
    "nested", ["[" * 5000 + "]" * 5000, '{"a":' * 2600 + "1" + "}" * 2600], ids=["arrays", "objects"]
)
def test_a_field_nested_as_deep_as_16_kb_allow_is_refused(stack: Stack, send: Send, nested: str) -> None:
    assert stack.http(send(f'{{"extra": {nested}}}')).json()["type"] == Problem.INVALID.type


_OTHER_TYPES = [
    "", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/jsonx", "application/problem+json", "application/merge-patch+json", "*/*",
]  # fmt: skip


@pytest.mark.parametrize("written_as", [None, *_OTHER_TYPES])
def test_another_content_type_is_refused(stack: Stack, send: Send, written_as: str | None) -> None:
    call = send(_GOOD)
    kept = {name: value for name, value in call.headers.items() if name not in JSON}
    headers = kept if written_as is None else kept | {"Content-Type": written_as}
    refused(stack, Call(call.method, call.path, "", headers, call.body), Problem.NOT_JSON)


@pytest.mark.parametrize("query", ["a=%ff", "a=%c3", "&".join(["a=1"] * 51), "%ed%a0%80=1"])
def test_a_query_string_that_cannot_be_read_is_refused(stack: Stack, send: Send, query: str) -> None:
    call = send(_GOOD)
    refused(stack, Call(call.method, call.path, query, call.headers, call.body), Problem.MALFORMED)
