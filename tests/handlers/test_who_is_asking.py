"""Only a token shows who is asking: without one, every address gets the same answer from the same calls."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from openhour.adapters import aws
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.http.problems import Problem
from openhour.application.jobs.bounces import Trouble
from openhour.application.signed_in import SignedIn
from openhour.domain.values import Practice
from tests.builders import NOW, practice, provider
from tests.cloud import ROOT
from tests.handlers.calls import BODY, WISH, ask_for_link, bearing, erase, refused, sign_in, sign_out, submit, verify
from tests.handlers.gateway import Call
from tests.handlers.letters import PROVIDER, Letter, letters
from tests.handlers.people import did, said
from tests.handlers.stack import Stack, forget

WORDS = "Go and pay at evil example NOW"


@dataclass
class Watch:
    """The calls to the table since the last look: each one's name, and how many bytes it read."""

    found: list[tuple[str, int]] = field(default_factory=list)

    def note(self, http_response: Any, model: Any, **_: Any) -> None:
        self.found.append((model.name, len(http_response.content)))

    def look(self) -> list[tuple[str, int]]:
        found, self.found = self.found, []
        return found


def person(number: int) -> str:
    """An address; all of them have the same length."""
    return f"person-{number}@client.example"


def who(stack: Stack, email: str) -> SignedIn:
    return SignedIn(stack.client_id(email), 0)


def portal(stack: Stack, email: str) -> str:
    return stack.tokens().portal(who(stack, email))


def asking(email: str, key: str = "by-somebody", token: str | None = None, **changes: Any) -> Call:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return submit(BODY | {"client": {"name": WORDS, "email": email}} | changes, key, **headers)


def _draft(email: str) -> dict[str, Any]:
    return WISH | {"client": {"name": WORDS, "email": email}}


def _stranger(_stack: Stack, _email: str) -> None:
    """Nobody has ever heard of them."""


def _proven(stack: Stack, email: str) -> None:
    did(stack, sign_in(stack.tokens().sign_in(who(stack, email))), 201)


def _at_the_limit(stack: Stack, email: str) -> None:
    for hour in (9, 11, 13):
        call = asking(email, f"limit-{hour:04}", portal(stack, email), start=f"2027-03-09T{hour:02}:00:00Z")
        assert did(stack, call, 201)["status"] == "pending"


def _listed(stack: Stack, email: str) -> None:
    stack.store.list_client(stack.client_id(email))


def _listed_and_proven(stack: Stack, email: str) -> None:
    _listed(stack, email)
    _proven(stack, email)


def _erased(stack: Stack, email: str) -> None:
    _proven(stack, email)
    did(stack, erase(portal(stack, email)))


def _bounced(stack: Stack, email: str) -> None:
    _proven(stack, email)
    DynamoDBPortal(stack.store.table).mark(stack.client_id(email), Trouble.UNDELIVERABLE, NOW)


def _complained(stack: Stack, email: str) -> None:
    DynamoDBPortal(stack.store.table).mark(stack.client_id(email), Trouble.COMPLAINT, NOW)


def _signed_out(stack: Stack, email: str) -> None:
    _proven(stack, email)
    did(stack, sign_out(portal(stack, email)))


def _waiting_to_prove_it(stack: Stack, email: str) -> None:
    call = asking(email, "unproven-one", start="2027-03-10T09:00:00Z")
    assert did(stack, call, 201)["status"] == "unverified"


PEOPLE: tuple[Callable[[Stack, str], None], ...] = (
    *(_stranger, _proven, _at_the_limit, _listed, _listed_and_proven, _erased, _bounced, _complained, _signed_out),
    _waiting_to_prove_it,
)


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def world(shared_stack: Stack, watch: Watch) -> Iterator[Stack]:
    """Everybody at once, so that all of them find the same days; whatever the table is asked for is watched."""
    session = aws._session()
    session.register("after-call.dynamodb", watch.note, unique_id="watch")
    forget()
    shared_stack.store.seed(practice(verify=True), provider())
    for number, live in enumerate(PEOPLE):
        live(shared_stack, person(number))
    shared_stack.clock.move(minutes=10)  # what was asked for five minutes ago is another asking
    shared_stack.seeds = shared_stack.items()
    yield shared_stack
    session.unregister("after-call.dynamodb", watch.note, unique_id="watch")


RULES = {
    "verify": practice(verify=True),
    "no verify": practice(verify=False),
    "known clients": practice(verify=True, known_clients_only=True),
    "known clients, no verify": practice(verify=False, known_clients_only=True),
    "nothing left": practice(verify=False, max_open_requests=1, max_requests_per_day=1),
}
CALLS: dict[str, Callable[[Stack, str], Call]] = {
    "submit": lambda _stack, email: asking(email),
    "submit in other letters": lambda _stack, email: asking(email.upper()),
    "submit with the trap": lambda _stack, email: asking(email, leave_empty="x"),
    "submit for a taken time": lambda _stack, email: asking(email, start="2027-03-09T09:00:00Z"),
    "submit as somebody else": lambda stack, email: asking(email, token=portal(stack, "other@client.example")),
    "validate": lambda _stack, email: submit(_draft(email), None, "validate_only=true"),
    "ask for a link": lambda _stack, email: ask_for_link({"email": email}),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
def test_without_a_token_every_address_gets_the_same_answer_from_the_same_calls(
    world: Stack, watch: Watch, rules: Practice, call: Callable[[Stack, str], Call]
) -> None:
    answers, calls = {}, {}
    for number, live in enumerate(PEOPLE):
        world.reset()
        world.clock.move(minutes=10)
        world.store.seed(rules, provider())
        made = call(world, person(number))
        watch.look()
        reply = world.http(made)
        calls[live.__name__] = watch.look()
        answers[live.__name__] = reply.status, _without_ids(reply.headers), _without_ids(reply.body)
    assert calls["_stranger"]
    for name, answer in answers.items():
        assert (name, answer, calls[name]) == (name, answers["_stranger"], calls["_stranger"])


def _without_ids(part: Any) -> Any:
    """Without the request's id, the path that names it, and the challenge that is another one each time."""
    document = json.loads(part) if isinstance(part, str) and part.startswith("{") else part
    if not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if name not in {"id", "location", "challenge"}}


def test_the_calls_that_take_an_address_without_a_token_are_those_that_are_compared_here() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    }
    asked = {
        route
        for route, operation in operations.items()
        if not operation.get("security") and _names_an_address(operation, document, set())
    }
    assert asked == {"POST /v1/requests", "POST /v1/sign-in-links"}


def _names_an_address(part: Any, document: Any, seen: set[str]) -> bool:
    """Whether a request can hold a field `email`, answers left out."""
    if isinstance(part, list):
        return any(_names_an_address(each, document, seen) for each in part)
    if not isinstance(part, dict):
        return False
    reference = part.get("$ref")
    if reference is not None and reference not in seen:
        seen.add(reference)
        found = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        return _names_an_address(found, document, seen)
    if "email" in part.get("properties", {}) or part.get("name") == "email":
        return True
    return any(_names_an_address(value, document, seen) for name, value in part.items() if name != "responses")


def test_an_address_proven_long_ago_is_mailed_nothing_that_somebody_else_types(stack: Stack) -> None:
    victim = "victim@client.example"
    stack.store.seed(practice(verify=True), provider())
    _proven(stack, victim)
    for number in range(3):
        start = f"2027-03-08T{9 + number:02}:00:00Z"
        made = did(stack, asking("VICTIM@client.example", f"evil-000{number}", start=start, note=WORDS), 201)
        assert made["status"] == "unverified"
        sent = letters(stack, made["id"])
        assert [address.lower() for address in sent] == [victim]
        [letter] = sent.values()
        assert "evil" not in _whole(letter)
    own = did(stack, asking(victim, "my-own-0001", portal(stack, victim), start="2027-03-12T09:00:00Z"), 201)
    assert own["status"] == "pending"


def _whole(letter: Letter) -> str:
    """Its header fields and all its parts, decoded."""
    parts = [part.get_payload(decode=True) or b"" for part in letter.message.walk()]
    return str(letter.message.items()) + b"".join(parts).decode()  # type: ignore[arg-type]


def test_a_practice_that_asks_for_no_proof_mails_an_unproven_address_nothing_that_was_typed(stack: Stack) -> None:
    stack.store.seed(practice(verify=False), provider())
    attendee = {"name": WORDS, "guardian": True}
    made = did(stack, asking("victim@client.example", "evil-0001", note=WORDS, attendee=attendee), 201)
    assert made["status"] == "pending"
    sent = letters(stack, made["id"])
    assert set(sent) == {"victim@client.example", PROVIDER}
    assert "evil" not in _whole(sent["victim@client.example"])
    assert said(stack, sent[PROVIDER].token("v1/answers"), "decision=confirm") == "Confirmed"
    confirmed = letters(stack, made["id"])["victim@client.example"]
    assert "evil" not in _whole(confirmed) + str(confirmed.calendar()[1])


def test_the_link_that_proves_an_address_signs_in_and_nothing_more_once_signed_out(stack: Stack) -> None:
    stack.store.seed(practice(verify=True), provider())
    email = "ana@client.example"
    first = did(stack, asking(email, "first-0001"), 201)
    link = stack.tokens().verify(stack.request(first["id"]))
    answer = did(stack, verify(first["id"], link))
    assert answer["status"] == "pending"
    token = answer["signed_in"]["token"]
    listed = did(stack, bearing("GET", "/v1/appointments", token))["appointments"]
    assert [line["id"] for line in listed] == [first["id"]]
    second = did(stack, asking(email, "second-0001", start="2027-03-11T09:00:00Z"), 201)
    stack.clock.move(minutes=1)
    did(stack, sign_out(token))
    refused(stack, bearing("GET", "/v1/appointments", token), Problem.SIGNED_OUT)
    assert did(stack, verify(first["id"], link))["signed_in"] is None
    later = did(stack, verify(second["id"], stack.tokens().verify(stack.request(second["id"]))))
    assert (later["status"], later["signed_in"]) == ("pending", None)  # from before: it sends on, and no more
    stack.clock.move(minutes=1)
    third = did(stack, asking(email, "third-0001", start="2027-03-12T09:00:00Z"), 201)
    again = did(stack, verify(third["id"], stack.tokens().verify(stack.request(third["id"]))))
    assert again["signed_in"] is not None
