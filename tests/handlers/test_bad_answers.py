"""A provider's link that is not quite the one that was mailed, and forms that no page sends: nothing changes."""

import string
from dataclasses import replace

import pytest

from openhour.domain.requests import Request
from tests.handlers.calls import FORM, made, press
from tests.handlers.gateway import Call
from tests.handlers.pages import look, unchanged
from tests.handlers.stack import Stack

BAD_LINK = "This link does not open anything"
BAD_FORM = "The answer could not be read"
_ALPHABET = string.ascii_letters + string.digits + "-_."


@pytest.fixture(scope="module")
def asked(shared_stack: Stack) -> Request:
    """A request that waits for its answer."""
    return shared_stack.request(made(shared_stack))


@pytest.fixture(scope="module")
def token(shared_stack: Stack, asked: Request) -> str:
    """Its provider's token."""
    return shared_stack.tokens().answer(asked)


def _opens_nothing(stack: Stack, token: str) -> None:
    for call in (look(token), look(token, "HEAD"), press(token, "decision=confirm"), press(token, "decision=decline")):
        unchanged(stack, call, 404, BAD_LINK)


_GARBAGE = [
    "x", ".", "..", "a.b", "%00", "%20", "null", "e30.e30", "e30." + "A" * 43, "x" * 1025, "x" * 4000, "%F0%9F%98%80",
    "%FF", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%7B%7B7*7%7D%7D", "..%2f..%2fetc%2fpasswd",
]  # fmt: skip


@pytest.mark.parametrize("garbage", _GARBAGE, ids=lambda text: text[:24])
def test_garbage_opens_nothing(shared_stack: Stack, garbage: str) -> None:
    _opens_nothing(shared_stack, garbage)


@pytest.mark.parametrize("purpose", ["manage", "verify"])
def test_a_link_of_the_client_answers_nothing(shared_stack: Stack, asked: Request, purpose: str) -> None:
    _opens_nothing(shared_stack, getattr(shared_stack.tokens(), purpose)(asked))


def test_a_link_signed_by_somebody_else_opens_nothing(shared_stack: Stack, asked: Request) -> None:
    _opens_nothing(shared_stack, shared_stack.tokens("guess").answer(asked))


def test_no_character_can_be_another_one(shared_stack: Stack, token: str) -> None:
    before = shared_stack.items()
    for place, old in enumerate(token):
        for new in _ALPHABET.replace(old, ""):
            changed = token[:place] + new + token[place + 1 :]
            assert shared_stack.http(press(changed, "decision=confirm")).status == 404, changed
    assert shared_stack.items() == before


def test_no_part_of_it_is_enough_and_nothing_can_stand_beside_it(shared_stack: Stack, token: str) -> None:
    before = shared_stack.items()
    parts = [part for place in range(1, len(token)) for part in (token[:place], token[place:])]
    doubled = [token[:place] + token[place] + token[place:] for place in range(len(token))]
    beside = [token + more for more in ("A", "-", "_A", "A.")] + [f"A{token}", f"-{token}"]
    for changed in (*parts, *doubled, *beside):
        assert shared_stack.http(press(changed, "decision=decline")).status == 404, changed
    assert shared_stack.items() == before


_NO_DECISIONS = {
    "nothing": "",
    "empty": "decision=",
    "unknown": "decision=maybe",
    "other case": "decision=Confirm",
    "space": "decision=confirm+",
    "zero byte": "decision=confirm%00",
    "another field": "answer=confirm",
    "json": '{"decision":"confirm"}',
    "other spelling": "decision=\uff43onfirm",
}


@pytest.mark.parametrize("form", _NO_DECISIONS.values(), ids=_NO_DECISIONS)
def test_what_is_no_button_changes_nothing(shared_stack: Stack, token: str, form: str) -> None:
    reply = unchanged(shared_stack, press(token, form), 422, BAD_FORM)
    assert "Press one of the buttons." in reply.body


_NO_TIMES = {
    "none": "",
    "four": "".join(f"&start=2027-03-09T1{hour}:00:00Z" for hour in range(4)),
    "every one of a page": "".join(
        f"&start=2027-03-{day:02}T{hour}:00:00Z" for day in range(1, 32) for hour in range(10, 20)
    ),
    "no instant": "&start=tomorrow",
    "no zone": "&start=2027-03-09T10:00:00",
    "off the grid": "&start=2027-03-09T10:07:00Z",
    "past": "&start=2027-02-09T10:00:00Z",
    "at night": "&start=2027-03-09T03:00:00Z",
    "next year": "&start=2028-03-09T10:00:00Z",
}


@pytest.mark.parametrize("starts", _NO_TIMES.values(), ids=_NO_TIMES)
def test_what_cannot_be_offered_changes_nothing(shared_stack: Stack, token: str, starts: str) -> None:
    reply = unchanged(shared_stack, press(token, f"decision=offer{starts}"), 422, BAD_FORM)
    assert "Choose one to 3 of the free times" in reply.body


_SPOKEN = {
    "de": "Wählen Sie eine bis 3",
    "fr-CH, en;q=0.5": "Choisissez un à 3",
    "en;q=0.2, es;q=0.9": "Elija de una a 3",
    "pt, de;q=0": "Choose one to 3",
    "de;q=loud": "Choose one to 3",
    "*": "Choose one to 3",
    ", ;;,=": "Choose one to 3",
}


@pytest.mark.parametrize(("languages", "told"), _SPOKEN.items(), ids=_SPOKEN)
def test_a_problem_is_told_in_the_language_of_the_browser(
    shared_stack: Stack, token: str, languages: str, told: str
) -> None:
    call = press(token, "decision=offer")
    reply = shared_stack.http(replace(call, headers={**call.headers, "accept-language": languages}))
    assert reply.status == 422
    assert told in reply.body


_UNREADABLE = {
    "latin-1": "decision=decline&reason=%e9",
    "half a character": "decision=decline&reason=%ed%a0%80",
    "bytes": b"decision=confirm&reason=\xff",
    "too many fields": "decision=confirm" + "&a=1" * 2000,
    "both buttons": "decision=confirm&decision=decline",
    "the same button twice": "decision=confirm&decision=confirm",
    "two reasons": "decision=decline&reason=a&reason=b",
}


@pytest.mark.parametrize("form", _UNREADABLE.values(), ids=_UNREADABLE)
def test_a_form_that_cannot_be_read_changes_nothing(shared_stack: Stack, token: str, form: str | bytes) -> None:
    unchanged(shared_stack, press(token, form), 400, BAD_FORM)


@pytest.mark.parametrize("written_as", ["", "application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_content_type_changes_nothing(shared_stack: Stack, token: str, written_as: str) -> None:
    call = Call("POST", f"/v1/answers/{token}", "", {"Content-Type": written_as}, b"decision=confirm")
    unchanged(shared_stack, call, 400, BAD_FORM)
    unchanged(shared_stack, Call("POST", call.path, "", {}, b"decision=confirm"), 400, BAD_FORM)


def test_a_decision_in_the_query_string_is_none(shared_stack: Stack, token: str) -> None:
    call = Call("POST", f"/v1/answers/{token}", "decision=confirm", FORM, b"")
    unchanged(shared_stack, call, 422, BAD_FORM)
    unchanged(shared_stack, Call("GET", call.path, "decision=confirm"), 200, "A request for an appointment")


@pytest.mark.parametrize("reason", ["x" * 501, "%0A" * 3 + "x" * 501], ids=lambda text: text[:8])
def test_a_reason_that_is_not_usable_changes_nothing(shared_stack: Stack, token: str, reason: str) -> None:
    unchanged(shared_stack, press(token, f"decision=decline&reason=a{reason}b"), 422, BAD_FORM)


def test_a_form_that_is_too_large_changes_nothing(shared_stack: Stack, token: str) -> None:
    unchanged(shared_stack, press(token, "decision=decline&reason=" + "x" * 16 * 1024), 413, BAD_FORM)


@pytest.mark.parametrize("raw", ["%%%", "e30", "\u00e9"], ids=ascii)
def test_base64_that_is_none_changes_nothing(shared_stack: Stack, token: str, raw: str) -> None:
    before = shared_stack.items()
    event = press(token, "").event() | {"body": raw, "isBase64Encoded": True}
    assert shared_stack.invoke("answer_request", event)["statusCode"] == 400
    assert shared_stack.items() == before


@pytest.mark.parametrize("times", ["yes", "", "TRUE", "1", "true&times=true", "true&times=false", "%00true"])
def test_what_could_be_offered_is_asked_for_in_one_way(shared_stack: Stack, token: str, times: str) -> None:
    for method in ("GET", "HEAD"):
        unchanged(shared_stack, replace(look(token, method), query=f"times={times}"), 422, BAD_FORM)


def test_a_button_that_the_page_does_not_have_changes_nothing(shared_stack: Stack, token: str) -> None:
    reply = unchanged(shared_stack, press(token, "decision=cancel"), 200, "A request for an appointment")
    assert 'value="confirm"' in reply.body
    assert 'value="decline"' in reply.body


def test_a_reason_for_cancelling_is_looked_at_as_one_for_declining(shared_stack: Stack, token: str) -> None:
    for reason in ("x" * 501, "a%1B" * 501):
        unchanged(shared_stack, press(token, f"decision=cancel&reason={reason}"), 422, BAD_FORM)
