"""Every bad body and header of a submission, made or only validated: its problem, and a table as it was."""

import json
from typing import Any

import pytest

from openhour.adapters.http.problems import Problem
from tests.handlers.calls import BODY, KEY, WISH, lacking, refused, spoiled, submit
from tests.handlers.gateway import Call
from tests.handlers.stack import Stack

_MEBIBYTE = 1024 * 1024
_MODES = {"submitted": "", "validated": "validate_only=true"}


@pytest.fixture(params=_MODES.values(), ids=_MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """The query string that submits, and the one that validates only."""
    query: str = request.param
    return query


@pytest.mark.parametrize("name", ["provider", "location", "forum", "service", "start", "client.name", "client.email"])
def test_a_field_that_is_missing_is_named(shared_stack: Stack, mode: str, name: str) -> None:
    refused(shared_stack, submit(lacking(name), query=mode), Problem.INVALID, name)


def test_who_asks_may_be_left_open_only_while_nothing_is_submitted(shared_stack: Stack) -> None:
    refused(shared_stack, submit(WISH), Problem.INVALID, "client")
    assert shared_stack.http(submit(WISH, query="validate_only=true")).status == 200


def test_everything_that_is_wrong_is_named_at_once(shared_stack: Stack, mode: str) -> None:
    body = {"start": "tomorrow", "client": {"email": "nobody", "extra": 1}, "more": 1, "forum": "phone"}
    fields = "start", "client.email", "client.extra", "client.name", "more", "forum", "provider", "location", "service"
    refused(shared_stack, submit(body, query=mode), Problem.INVALID, *fields)


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["x"], {"x": 1}], ids=repr)
@pytest.mark.parametrize("name", ["provider", "location", "forum", "service", "start", "client.name", "client.email"])
def test_a_value_of_another_type_is_refused(shared_stack: Stack, mode: str, name: str, value: Any) -> None:
    refused(shared_stack, submit(_with(name, value), query=mode), Problem.INVALID, name)


@pytest.mark.parametrize("value", [1, True, [], {}], ids=repr)
@pytest.mark.parametrize("name", ["note", "client.phone", "client.time_zone", "client.locale"])
def test_an_optional_value_of_another_type_is_refused(shared_stack: Stack, mode: str, name: str, value: Any) -> None:
    refused(shared_stack, submit(_with(name, value), query=mode), Problem.INVALID, name)


@pytest.mark.parametrize("value", [1, "Ana", [], True], ids=repr)
def test_a_client_that_is_no_object_is_refused(shared_stack: Stack, mode: str, value: Any) -> None:
    refused(shared_stack, submit(spoiled(client=value), query=mode), Problem.INVALID, "client")


def _with(name: str, value: Any) -> dict[str, Any]:
    outer, _, inner = name.partition(".")
    return spoiled(**{outer: {inner: value} if inner else value})


@pytest.mark.parametrize("provider", ["nobody", "MAYA-OKAFOR", "../maya-okafor", "maya-okafor#", "é" * 60])
def test_a_provider_nobody_knows_cannot_be_booked(shared_stack: Stack, mode: str, provider: str) -> None:
    refused(shared_stack, submit(spoiled(provider=provider), query=mode), Problem.UNKNOWN_PROVIDER)


@pytest.mark.parametrize("name", ["location", "service"])
def test_what_the_provider_does_not_offer_is_named(shared_stack: Stack, mode: str, name: str) -> None:
    refused(shared_stack, submit(spoiled(**{name: "elsewhere"}), query=mode), Problem.INVALID, name)


@pytest.mark.parametrize("name", ["provider", "location", "service"])
@pytest.mark.parametrize("value", ["", "x" * 61])
def test_an_id_that_is_empty_or_too_long_is_refused(shared_stack: Stack, mode: str, name: str, value: str) -> None:
    refused(shared_stack, submit(spoiled(**{name: value}), query=mode), Problem.INVALID, name)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("2027-02-26T09:00:00Z", id="past"),
        pytest.param("2026-03-09T09:00:00Z", id="past year"),
        pytest.param("2000-01-01T00:00:00Z", id="earliest"),
        pytest.param("2027-03-01T09:00:00Z", id="within notice"),
        pytest.param("2027-05-03T09:00:00Z", id="beyond horizon"),
        pytest.param("9990-12-31T23:59:00Z", id="latest"),
        pytest.param("2027-03-08T09:07:00Z", id="off the grid"),
        pytest.param("2027-03-08T09:00:30Z", id="not on a minute"),
        pytest.param("2027-03-08T09:00:00.5Z", id="fraction"),
        pytest.param("2027-03-08T08:00:00Z", id="before hours"),
        pytest.param("2027-03-08T16:15:00Z", id="ends after hours"),
        pytest.param("2027-03-07T09:00:00Z", id="sunday"),
        pytest.param("2027-03-08T09:00:00+02:00", id="before hours by its offset"),
        pytest.param("2027-03-08T09:00:00", id="no zone"),
        pytest.param("2027-03-08 09:00:00Z", id="space"),
        pytest.param("2027-03-08", id="date"),
        pytest.param("2027-02-30T09:00:00Z", id="no such day"),
        pytest.param("0001-01-01T00:00:00Z", id="year 1"),
        pytest.param("9999-12-31T23:59:59Z", id="year 9999"),
        pytest.param("9999-12-31T23:59:59-12:00", id="beyond year 9999"),
        pytest.param("0001-01-01T00:00:00+12:00", id="before year 1"),
        pytest.param("2027-03-08T24:00:00Z", id="hour 24"),
        pytest.param("2027-03-08T09:60:00Z", id="minute 60"),
        pytest.param("2027-03-08T09:00:60Z", id="leap second"),
        pytest.param("2027-03-08T09:00:00+24:00", id="offset of a day"),
        pytest.param("2027-03-08T09:00:00+0100", id="offset without colon"),
        pytest.param("2027-03-08T09:00:00Europe/London", id="zone name"),
        pytest.param("20270308T090000Z", id="basic form"),
        pytest.param("2027-W10-1T09:00:00Z", id="week date"),
        pytest.param("+2027-03-08T09:00:00Z", id="signed year"),
        pytest.param(
            "\u0662\u0660\u0662\u0667-\u0660\u0663-\u0660\u0668T\u0660\u0669:\u0660\u0660:\u0660\u0660Z",
            id="arabic digits",
        ),
        pytest.param("\uff12\uff10\uff12\uff17-03-08T09:00:00Z", id="full-width digits"),
        pytest.param(" 2027-03-08T09:00:00Z", id="leading space"),
        pytest.param("2027-03-08T09:00:00Z\n", id="trailing line feed"),
        pytest.param("1804496400", id="epoch seconds"),
        pytest.param("", id="empty"),
        pytest.param("9" * 5000, id="long"),
        pytest.param("2027-03-08T09:00:00." + "9" * 5000 + "Z", id="long fraction"),
    ],
)
def test_a_start_that_cannot_be_booked_is_refused(shared_stack: Stack, mode: str, start: str) -> None:
    refused(shared_stack, submit(spoiled(start=start), query=mode), Problem.INVALID, "start")


_UNUSABLE = {
    "client.name": [
        "", "   ", "x" * 101, "Ana\r\nBcc: x@evil.example", "\x7f", "\x00", "\u200b\u200d\ufeff", "\u3164", "\u2800",
        "\u0301\u0301", "\u202e\u2066", "Go to http://evil.example/pay NOW", "HTTPS\uff1a//evil.example",
        "www.evil.example",
        "evil.example/pay", "bit.ly", "evil.co.uk", "Call evilshop.de", "evil\u3002com", "evil.\u200bcom", "192.0.2.1",
        "ana@client.example",
    ],
    "client.phone": ["", "1" * 41, "\x00", "\u200b", "evil.example/pay"],
    "client.email": [
        "", "ana", "ana@", "@client.example", "ana@client", "a b@client.example",
        "ana@client.example\r\nBcc: x@y.example",
        "ana@client.example,x@client.example", "ana@localhost", "x" * 65 + "@client.example",
        "=?utf-8?q?a?=@client.example", "=??q??=@client.example", "=?us-ascii?b?YQ==?=@client.example",
        "x@other.example <ana@client.example>", "Ana <ana@client.example>, Leo <leo@client.example>", "mailto:", "<>",
        "jos\u00e9@client.example", "ana@[127.0.0.1]", "x" * 250 + "@y.example", "ana@-client.example",
    ],
    "client.time_zone": [
        "", "../../etc/passwd", "/etc/passwd", "localtime", "posixrules", "right/UTC", "posix/UTC", "Factory", "Europe",
        "Europe/Nowhere", "europe/london", "Europe/London\n", "Europe/London\x00", "Europe//London", "UTC+1", "+01:00",
        "Europe/../Europe/London", "x" * 5000, "\uff25urope/London", "zone.tab",
    ],
    "client.locale": ["", "EN", "english", "en_GB", "en-", "en\n", "../en", "e" * 100],
    "note": ["x" * 2001],
    "forum": ["", "IN_PERSON", "in-person", "phone", "in_person "],
}  # fmt: skip
_UNUSABLE_TEXTS = [(name, value) for name, values in _UNUSABLE.items() for value in values]


@pytest.mark.parametrize(("name", "value"), _UNUSABLE_TEXTS, ids=lambda text: ascii(text)[:24])
def test_a_text_that_is_not_usable_is_refused(shared_stack: Stack, mode: str, name: str, value: str) -> None:
    refused(shared_stack, submit(_with(name, value), query=mode), Problem.INVALID, name)


@pytest.mark.parametrize("surrogate", [r"\ud800", r"a\udfffb", r"\ude00\ud83d"])
@pytest.mark.parametrize(
    "name", ["provider", "service", "start", "note", "client.name", "client.email", "client.phone"]
)
def test_half_a_character_is_refused(shared_stack: Stack, mode: str, name: str, surrogate: str) -> None:
    text = json.dumps(_with(name, "HALF")).replace("HALF", surrogate)
    refused(shared_stack, submit(text, query=mode), Problem.INVALID, name)


@pytest.mark.parametrize("place", ["outside", "inside"])
def test_half_a_character_in_a_name_of_a_field_is_refused(shared_stack: Stack, mode: str, place: str) -> None:
    body = BODY | {"HALF": 1} if place == "outside" else spoiled(client={"HALF": 1})
    field = "" if place == "outside" else "client"
    text = json.dumps(body).replace("HALF", r"\ud800")
    refused(shared_stack, submit(text, query=mode), Problem.INVALID, field)


_GOOD = json.dumps(BODY)
_NOT_A_DOCUMENT = {
    "nothing": "",
    "space": "  ",
    "truncated": _GOOD[:-1],
    "truncated in a text": _GOOD[:20],
    "doubled": _GOOD + _GOOD,
    "array": f"[{_GOOD}]",
    "text": '"x"',
    "number": "1",
    "null": "null",
    "true": "true",
    "NaN": _GOOD.replace('"talk"', "NaN"),
    "Infinity": _GOOD.replace('"talk"', "Infinity"),
    "-Infinity": _GOOD.replace('"talk"', "-Infinity"),
    "twice": _GOOD[:-1] + ', "service": "talk"}',
    "twice inside": _GOOD.replace('"name"', '"email": "b@client.example", "name"'),
    "twice escaped": _GOOD[:-1] + r', "servic\u0065": "talk"}',
    "deep arrays": "[" * 5000 + "]" * 5000,
    "deep and open": "[" * 16000,
    "huge integer": _GOOD.replace('"talk"', "9" * 5000),
    "single quotes": _GOOD.replace('"', "'"),
    "trailing comma": _GOOD[:-1] + ",}",
    "comment": "/* hello */" + _GOOD,
    "line feed in a text": _GOOD.replace("Ana Lima", "Ana\nLima"),
    "byte order mark": "\ufeff" + _GOOD,
    "form": "provider=maya-okafor&service=talk",
    "bad escape": _GOOD.replace("Ana", r"\x41"),
}


@pytest.mark.parametrize("text", _NOT_A_DOCUMENT.values(), ids=_NOT_A_DOCUMENT)
def test_what_is_not_one_json_object_cannot_be_read(shared_stack: Stack, mode: str, text: str) -> None:
    refused(shared_stack, submit(text, query=mode), Problem.MALFORMED)
    refused(shared_stack, submit(text.encode(), query=mode), Problem.MALFORMED)


@pytest.mark.parametrize(
    "nested", ["[" * 5000 + "]" * 5000, '{"a":' * 2600 + "1" + "}" * 2600], ids=["arrays", "objects"]
)
def test_a_field_nested_as_deep_as_16_kb_allow_is_refused(shared_stack: Stack, mode: str, nested: str) -> None:
    refused(shared_stack, submit(_GOOD.replace('"talk"', nested), query=mode), Problem.INVALID, "service")


@pytest.mark.parametrize("exponent", ["1e999", "-0.0", "123456789012345678901234567890"])
def test_a_number_of_any_size_is_no_text(shared_stack: Stack, mode: str, exponent: str) -> None:
    refused(shared_stack, submit(_GOOD.replace('"talk"', exponent), query=mode), Problem.INVALID, "service")


@pytest.mark.parametrize("spoil", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"], ids=repr)
def test_bytes_that_are_not_utf_8_cannot_be_read(shared_stack: Stack, mode: str, spoil: bytes) -> None:
    refused(shared_stack, submit(_GOOD.encode().replace(b"Ana", spoil), query=mode), Problem.MALFORMED)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_cannot_be_read(shared_stack: Stack, mode: str, encoding: str) -> None:
    refused(shared_stack, submit(_GOOD.encode(encoding), query=mode), Problem.MALFORMED)


@pytest.mark.parametrize("raw", ["%%%", "e30", "é", "e30=\n=", "\ud800"], ids=ascii)
def test_base64_that_is_none_cannot_be_read(shared_stack: Stack, mode: str, raw: str) -> None:
    event = submit(query=mode).event() | {"body": raw, "isBase64Encoded": True}
    before = shared_stack.items()
    answer = shared_stack.invoke("submit_request", event)
    assert json.loads(answer["body"])["type"] == Problem.MALFORMED.type
    assert shared_stack.items() == before


def test_base64_is_no_way_around_any_check(shared_stack: Stack, mode: str) -> None:
    refused(shared_stack, submit(json.dumps(spoiled(forum="phone")).encode(), query=mode), Problem.INVALID, "forum")


@pytest.mark.parametrize("as_bytes", [False, True], ids=["text", "base64"])
def test_one_byte_more_than_16_kb_is_too_large(shared_stack: Stack, mode: str, as_bytes: bool) -> None:
    for size, problem in (
        (16 * 1024, Problem.INVALID),
        (16 * 1024 + 1, Problem.TOO_LARGE),
        (_MEBIBYTE, Problem.TOO_LARGE),
    ):
        text = json.dumps(spoiled(forum="phone")).ljust(size)
        fields = ["forum"] if problem is Problem.INVALID else []
        refused(shared_stack, submit(text.encode() if as_bytes else text, query=mode), problem, *fields)


def test_the_limit_counts_bytes_not_characters(shared_stack: Stack, mode: str) -> None:
    refused(shared_stack, submit("é" * 8193, query=mode), Problem.TOO_LARGE)


@pytest.mark.parametrize(
    "written_as",
    [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/problem+json",
        "application/json, application/json",
        "*/*",
    ],
)
def test_another_content_type_is_refused(shared_stack: Stack, mode: str, written_as: str) -> None:
    refused(shared_stack, submit(BODY, query=mode, Content_Type=written_as), Problem.NOT_JSON)


def test_a_missing_content_type_is_refused(shared_stack: Stack, mode: str) -> None:
    call = Call("POST", "/v1/requests", mode, {"Idempotency-Key": KEY}, _GOOD)
    refused(shared_stack, call, Problem.NOT_JSON)


@pytest.mark.parametrize("written_as", ["APPLICATION/JSON", "application/json;charset=UTF-8", " application/json "])
def test_the_content_type_may_be_written_in_any_way_that_means_json(shared_stack: Stack, written_as: str) -> None:
    assert shared_stack.http(submit(query="validate_only=true", Content_Type=written_as)).status == 200


_UNUSABLE_KEYS = [
    None, "", "1234567", "x" * 201, "x" * 8000, "with space", "12345678,12345678", "12345678\x00", "12345678\r\nx: y",
    "\u043a\u043b\u044e\u0447-\u043a\u043b\u044e\u0447", "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
    "12345678.", '"12345678"', "../../../etc", " " * 8,
]  # fmt: skip


@pytest.mark.parametrize("key", _UNUSABLE_KEYS, ids=lambda key: ascii(key)[:24])
def test_an_idempotency_key_that_is_not_usable_is_asked_for(shared_stack: Stack, key: str | None) -> None:
    refused(shared_stack, submit(key=key), Problem.KEY_MISSING)


@pytest.mark.parametrize(
    "query",
    [
        "validate_only=yes",
        "validate_only=",
        "validate_only",
        "validate_only=TRUE",
        "validate_only=1",
        "validate_only=true&validate_only=true",
        "validate_only=true&validate_only=false",
        "validate_only=%00true",
        "validate_only=true%20",
    ],
)
def test_validate_only_is_true_or_false_and_nothing_else(shared_stack: Stack, query: str) -> None:
    refused(shared_stack, submit(query=query), Problem.INVALID, "validate_only")


@pytest.mark.parametrize("query", ["a=%ff", "validate_only=%c3", "&".join(["a=1"] * 51), "%ed%a0%80=1"])
def test_a_query_string_that_cannot_be_read_is_refused(shared_stack: Stack, query: str) -> None:
    refused(shared_stack, submit(query=query), Problem.MALFORMED)
