"""The smoke test's walk through the handlers: every step, and what is left when one fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from openhour.domain.transitions import Status
from operate.cloud import Cloud
from operate.smoke.api import Answer
from operate.smoke.errors import StumbledError
from operate.smoke.inside import Inside
from operate.smoke.walk import Walk
from tests.builders import practice, provider
from tests.cloud import TABLE
from tests.handlers import stack as settings
from tests.handlers.gateway import Call
from tests.handlers.letters import letters
from tests.handlers.stack import Stack, forget

ADDRESS = "success+1a2b3c4d@simulator.amazonses.com"


@dataclass
class Calls:
    """The API without HTTP; calls of one method and path can be made to fail."""

    stack: Stack
    failing: tuple[str, str] = ("", "")

    def __call__(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        route, _, query = path.partition("?")
        if method == self.failing[0] and route.startswith(self.failing[1]):
            return Answer(503, '{"type": "urn:problem-type:openhour:try-again"}')
        reply = self.stack.http(Call(method, route, query, headers, body))
        return Answer(reply.status, reply.body)


@dataclass
class Steps:
    """A walk, and what it said."""

    stack: Stack
    calls: Calls
    lines: list[str] = field(default_factory=list)
    delivers: bool = True

    def __post_init__(self) -> None:
        inside = Inside.of(Cloud(), TABLE, "openhour-test-keys", self.stack.clock)
        self.walk = Walk(self.calls, inside, self.stack.clock, self.lines.append, self.wait, ADDRESS, "smoke-test-1")

    def wait(self, _: float) -> None:
        if self.delivers:
            letters(self.stack, self.walk.request)

    def told(self) -> list[str]:
        return [line.partition(" s  ")[2] for line in self.lines]


@pytest.fixture
def steps(stack: Stack) -> Steps:
    return Steps(stack, Calls(stack))


@pytest.mark.parametrize("named", ["maya-okafor", None])
def test_a_request_is_asked_for_confirmed_cancelled_and_forgotten(steps: Steps, named: str | None) -> None:
    before = steps.walk.free_time(named)
    steps.walk.ask_confirm_cancel(before)
    steps.walk.forget()
    assert steps.told() == [
        "look for a free time",
        "ask for it",
        "mails go out",
        "confirm it for the provider",
        "mails go out",
        "cancel it for the client",
        "mails go out",
        "forget the client",
    ]
    left = steps.stack.request(steps.walk.request)
    assert (left.status, left.client.email) == (Status.CANCELLED, "")
    assert ADDRESS not in str(steps.stack.items())
    assert steps.walk.free_time(named) == before


def test_it_proves_the_address_where_the_practice_wishes_that(steps: Steps) -> None:
    steps.stack.store.seed(practice(verify=True), provider())
    steps.walk.ask_confirm_cancel(steps.walk.free_time(None))
    assert steps.told()[2:4] == ["mails go out", "prove the address"]


@pytest.mark.parametrize(
    ("failing", "told"),
    [
        (("POST", "/v1/answers/"), "confirm it for the provider: answered 503"),
        (("GET", "/v1/requests/"), "confirm it for the provider: answered 503"),
        (("POST", "/v1/requests"), "ask for it: answered 503"),
    ],
)
def test_a_step_that_fails_is_told_and_the_request_taken_back(
    steps: Steps, failing: tuple[str, str], told: str
) -> None:
    time = steps.walk.free_time(None)
    steps.calls.failing = failing
    with pytest.raises(StumbledError, match=told) as stumbled:
        steps.walk.ask_confirm_cancel(time)
    assert "/v1/answers/" not in str(stumbled.value)
    assert steps.walk.take_back()
    assert steps.walk.free_time(None) == time
    if steps.walk.request:
        letters(steps.stack, steps.walk.request)
        steps.walk.forget()


def test_mails_that_do_not_go_out_are_named(steps: Steps) -> None:
    steps.delivers = False
    with pytest.raises(StumbledError, match="waiting to the client is due, new_request to the provider is due"):
        steps.walk.ask_confirm_cancel(steps.walk.free_time(None))


def test_what_cannot_be_taken_back_is_said(steps: Steps) -> None:
    time = steps.walk.free_time(None)
    steps.delivers = False
    with pytest.raises(StumbledError):
        steps.walk.ask_confirm_cancel(time)
    steps.calls.failing = ("DELETE", "/v1/requests/")
    assert not steps.walk.take_back()
    assert "not taken back: answered 503" in steps.lines[-1]


def test_under_load_it_solves_the_proof_of_work_as_a_page_does(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    steps.stack.store.seed(practice(verify=True), provider())
    monkeypatch.setitem(settings._VALUES, "PROOF_AFTER", "1")
    forget()
    for number in range(2):
        steps.walk.key = f"smoke-test-{number}"
        steps.walk.ask_confirm_cancel(steps.walk.free_time(None))
    monkeypatch.undo()
    forget()
