"""What people do with their links, each step made sure of."""

from typing import Any

from tests.handlers.calls import CLIENT, ask_for_link, press, sign_in, slots, spoiled, submit
from tests.handlers.gateway import Call
from tests.handlers.letters import PROVIDER, Letter, letters, sign_in_letters
from tests.handlers.pages import heading
from tests.handlers.stack import Stack

ANA = CLIENT["email"]
START, OTHER = "2027-03-08T09:00:00Z", "2027-03-09T10:00:00Z"


def did(stack: Stack, call: Call, status: int = 200) -> Any:
    reply = stack.http(call)
    assert reply.status == status, reply.body
    return reply.json()


def said(stack: Stack, token: str, form: str) -> str:
    reply = stack.http(press(token, form))
    assert reply.status == 200, heading(reply)
    return heading(reply)


def asked(stack: Stack, **changes: Any) -> tuple[str, Letter, Letter]:
    """A new request, and what its client and its provider are mailed."""
    request_id = did(stack, submit(spoiled(**changes)), 201)["id"]
    sent = letters(stack, request_id)
    return request_id, sent[ANA], sent[PROVIDER]


def confirmed(stack: Stack) -> tuple[str, str, str, Letter]:
    """An appointment, the client's and the provider's token, and the client's mail about it."""
    request_id, to_ana, to_maya = asked(stack)
    answer = to_maya.token("v1/answers")
    assert said(stack, answer, "decision=confirm") == "Confirmed"
    sent = letters(stack, request_id)
    assert set(sent) == {ANA}
    return request_id, to_ana.token("manage.html"), answer, sent[ANA]


def free(stack: Stack, *starts: str) -> list[bool]:
    listed = did(stack, slots())["slots"]
    return [start in listed for start in starts]


def signed_in(stack: Stack) -> tuple[str, str]:
    """The token of the mailed link, and the portal's."""
    assert did(stack, ask_for_link({"email": ANA}), 202) == {}
    sent = sign_in_letters(stack, ANA)
    assert set(sent) == {ANA}
    link = sent[ANA].token("sign-in.html")
    return link, did(stack, sign_in(link), 201)["token"]
