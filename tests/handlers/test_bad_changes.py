"""Changes of a request that cannot be: every bad field, and every change that comes at the wrong moment."""

from dataclasses import replace
from typing import Any

import pytest

from openhour.adapters.http.problems import Problem
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.values import SelfSchedule
from tests.builders import at, practice, provider
from tests.handlers.calls import CLIENT, change, made, press, refused, signed_in_as, spoiled, verify, with_token
from tests.handlers.stack import Stack

_ELSEWHEN = "2027-03-09T10:00:00Z"
_NAMES = ("service", "location", "forum", "start", "chosen", "note")


@pytest.fixture(scope="module")
def kept(shared_stack: Stack) -> Request:
    """A request that waits for its answer, and that no test here changes."""
    shared_stack.reset()
    kept = shared_stack.request(made(shared_stack))
    shared_stack.seeds = shared_stack.items()
    return kept


@pytest.fixture
def asked(stack: Stack, kept: Request) -> Request:
    """The same, for a test that does something with it."""
    stack.reset()
    return kept


def _refused(stack: Stack, asked: Request, body: Any, problem: Problem, *fields: str) -> dict[str, Any]:
    return refused(stack, change(asked.id, stack.tokens().manage(asked), body), problem, *fields)


def _done(stack: Stack, asked: Request, body: Any, status: int = 200) -> Any:
    reply = stack.http(change(asked.id, stack.tokens().manage(asked), body))
    assert reply.status == status, reply.body
    return reply.json()


def test_a_change_has_to_say_what_shall_change(shared_stack: Stack, kept: Request) -> None:
    _refused(shared_stack, kept, {}, Problem.INVALID, "start")


@pytest.mark.parametrize("body", [{"start": None}, {"chosen": None}, {"service": None, "forum": None}], ids=str)
def test_what_is_null_stays_as_it_is(shared_stack: Stack, kept: Request, body: dict[str, Any]) -> None:
    before = shared_stack.items()
    _done(shared_stack, kept, body)
    assert shared_stack.items() == before


@pytest.mark.parametrize("value", [1, 1.5, True, [], {}, [_ELSEWHEN], {"x": 1}], ids=repr)
@pytest.mark.parametrize("name", _NAMES)
def test_a_value_of_another_type_is_refused(shared_stack: Stack, kept: Request, name: str, value: Any) -> None:
    _refused(shared_stack, kept, {name: value}, Problem.INVALID, name)


@pytest.mark.parametrize("name", ["id", "status", "client", "provider", "Start", "start ", "attendee", "__proto__", ""])
def test_a_field_nobody_knows_is_refused(shared_stack: Stack, kept: Request, name: str) -> None:
    _refused(shared_stack, kept, {"start": _ELSEWHEN, name: "x"}, Problem.INVALID, name)


def test_everything_that_is_wrong_is_named_at_once(shared_stack: Stack, kept: Request) -> None:
    body = {"service": "", "location": 1, "forum": "phone", "start": "tomorrow", "chosen": "", "note": [], "more": 1}
    _refused(shared_stack, kept, body, Problem.INVALID, *body)


@pytest.mark.parametrize("name", ["location", "service"])
@pytest.mark.parametrize("value", ["elsewhere", "", "x" * 61, "../talk", "MARYLEBONE", "talk\x00", "\u00e9" * 60])
def test_what_the_provider_does_not_offer_is_named(shared_stack: Stack, kept: Request, name: str, value: str) -> None:
    _refused(shared_stack, kept, {name: value}, Problem.INVALID, name)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("2027-02-26T09:00:00Z", id="past"),
        pytest.param("2000-01-01T00:00:00Z", id="earliest"),
        pytest.param("2027-03-01T09:00:00Z", id="within notice"),
        pytest.param("2027-05-03T09:00:00Z", id="beyond horizon"),
        pytest.param("9990-12-31T23:59:00Z", id="latest"),
        pytest.param("2027-03-09T10:07:00Z", id="off the grid"),
        pytest.param("2027-03-09T10:00:30Z", id="not on a minute"),
        pytest.param("2027-03-09T10:00:00.5Z", id="fraction"),
        pytest.param("2027-03-09T08:00:00Z", id="before hours"),
        pytest.param("2027-03-09T16:15:00Z", id="ends after hours"),
        pytest.param("2027-03-07T09:00:00Z", id="sunday"),
        pytest.param("2027-03-09T10:00:00", id="no zone"),
        pytest.param("2027-03-09", id="date"),
        pytest.param("2027-02-30T09:00:00Z", id="no such day"),
        pytest.param("9999-12-31T23:59:59-12:00", id="beyond year 9999"),
        pytest.param("0001-01-01T00:00:00+12:00", id="before year 1"),
        pytest.param("\uff12\uff10\uff12\uff17-03-09T10:00:00Z", id="full-width digits"),
        pytest.param("2027-03-09T10:00:00Z\n", id="trailing line feed"),
        pytest.param("", id="empty"),
        pytest.param("9" * 5000, id="long"),
    ],
)
def test_a_start_that_cannot_be_booked_is_refused(shared_stack: Stack, kept: Request, start: str) -> None:
    _refused(shared_stack, kept, {"start": start}, Problem.INVALID, "start")


@pytest.mark.parametrize("forum", ["", "IN_PERSON", "in-person", "phone", "telehealth ", "\uff54elehealth"])
def test_a_forum_that_is_none_is_refused(shared_stack: Stack, kept: Request, forum: str) -> None:
    _refused(shared_stack, kept, {"forum": forum}, Problem.INVALID, "forum")


@pytest.mark.parametrize("note", ["x" * 2001, "x" * 16000], ids=lambda text: ascii(text)[:20])
def test_a_note_that_is_not_usable_is_refused(shared_stack: Stack, kept: Request, note: str) -> None:
    _refused(shared_stack, kept, {"note": note}, Problem.INVALID, "note")


@pytest.mark.parametrize("name", ["service", "location", "start", "chosen", "note"])
@pytest.mark.parametrize("surrogate", [r"\ud800", r"a\udfffb"])
def test_half_a_character_is_refused(shared_stack: Stack, kept: Request, name: str, surrogate: str) -> None:
    _refused(shared_stack, kept, f'{{"{name}": "{surrogate}"}}', Problem.INVALID, name)


def test_choosing_goes_with_nothing_else(shared_stack: Stack, kept: Request) -> None:
    for more in ({"start": _ELSEWHEN}, {"note": None}, {"forum": "telehealth"}):
        _refused(shared_stack, kept, {"chosen": _ELSEWHEN, **more}, Problem.INVALID, "chosen")


def test_nothing_can_be_chosen_while_nothing_is_offered(shared_stack: Stack, kept: Request) -> None:
    _refused(shared_stack, kept, {"chosen": _ELSEWHEN}, Problem.NOT_POSSIBLE)
    _refused(shared_stack, kept, {"chosen": "2027-03-08T09:00:00Z"}, Problem.NOT_POSSIBLE)


def _offered(stack: Stack, asked: Request) -> None:
    form = "decision=offer&start=2027-03-09T10:00:00Z&start=2027-03-10T11:00:00Z"
    assert stack.http(press(stack.tokens().answer(asked), form)).status == 200


@pytest.mark.parametrize(
    "chosen", ["2027-03-08T09:00:00Z", "2027-03-09T10:15:00Z", "2027-03-09T10:00:01Z", "2027-03-09T10:00:00+01:00"]
)
def test_a_time_that_was_not_offered_cannot_be_chosen(stack: Stack, asked: Request, chosen: str) -> None:
    _offered(stack, asked)
    _refused(stack, asked, {"chosen": chosen}, Problem.NOT_OFFERED)


def test_another_time_cannot_be_chosen_after_one_was(stack: Stack, asked: Request) -> None:
    _offered(stack, asked)
    assert _done(stack, asked, {"chosen": "2027-03-09T11:00:00+01:00"})["start"] == _ELSEWHEN
    _refused(stack, asked, {"chosen": "2027-03-10T11:00:00Z"}, Problem.NOT_POSSIBLE)


def test_nothing_can_be_chosen_once_the_offer_is_over(stack: Stack, asked: Request) -> None:
    _offered(stack, asked)
    stack.clock.move(hours=48)
    told = _refused(stack, asked, {"chosen": _ELSEWHEN}, Problem.NOT_POSSIBLE)
    assert "expired" in told["detail"]


def test_what_is_offered_is_chosen_from_and_not_changed(stack: Stack, asked: Request) -> None:
    _offered(stack, asked)
    _refused(stack, asked, {"start": "2027-03-11T10:00:00Z"}, Problem.NOT_POSSIBLE)
    _refused(stack, asked, {"note": "another"}, Problem.NOT_POSSIBLE)


def test_a_taken_time_comes_with_the_nearest_free_ones(stack: Stack, asked: Request) -> None:
    made(stack, spoiled(start=_ELSEWHEN, client={"email": "bo@client.example"}), "another-key")
    told = _refused(stack, asked, {"start": _ELSEWHEN}, Problem.SLOT_TAKEN)
    assert len(told["alternatives"]) == 5
    assert _ELSEWHEN not in told["alternatives"]


@pytest.mark.parametrize("body", [{"start": _ELSEWHEN}, {"forum": "telehealth"}, {"note": "another"}], ids=str)
@pytest.mark.parametrize("ended", ["declined", "withdrawn", "expired"])
def test_what_has_ended_cannot_be_changed(stack: Stack, asked: Request, ended: str, body: dict[str, str]) -> None:
    if ended == "declined":
        stack.http(press(stack.tokens().answer(asked), "decision=decline"))
    elif ended == "withdrawn":
        stack.http(with_token("DELETE", asked.id, stack.tokens().manage(asked)))
    else:
        stack.clock.move(hours=48)
    _refused(stack, asked, body, Problem.NOT_POSSIBLE)


def test_a_request_is_changed_at_most_five_times(stack: Stack, asked: Request) -> None:
    for hour in range(10, 15):
        _done(stack, asked, {"start": f"2027-03-09T{hour}:00:00Z"})
    told = _refused(stack, asked, {"start": "2027-03-09T15:00:00Z"}, Problem.TOO_MANY_CHANGES)
    assert told["limit"] == 5
    assert _done(stack, asked, {"note": "a note may still be edited"})["changes_left"] == 0


def _confirmed(stack: Stack, asked: Request) -> None:
    assert stack.http(press(stack.tokens().answer(asked), "decision=confirm")).status == 200


@pytest.mark.parametrize("body", [{"note": "x"}, {"start": "2027-03-08T09:00:00Z", "note": "x"}], ids=str)
def test_the_note_of_an_appointment_cannot_be_changed(stack: Stack, asked: Request, body: dict[str, str]) -> None:
    _confirmed(stack, asked)
    _refused(stack, asked, body, Problem.NOT_POSSIBLE)


@pytest.mark.parametrize(
    "body", [{"start": "2027-03-08T10:00:00+01:00"}, {"forum": "in_person", "service": "talk"}, {"note": None}], ids=str
)
@pytest.mark.parametrize("pressed", [None, "decision=confirm", "decision=offer&start=2027-03-09T09:00:00Z"])
def test_what_leaves_all_as_it_is_changes_nothing_and_says_so(
    stack: Stack, asked: Request, pressed: str | None, body: dict[str, Any]
) -> None:
    if pressed is not None:
        assert stack.http(press(stack.tokens().answer(asked), pressed)).status == 200
    before = stack.items()
    stands = stack.request(asked.id)
    assert _done(stack, asked, {"note": stands.note} if "note" in body else body)["version"] == stands.version
    assert stack.items() == before


@pytest.mark.parametrize("decision", ["decline", "cancel"])
def test_of_what_has_ended_nothing_can_be_asked_not_even_what_it_was(
    stack: Stack, asked: Request, decision: str
) -> None:
    if decision == "cancel":
        _confirmed(stack, asked)
    stack.http(press(stack.tokens().answer(asked), f"decision={decision}"))
    _refused(stack, asked, {"start": "2027-03-08T09:00:00Z"}, Problem.NOT_POSSIBLE)


def test_a_second_move_waits_for_the_first(stack: Stack, asked: Request) -> None:
    _confirmed(stack, asked)
    first = _done(stack, asked, {"start": _ELSEWHEN}, 201)
    told = _refused(stack, asked, {"start": "2027-03-10T10:00:00Z"}, Problem.CHANGE_WAITS)
    assert told["replacement"] == first["id"]


def test_an_appointment_that_has_begun_is_not_moved(stack: Stack, asked: Request) -> None:
    _confirmed(stack, asked)
    stack.clock.present = asked.start
    _refused(stack, asked, {"start": "2027-03-10T10:00:00Z"}, Problem.NOT_POSSIBLE)


def test_a_move_is_one_more_open_request(stack: Stack, asked: Request) -> None:
    _confirmed(stack, asked)
    for day in (10, 11, 12):
        made(stack, spoiled(start=f"2027-03-{day}T09:00:00Z"), f"request-{day}", **signed_in_as(stack, CLIENT["email"]))
    told = _refused(stack, asked, {"start": _ELSEWHEN}, Problem.TOO_MANY_OPEN)
    assert told["limit"] == 3


def test_a_move_has_to_be_answered_before_the_old_time(stack: Stack, asked: Request) -> None:
    _confirmed(stack, asked)
    stack.clock.present = at(8, 8)
    moved = _done(stack, asked, {"start": "2027-03-10T10:00:00Z"}, 201)
    assert moved["deadline"] == "2027-03-08T09:00:00Z"


def test_a_provider_who_takes_no_more_requests_cannot_be_asked_again(stack: Stack, asked: Request) -> None:
    stack.store.seed(practice(), provider(self_schedule=SelfSchedule.OFF))
    _refused(stack, asked, {"start": _ELSEWHEN}, Problem.UNKNOWN_PROVIDER)


def test_a_change_that_waits_for_its_address_is_not_made(stack: Stack, asked: Request) -> None:
    """Nobody is mailed a manage link before the address is known; whoever is signed in finds the request anyway."""
    stack.store.seed(practice(verify=True), provider())
    fresh = made(stack, spoiled(start="2027-03-11T09:00:00Z"), "another-key")
    portal = stack.tokens().portal(SignedIn(asked.client.id, 0))
    refused(stack, change(fresh, portal, {"start": _ELSEWHEN}), Problem.NOT_POSSIBLE)
    refused(stack, with_token("DELETE", fresh, portal), Problem.NOT_POSSIBLE)


# The button that proves an address


@pytest.fixture
def fresh(stack: Stack, asked: Request) -> Request:
    """A request whose address is not yet known."""
    stack.store.seed(practice(verify=True), provider())
    return stack.request(made(stack, spoiled(start="2027-03-11T09:00:00Z"), "another-key"))


def test_an_address_is_proved_within_half_an_hour(stack: Stack, fresh: Request) -> None:
    token = stack.tokens().verify(fresh)
    stack.clock.move(minutes=30)
    told = refused(stack, verify(fresh.id, token), Problem.NOT_POSSIBLE)
    assert "expired" in told["detail"]


def test_a_proved_address_is_still_not_that_of_a_client(stack: Stack, fresh: Request) -> None:
    stack.store.seed(practice(known_clients_only=True), provider())
    refused(stack, verify(fresh.id, stack.tokens().verify(fresh)), Problem.KNOWN_CLIENTS_ONLY)


def test_a_proved_address_has_no_more_open_requests_than_others(stack: Stack, fresh: Request) -> None:
    stack.store.seed(practice(), provider())
    for day in (9, 10, 12):
        start = f"2027-03-{day:02}T09:00:00Z"
        made(stack, spoiled(start=start), f"request-{day}", **signed_in_as(stack, CLIENT["email"]))
    refused(stack, verify(fresh.id, stack.tokens().verify(fresh)), Problem.TOO_MANY_OPEN)


@pytest.mark.parametrize("path", ["a" * 26, "x", "%00", "..", "x" * 3000, "%F0%9F%98%80"])
def test_a_link_proves_no_address_for_another_request(stack: Stack, fresh: Request, path: str) -> None:
    refused(stack, verify(path, stack.tokens().verify(fresh)), Problem.WRONG_REQUEST)


def test_a_button_sends_no_body_that_is_too_large_and_no_query_that_cannot_be_read(
    stack: Stack, fresh: Request
) -> None:
    call = verify(fresh.id, stack.tokens().verify(fresh))
    refused(stack, replace(call, body=b"x" * (16 * 1024 + 1)), Problem.TOO_LARGE)
    refused(stack, replace(call, query="a=%ff"), Problem.MALFORMED)
    assert CLIENT["email"] not in stack.http(verify(fresh.id, "x")).body
