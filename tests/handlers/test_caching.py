"""What a cache in front of the API may keep: what is everybody's to see, for seconds; nothing else, and no error."""

from dataclasses import replace

import pytest

from tests.handlers.calls import SLOT_PATHS, made, own_list, slots, with_token
from tests.handlers.gateway import Call
from tests.handlers.stack import Stack

BRIEFLY = "public, max-age=0, s-maxage=5"


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "/v1/practice"),
        Call("GET", "/v1/providers"),
        Call("GET", "/v1/providers/maya-okafor"),
        *map(slots, SLOT_PATHS),
    ],
    ids=lambda call: call.path,
)
def test_public_lookups_may_be_kept_for_five_seconds_but_not_by_a_browser(shared_stack: Stack, call: Call) -> None:
    reply = shared_stack.http(call)
    assert (reply.status, reply.headers["cache-control"]) == (200, BRIEFLY)


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "/v1/providers/nobody"),
        *(slots(path, service="nothing") for path in SLOT_PATHS),
        slots("/v1/providers/nobody/slots"),
    ],
    ids=lambda call: call.path,
)
def test_lookups_that_fail_are_not_kept(shared_stack: Stack, call: Call) -> None:
    reply = shared_stack.http(call)
    assert reply.status in {404, 422}
    assert reply.headers["cache-control"] == "no-store"


def test_what_is_somebodys_own_is_not_kept(stack: Stack) -> None:
    request = made(stack)
    token = stack.tokens().manage(stack.request(request))
    for given, status in ((token, 200), (None, 401)):
        reply = stack.http(with_token("GET", request, given))
        assert (reply.status, reply.headers["cache-control"]) == (status, "no-store")
    assert stack.http(own_list(None)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "call", [Call("GET", "/v1/practice"), Call("GET", "/v1/providers"), slots()], ids=lambda call: call.path
)
def test_who_has_an_answer_already_is_told_so_without_it(shared_stack: Stack, call: Call) -> None:
    tag = shared_stack.http(call).headers["etag"]
    for held in (tag, f"W/{tag}", f'"another", {tag}', "*"):
        reply = shared_stack.http(replace(call, headers={**call.headers, "if-none-match": held}))
        assert (reply.status, reply.body) == (304, "")
        assert (reply.headers["etag"], reply.headers["cache-control"]) == (tag, BRIEFLY)
    reply = shared_stack.http(replace(call, headers={**call.headers, "if-none-match": '"another"'}))
    assert (reply.status, reply.headers["etag"]) == (200, tag)
