"""An answer link that a mail program has changed still opens its page; what cannot be repaired is a page, too."""

import pytest

from openhour.domain.requests import Request
from tests.handlers.calls import BODY, made, press
from tests.handlers.gateway import Call, Reply
from tests.handlers.pages import look, page
from tests.handlers.stack import Stack

OPEN, BAD_LINK = "A request for an appointment", "This link does not open anything"
_MARKS = [".", ",", ";", ":", "!", ")", ">", "]", '"', "'", ").", "\u201d", "\u00bb", "\u2026"]
_BEHIND = [
    *_MARKS, "%3E", "%29", "%253E", "%20", "%0A", "%23confirm", "%2523confirm", "&utm_source=mail",
    "&amp;utm_source=mail", "%3Futm_source=mail", "%2F", "%252F", "/", "//", "/)", "/%23decline", "/confirm", "%C3%A9",
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(shared_stack: Stack) -> Request:
    """A request that waits for its answer."""
    return shared_stack.request(made(shared_stack))


@pytest.fixture(scope="module")
def token(shared_stack: Stack, asked: Request) -> str:
    """Its provider's token."""
    return shared_stack.tokens().answer(asked)


def resolved(path: str, reference: str) -> str:
    """What a relative reference means at a path (RFC 3986, section 5.2): the standard library drops empty segments."""
    *folders, _ = path.split("/")
    *steps, last = reference.split("/")
    for step in steps:
        folders = folders[:-1] if step == ".." else [*folders, step]
    return "/".join([*folders, last])


def followed(stack: Stack, call: Call) -> Reply:
    """What a browser shows in the end."""
    reply = stack.http(call)
    if reply.status == 307:
        assert reply.headers["cache-control"] == "no-store"
        leads = resolved(call.path, reply.headers["location"])
        return stack.http(Call(call.method, leads, call.query, call.headers, call.body))
    return reply


@pytest.mark.parametrize("behind", _BEHIND)
def test_what_is_added_behind_a_link_is_passed_over(shared_stack: Stack, token: str, behind: str) -> None:
    for method in ("GET", "HEAD"):
        page(followed(shared_stack, look(f"{token}{behind}", method)), 200, OPEN)


def test_what_stands_before_the_path_of_the_api_stays(shared_stack: Stack, token: str) -> None:
    for path in (f"/v1/answers/{token}/", f"/v1/answers/{token}/confirm", f"/v1/answers/{token}//)"):
        location = shared_stack.http(Call("GET", path)).headers["location"]
        assert resolved(f"/prod{path}", location) == f"/prod/v1/answers/{token}"


@pytest.mark.parametrize("query", ["utm_source=mail", "utm_source=mail&amp;x=1", "fbclid=1&mc_eid=2"])
def test_added_parameters_are_passed_over(shared_stack: Stack, token: str, query: str) -> None:
    for path in (token, f"{token}/", f"{token})"):
        page(followed(shared_stack, Call("GET", f"/v1/answers/{path}", query)), 200, OPEN)


def test_the_dot_of_a_token_may_be_encoded(shared_stack: Stack, token: str) -> None:
    for dot in ("%2E", "%252E"):
        page(followed(shared_stack, look(token.replace(".", dot))), 200, OPEN)


@pytest.mark.parametrize("path", ["", "/", "/%20", "/x/", "/eyJ/", "/eyJ.abc/", "/..", "//"])
def test_what_cannot_be_repaired_is_a_page_that_says_so(shared_stack: Stack, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        page(followed(shared_stack, Call(method, f"/v1/answers{path}")), 404, BAD_LINK)


def test_a_button_behind_a_changed_link_does_what_it_says(shared_stack: Stack) -> None:
    request = shared_stack.request(made(shared_stack, BODY | {"start": "2027-03-10T09:00:00Z"}, "5f0c8e6a-0099"))
    token = shared_stack.tokens().answer(request)
    page(followed(shared_stack, press(f"{token}/", "decision=decline")), 200, "Declined")


def test_other_methods_and_paths_are_refused_as_ever(shared_stack: Stack, token: str) -> None:
    for method, path, status in (("PUT", f"{token}/", 404), ("DELETE", token, 405)):
        assert shared_stack.http(look(path, method)).status == status
    for path in ("/v1/answersx", "/v1/answer", "/", "/v1/"):
        assert shared_stack.http(Call("GET", path)).json()["type"] == "urn:problem-type:openhour:unknown-path"
