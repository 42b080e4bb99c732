"""Every call that takes a token, and every kind of token: exactly what it is answered, and that nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import typed
from openhour.adapters.http.mailed_token import INCOMPLETE
from openhour.adapters.http.problems import Problem
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request, anonymised
from openhour.domain.transitions import Status
from tests.builders import NOW, at, practice, provider
from tests.cloud import TABLE
from tests.handlers.calls import (
    CLIENT,
    JSON,
    bearing,
    change,
    erase,
    made,
    own_list,
    press,
    refused,
    sign_in,
    sign_out,
    signed_in_as,
    spoiled,
    verify,
    with_token,
)
from tests.handlers.gateway import Call
from tests.handlers.pages import look, unchanged
from tests.handlers.stack import Stack

# What is answered, by the name it has in the matrix; `yes` is done, `path` is no path at all without a token.
_PROBLEMS = {
    "none": Problem.TOKEN_MISSING,
    "bad": Problem.TOKEN_INVALID,
    "out": Problem.SIGNED_OUT,
    "other": Problem.WRONG_REQUEST,
    "gone": Problem.UNKNOWN_REQUEST,
    "late": Problem.NOT_POSSIBLE,
    "path": Problem.UNKNOWN_PATH,
    "wait": Problem.STILL_TO_COME,
}
_PAGES = {
    "bad": (404, "This link does not open anything"),
    "gone": (404, "This request is no longer stored"),
    "late": (410, "This request has expired"),
    "old": (410, "The client has changed this request"),
}
_MATRIX = """
token                          see    change end    verify list   leave  erase  enter  submit check  look   press
none                           none   none   none   none   none   none   none   none   yes    yes    path   path
answer                         bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    yes    yes
manage                         yes    yes    yes    bad    bad    bad    bad    bad    bad    bad    bad    bad
verify                         bad    bad    bad    yes    bad    bad    bad    bad    bad    bad    bad    bad
sign_in                        bad    bad    bad    bad    bad    bad    bad    yes    bad    bad    bad    bad
portal                         yes    yes    yes    bad    yes    yes    wait   bad    yes    yes    bad    bad
manage, same client            other  other  other  bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, same client            bad    bad    bad    other  bad    bad    bad    bad    bad    bad    bad    bad
answer, another person         bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    yes    yes
manage, another person         other  other  other  bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, another person         bad    bad    bad    other  bad    bad    bad    bad    bad    bad    bad    bad
sign_in, another person        bad    bad    bad    bad    bad    bad    bad    yes    bad    bad    bad    bad
portal, another person         gone   gone   gone   bad    yes    yes    wait   bad    yes    yes    bad    bad
answer, revision before        bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    old    old
answer, nothing stored         bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    gone   gone
manage, nothing stored         gone   gone   gone   bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, nothing stored         bad    bad    bad    gone   bad    bad    bad    bad    bad    bad    bad    bad
answer, anonymous              bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    gone   gone
manage, anonymous              gone   gone   gone   bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, anonymous              bad    bad    bad    gone   bad    bad    bad    bad    bad    bad    bad    bad
answer, expired                bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    late   late
manage, expired                gone   gone   gone   bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, expired                bad    bad    bad    late   bad    bad    bad    bad    bad    bad    bad    bad
sign_in, expired               bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    bad
portal, expired                bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    bad    bad
manage, signed out             yes    yes    yes    bad    bad    bad    bad    bad    bad    bad    bad    bad
verify, signed out             bad    bad    bad    yes    bad    bad    bad    bad    bad    bad    bad    bad
sign_in, signed out            bad    bad    bad    bad    bad    bad    bad    out    bad    bad    bad    bad
portal, signed out             out    out    out    bad    out    idle   out    bad    out    out    bad    bad
"""
_HEAD, *_ROWS = (line for line in _MATRIX.splitlines() if line)
_DOORS = _HEAD.split()[1:]
_CELLS = [
    pytest.param(line[:31].strip(), door, answer, id=f"{door} by {line[:31].strip()}")
    for line in _ROWS
    for door, answer in zip(_DOORS, line[31:].split(), strict=True)
]
_FORMS = (
    "decision=confirm",
    "decision=decline",
    "decision=cancel",
    "decision=offer&start=2027-03-09T14:00:00Z",
)
_PURPOSES = ("answer", "manage", "verify", "sign_in", "portal")
_BO = {"name": "Bo Chen", "email": "bo@client.example"}
_LATER = {
    "answer": NOW.replace(day=3),
    "manage": at(7, 13, 50, month=4),
    "verify": NOW.replace(minute=30),
    "sign_in": NOW.replace(minute=30),
    "portal": NOW.replace(hour=20),
}


@dataclass
class Scene:
    """Two people with a request that waits for its answer and one that waits for its address; Ana has a third."""

    stack: Stack
    asked: Request
    fresh: Request
    another: Request
    another_fresh: Request
    bos: Request
    bos_fresh: Request

    def token(self, kind: str, door: str) -> str | None:
        """A token of this kind for whoever knocks at this door, after whatever has to happen for it to be so."""
        purpose, _, how = kind.partition(", ")
        if purpose == "none":
            return None
        own = self.fresh if door == "verify" else self.asked
        token = self._signed(purpose, how, own)
        if how == "expired":
            self.stack.clock.present = _LATER[purpose]
        if how == "nothing stored":
            self.stack.store.calls.delete_item(TableName=TABLE, Key=typed(keys.request(own.id)))
        if how == "anonymous":
            over = replace(own, status=Status.DECLINED, deadline=None)
            item = records.request_item(anonymised(over, NOW))
            self.stack.store.calls.put_item(TableName=TABLE, Item=item)
        if how == "signed out":
            assert self.stack.http(sign_out(self._signed("portal", "", self.asked))).status == 200
        return token

    def _signed(self, purpose: str, how: str, own: Request) -> str:
        tokens = self.stack.tokens()
        request = self._bound_to(how, own)
        if purpose in {"sign_in", "portal"}:
            return getattr(tokens, purpose)(SignedIn(request.client.id, 0))  # type: ignore[no-any-return]
        return getattr(tokens, purpose)(request)  # type: ignore[no-any-return]

    def _bound_to(self, how: str, own: Request) -> Request:
        waits = own.status is Status.UNVERIFIED
        return {
            "same client": self.another_fresh if waits else self.another,
            "another person": self.bos_fresh if waits else self.bos,
            "revision before": replace(own, revision=own.revision - 1),
        }.get(how, own)


@pytest.fixture(scope="module")
def built(shared_stack: Stack) -> Scene:
    """The scene, to which every reset goes back."""

    def ask(start: str, who: dict[str, str] = CLIENT) -> Request:
        return shared_stack.request(made(shared_stack, spoiled(start=start, client=who), f"key-{start[:13]}"))

    def ask_signed_in(start: str, who: dict[str, str] = CLIENT) -> Request:
        own = signed_in_as(shared_stack, who["email"])
        return shared_stack.request(made(shared_stack, spoiled(start=start, client=who), f"key-{start[:13]}", **own))

    asked, another = ask_signed_in("2027-03-08T09:00:00Z"), ask_signed_in("2027-03-09T09:00:00Z")
    bos = ask_signed_in("2027-03-10T09:00:00Z", _BO)
    shared_stack.store.seed(practice(verify=True), provider())
    fresh, another_fresh = ask("2027-03-08T11:00:00Z"), ask("2027-03-09T11:00:00Z")
    bos_fresh = ask("2027-03-10T11:00:00Z", _BO)
    first = shared_stack.tokens().manage(asked)
    assert shared_stack.http(change(asked.id, first, {"start": "2027-03-08T13:00:00Z"})).status == 200
    shared_stack.seeds = shared_stack.items()
    asked = shared_stack.request(asked.id)
    assert (asked.revision, fresh.status) == (2, Status.UNVERIFIED)
    return Scene(shared_stack, asked, fresh, another, another_fresh, bos, bos_fresh)


@pytest.fixture
def scene(built: Scene) -> Scene:
    """The scene as it was built."""
    built.stack.reset()
    return built


def _submission(scene: Scene, token: str | None, query: str = "") -> Call:
    call = bearing("POST", "/v1/requests", token, query, spoiled(start="2027-03-11T09:00:00Z"))
    return replace(call, headers=call.headers | {"Idempotency-Key": "another-key"} | JSON)


def _looks(token: str) -> list[Call]:
    return [look(token), look(token, "HEAD"), replace(look(token), query="times=true")]


_CALLS: dict[str, Callable[[Scene, str | None], list[Call]]] = {
    "see": lambda scene, token: [with_token("GET", scene.asked.id, token)],
    "change": lambda scene, token: [change(scene.asked.id, token, {"start": "2027-03-11T09:00:00Z"})],
    "end": lambda scene, token: [with_token("DELETE", scene.asked.id, token)],
    "verify": lambda scene, token: [verify(scene.fresh.id, token)],
    "list": lambda _, token: [own_list(token), own_list(token, "when=past")],
    "leave": lambda _, token: [sign_out(token)],
    "erase": lambda _, token: [erase(token)],
    "enter": lambda _, token: [sign_in(token)],
    "submit": lambda scene, token: [_submission(scene, token)],
    "check": lambda scene, token: [_submission(scene, token, "validate_only=true")],
    "look": lambda _, token: _looks(token or ""),
    "press": lambda _, token: [press(token or "", form) for form in _FORMS],
}
_DONE = {"enter": 201, "submit": 201}
_READS = ("see", "list", "check", "look")


@pytest.mark.parametrize(("kind", "door", "answer"), _CELLS)
def test_a_token_opens_what_it_is_for_and_nothing_else(scene: Scene, kind: str, door: str, answer: str) -> None:
    token = scene.token(kind, door)
    before = scene.stack.items()
    calls = _CALLS[door](scene, token)
    if answer == "yes":
        for call in calls if door in _READS else calls[:1]:
            assert scene.stack.http(call).status == _DONE.get(door, 200)
        assert (scene.stack.items() == before) is (door in _READS)
    else:
        for call in calls:
            _turned_away(scene.stack, call, answer)


def _turned_away(stack: Stack, call: Call, answer: str) -> None:
    if answer == "idle":
        before = stack.items()
        assert stack.http(call).status == 200
        assert stack.items() == before
    elif call.path.startswith("/v1/answers/") and answer in _PAGES:
        unchanged(stack, call, *_PAGES[answer])
    elif answer == "path":
        reply = stack.http(call)
        assert (reply.status, reply.headers["location"].rpartition("/")[2]) == (307, INCOMPLETE)
    else:
        refused(stack, call, _PROBLEMS[answer])


def test_the_matrix_has_a_column_for_every_call_that_takes_a_token() -> None:
    assert list(_CALLS) == _DOORS
    assert {line[:31].split(",")[0].strip() for line in _ROWS} == {"none", *_PURPOSES}


def _flipped(token: str, place: int) -> str:
    """The token with one bit changed that makes it another letter."""
    return token[:place] + chr(ord(token[place]) ^ 1) + token[place + 1 :]


_SPOILT: dict[str, Callable[[str], str]] = {
    "without its last letter": lambda token: token[:-1],
    "without its first letter": lambda token: token[1:],
    "without its signature": lambda token: token.rpartition(".")[0],
    "without a payload": lambda token: "." + token.rpartition(".")[2],
    "with a bit of its payload flipped": lambda token: _flipped(token, 3),
    "with a bit of its signature flipped": lambda token: _flipped(token, len(token) - 20),
    "with more behind it": lambda token: token + "A",
    "in capitals": str.upper,
}


@pytest.mark.parametrize("how", _SPOILT)
@pytest.mark.parametrize("door", _DOORS)
def test_a_spoilt_token_of_any_purpose_opens_nothing(scene: Scene, door: str, how: str) -> None:
    for purpose in _PURPOSES:
        token = scene.token(purpose, door)
        assert token is not None
        for call in _CALLS[door](scene, _SPOILT[how](token)):
            _turned_away(scene.stack, call, "bad")


@pytest.mark.parametrize("door", _DOORS)
def test_a_token_of_any_purpose_opens_nothing_once_its_key_is_retired(scene: Scene, door: str) -> None:
    tokens = [scene.token(purpose, door) for purpose in _PURPOSES]
    scene.stack.rotate({"key": "the new key", "created_at": "2027-02-01T00:00:00Z"})
    for token in tokens:
        for call in _CALLS[door](scene, token):
            _turned_away(scene.stack, call, "bad")


@pytest.mark.parametrize("door", _DOORS)
def test_a_payload_goes_with_no_signature_of_another_purpose(scene: Scene, door: str) -> None:
    signed = [str(scene.token(purpose, door)).rpartition(".") for purpose in _PURPOSES]
    whole = {"".join(parts) for parts in signed}  # two purposes may have the same payload
    mixed = {f"{payload}.{signature}" for payload, _, _ in signed for _, _, signature in signed} - whole
    assert len(mixed) >= 15  # two of the five have the same payload
    for token in mixed:
        for call in _CALLS[door](scene, token)[:1]:
            _turned_away(scene.stack, call, "bad")


def test_an_answer_link_answers_its_own_request_and_no_other(scene: Scene) -> None:
    token = scene.token("answer, another person", "press") or ""
    assert scene.stack.http(press(token, "decision=confirm")).status == 200
    assert scene.stack.request(scene.bos.id).status is Status.CONFIRMED
    assert scene.stack.request(scene.asked.id) == scene.asked


def test_a_list_is_the_one_of_whoever_is_signed_in(scene: Scene) -> None:
    def listed(kind: str) -> set[Any]:
        return {line["id"] for line in scene.stack.http(own_list(scene.token(kind, "list"))).json()["appointments"]}

    assert listed("portal") >= {scene.asked.id, scene.another.id}
    assert listed("portal, another person") >= {scene.bos.id}
    assert not listed("portal") & listed("portal, another person")


def test_a_submission_by_somebody_else_who_is_signed_in_proves_no_address(scene: Scene) -> None:
    own = scene.stack.http(_submission(scene, scene.token("portal", "submit")))
    assert own.json()["status"] == "pending"
    scene.stack.reset()
    other = scene.stack.http(_submission(scene, scene.token("portal, another person", "submit")))
    assert other.json()["status"] == "unverified"


@pytest.mark.parametrize("scheme", ["", "Basic ", "Token ", "Bearer"])
@pytest.mark.parametrize("door", [door for door in _DOORS if door not in {"look", "press"}])
def test_a_token_in_another_scheme_is_none(scene: Scene, door: str, scheme: str) -> None:
    for purpose in _PURPOSES:
        for call in _CALLS[door](scene, "x"):
            written = {"Authorization": f"{scheme}{scene.token(purpose, door)}"}
            _turned_away(scene.stack, replace(call, headers=call.headers | written), "none")


@pytest.mark.parametrize("written", ["", " ", "Bearer", "Bearer ", "bearer   "])
@pytest.mark.parametrize("door", [door for door in _DOORS if door not in {"look", "press"}])
def test_an_empty_token_is_none(scene: Scene, door: str, written: str) -> None:
    for call in _CALLS[door](scene, "x"):
        _turned_away(scene.stack, replace(call, headers=call.headers | {"Authorization": written}), "none")
