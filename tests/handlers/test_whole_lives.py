"""Whole lives of requests, told by what people do with the links in their mails."""

import re
from typing import Any

import pytest

from openhour.adapters.http.problems import Problem
from openhour.domain.transitions import Status
from tests.builders import at, practice, provider
from tests.handlers.calls import (
    bearing,
    cancel,
    change,
    made,
    own_list,
    press,
    refused,
    spoiled,
    submit,
    verify,
    with_token,
)
from tests.handlers.gateway import Call
from tests.handlers.letters import PROVIDER, letters
from tests.handlers.pages import heading, look, unchanged
from tests.handlers.people import ANA, OTHER, START, asked, confirmed, did, free, said, signed_in
from tests.handlers.stack import Stack

CHANGED = (410, "The client has changed this request")
OVER = (409, "This request has already been answered or taken back")


def test_a_request_from_a_new_address_goes_on_once_the_address_is_proved(stack: Stack) -> None:
    stack.store.seed(practice(verify=True), provider())
    made = did(stack, submit(), 201)
    assert (made["status"], made["deadline"]) == ("unverified", "2027-03-01T08:30:00Z")
    assert free(stack, START) == [False]
    sent = letters(stack, made["id"])
    assert set(sent) == {ANA}
    token = sent[ANA].token("verify.html")

    stack.clock.move(minutes=29)
    proved = did(stack, verify(made["id"], token))
    assert (proved["status"], proved["deadline"]) == ("pending", "2027-03-03T08:29:00Z")
    sent = letters(stack, made["id"])
    assert set(sent) == {ANA, PROVIDER}
    assert sent[ANA].token("manage.html") == proved["manage_token"]
    before = stack.items()
    assert did(stack, verify(made["id"], token)) == proved
    assert stack.items() == before

    answer = sent[PROVIDER].token("v1/answers")
    unchanged(stack, look(answer), 200, "A request for an appointment")
    assert said(stack, answer, "decision=confirm") == "Confirmed"
    method, event = letters(stack, made["id"])[ANA].calendar()
    assert (method, event["UID"], event.start) == ("REQUEST", f"{made['id']}@openhour", at(8, 9))
    assert did(stack, with_token("GET", made["id"], proved["manage_token"]))["status"] == "confirmed"
    again = did(stack, submit(spoiled(start=OTHER), "another-key"), 201)
    assert again["status"] == "unverified"  # that it was proven once says nothing of who types it now


def test_a_time_nobody_proved_an_address_for_is_free_again_after_half_an_hour(stack: Stack) -> None:
    stack.store.seed(practice(verify=True), provider())
    made = did(stack, submit(), 201)
    token = letters(stack, made["id"])[ANA].token("verify.html")
    stack.clock.move(minutes=30)
    assert free(stack, START) == [True]
    refused(stack, verify(made["id"], token), Problem.NOT_POSSIBLE)
    assert letters(stack, made["id"]) == {}


def test_the_provider_offers_other_times_and_the_client_takes_one(stack: Stack) -> None:
    request_id, to_ana, to_maya = asked(stack)
    answer, manage = to_maya.token("v1/answers"), to_ana.token("manage.html")
    page = stack.http(Call("GET", f"/v1/answers/{answer}", "times=true")).body
    choices = re.findall(r'name="start" value="([^"]+)"', page)
    offered = [OTHER, "2027-03-10T14:00:00Z", "2027-03-12T16:00:00Z"]
    assert set(offered) <= set(choices)
    assert START not in choices
    form = "decision=offer" + "".join(f"&start={start}" for start in offered)
    assert said(stack, answer, form) == "Other times offered"
    assert set(letters(stack, request_id)) == {ANA}
    assert free(stack, START, *offered) == [True, False, False, False]

    seen = did(stack, with_token("GET", request_id, manage))
    assert (seen["status"], seen["offered"]) == ("offered", offered)
    taken = did(stack, change(request_id, manage, {"chosen": offered[1]}))
    assert (taken["status"], taken["start"], taken["offered"]) == ("confirmed", offered[1], [])
    assert free(stack, START, *offered) == [True, True, False, True]
    before = stack.items()
    assert did(stack, change(request_id, manage, {"chosen": offered[1]})) == taken
    assert stack.items() == before

    sent = letters(stack, request_id)
    assert set(sent) == {ANA, PROVIDER}
    assert sent[ANA].calendar()[1].start == at(10, 14)
    for call in (look(answer), press(answer, "decision=decline"), press(answer, form)):
        unchanged(stack, call, *CHANGED)


def test_the_provider_takes_an_offer_back(stack: Stack) -> None:
    request_id, to_ana, to_maya = asked(stack)
    answer = to_maya.token("v1/answers")
    said(stack, answer, f"decision=offer&start={OTHER}")
    assert 'value="decline"' in unchanged(stack, look(answer), *_offered_page(stack, answer)).body
    assert said(stack, answer, "decision=decline&reason=It+was+a+mistake") == "Declined"
    assert free(stack, START, OTHER) == [True, True]
    seen = did(stack, with_token("GET", request_id, to_ana.token("manage.html")))
    assert (seen["status"], seen["reason"], seen["offered"]) == ("declined", "It was a mistake", [])


def _offered_page(stack: Stack, answer: str) -> tuple[int, str]:
    reply = stack.http(look(answer))
    assert heading(reply) == "Other times offered"
    return reply.status, heading(reply)


def test_after_a_change_only_the_newest_link_answers(stack: Stack) -> None:
    request_id, to_ana, to_maya = asked(stack)
    first, manage = to_maya.token("v1/answers"), to_ana.token("manage.html")
    changed = did(stack, change(request_id, manage, {"start": OTHER, "forum": "telehealth"}))
    assert (changed["start"], changed["forum"], changed["revision"], changed["changes_left"]) == (
        OTHER,
        "telehealth",
        2,
        4,
    )
    assert free(stack, START, OTHER) == [True, False]
    sent = letters(stack, request_id)
    assert set(sent) == {ANA, PROVIDER}
    for call in (look(first), look(first, "HEAD"), press(first, "decision=confirm"), press(first, "decision=decline")):
        unchanged(stack, call, *CHANGED)

    second = sent[PROVIDER].token("v1/answers")
    did(stack, change(request_id, manage, {"note": "Only the note"}))
    assert letters(stack, request_id) == {}  # a note is never mailed, and changes nothing that is asked for
    assert said(stack, second, "decision=confirm") == "Confirmed"
    assert letters(stack, request_id)[ANA].calendar()[1].start == at(9, 10)


def test_an_appointment_stands_until_its_move_is_confirmed_and_its_calendar_file_moves_with_it(stack: Stack) -> None:
    old_id, manage, old_answer, invitation = confirmed(stack)
    moved = did(stack, change(old_id, manage, {"start": OTHER}), 201)
    assert (moved["status"], moved["replaces"], moved["start"]) == ("pending", old_id, OTHER)
    before = stack.items()
    assert did(stack, change(old_id, manage, {"start": OTHER}), 201) == moved
    assert stack.items() == before
    assert did(stack, with_token("GET", old_id, manage))["status"] == "confirmed"
    assert free(stack, START, OTHER) == [False, False]

    sent = letters(stack, moved["id"])
    assert sent[ANA].token("manage.html") == moved["manage_token"]
    assert said(stack, sent[PROVIDER].token("v1/answers"), "decision=confirm") == "Confirmed"
    assert stack.request(old_id).status is Status.REPLACED
    assert did(stack, with_token("GET", old_id, manage))["status"] == "replaced"
    assert free(stack, START, OTHER) == [True, False]
    unchanged(stack, look(old_answer), *OVER)
    unchanged(stack, press(old_answer, "decision=cancel"), *OVER)

    (first, was), (second, now) = invitation.calendar(), letters(stack, moved["id"])[ANA].calendar()
    assert (first, second) == ("REQUEST", "REQUEST")
    assert (was["UID"], was.start) == (f"{old_id}@openhour", at(8, 9))
    assert (now["UID"], now.start) == (was["UID"], at(9, 10))
    assert now["SEQUENCE"] > was["SEQUENCE"]
    assert letters(stack, old_id) == {}  # its calendar file is the new one's: nothing is cancelled


def test_an_appointment_stands_when_its_move_is_declined(stack: Stack) -> None:
    old_id, manage, _, _ = confirmed(stack)
    moved = did(stack, change(old_id, manage, {"start": "2027-03-08T09:30:00Z"}), 201)  # over the old time
    answer = letters(stack, moved["id"])[PROVIDER].token("v1/answers")
    assert said(stack, answer, "decision=decline") == "Declined"
    assert did(stack, with_token("GET", old_id, manage))["status"] == "confirmed"
    assert free(stack, START, "2027-03-08T10:15:00Z") == [False, True]
    assert did(stack, change(old_id, manage, {"start": OTHER}), 201)["id"] != moved["id"]


@pytest.mark.parametrize(("seconds", "late"), [(0, False), (1, True)])
def test_a_client_cancels_and_is_marked_late_after_the_notice(stack: Stack, seconds: int, late: bool) -> None:
    request_id, manage, answer, invitation = confirmed(stack)
    seen = did(stack, with_token("GET", request_id, manage))
    assert seen["free_to_cancel_until"] == "2027-03-07T09:00:00Z"
    stack.clock.present = at(7, 9)
    stack.clock.move(seconds=seconds)
    ended = did(stack, cancel(request_id, manage))
    assert (ended["status"], ended["cancelled_by"], ended["late"]) == ("cancelled", "client", late)
    before = stack.items()
    assert did(stack, cancel(request_id, manage)) == ended
    assert stack.items() == before

    sent = letters(stack, request_id)
    assert set(sent) == {ANA, PROVIDER}
    method, event = sent[ANA].calendar()
    assert (method, event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", invitation.calendar()[1]["UID"])
    assert event["SEQUENCE"] > invitation.calendar()[1]["SEQUENCE"]
    unchanged(stack, press(answer, "decision=cancel"), 200, "Cancelled")
    unchanged(stack, press(answer, "decision=confirm"), *OVER)


def test_nobody_cancels_an_appointment_who_has_seen_an_open_request(stack: Stack) -> None:
    request_id, manage, _, _ = confirmed(stack)
    before = stack.items()
    for query in ("", "status=pending", "status=offered"):
        told = refused(stack, with_token("DELETE", request_id, manage, query=query), Problem.NOT_AS_SEEN)
        assert told["request_status"] == "confirmed"
    for query in ("status=", "status=CONFIRMED", "status=confirmed&status=confirmed", "status=declined"):
        refused(stack, with_token("DELETE", request_id, manage, query=query), Problem.INVALID, "status")
    assert stack.items() == before
    assert did(stack, cancel(request_id, manage))["status"] == "cancelled"


def test_an_open_request_is_taken_back_by_whoever_saw_it_or_did_not_say(stack: Stack) -> None:
    request_id = made(stack)
    manage = stack.tokens().manage(stack.request(request_id))
    told = refused(stack, cancel(request_id, manage), Problem.NOT_AS_SEEN)
    assert told["request_status"] == "pending"
    assert did(stack, with_token("DELETE", request_id, manage))["status"] == "withdrawn"
    assert did(stack, with_token("DELETE", request_id, manage, query="status=pending"))["status"] == "withdrawn"


def test_a_client_cancels_until_the_session_begins(stack: Stack) -> None:
    request_id, manage, _, _ = confirmed(stack)
    stack.clock.present = at(8, 9)
    refused(stack, cancel(request_id, manage), Problem.NOT_POSSIBLE)
    stack.clock.move(seconds=-1)
    assert did(stack, cancel(request_id, manage))["late"] is True


def test_a_provider_cancels_with_a_reason_that_the_client_is_told(stack: Stack) -> None:
    request_id, manage, answer, invitation = confirmed(stack)
    assert said(stack, answer, "decision=cancel&reason=I+am+ill+that+day.") == "Cancelled"
    sent = letters(stack, request_id)
    assert set(sent) == {ANA}
    assert "I am ill that day." in sent[ANA].text
    assert sent[ANA].calendar()[0] == "CANCEL"
    assert sent[ANA].calendar()[1]["SEQUENCE"] > invitation.calendar()[1]["SEQUENCE"]
    seen = did(stack, with_token("GET", request_id, manage))
    assert (seen["status"], seen["cancelled_by"], seen["late"], seen["reason"]) == (
        "cancelled",
        "provider",
        False,
        "I am ill that day.",
    )
    assert free(stack, START) == [True]
    refused(stack, change(request_id, manage, {"start": OTHER}), Problem.NOT_POSSIBLE)


# Looking


def _offer(stack: Stack, _: str, answer: str) -> None:
    said(stack, answer, f"decision=offer&start={OTHER}")


def _move(stack: Stack, manage: str, answer: str) -> None:
    said(stack, answer, "decision=confirm")
    (item,) = (item for item in stack.items() if item["sk"]["S"] == "REQUEST")
    did(stack, change(item["id"]["S"], manage, {"start": OTHER}), 201)


_STATES: dict[str, Any] = {
    "pending": lambda *_: None,
    "offered": _offer,
    "confirmed": lambda stack, _, answer: said(stack, answer, "decision=confirm"),
    "declined": lambda stack, _, answer: said(stack, answer, "decision=decline"),
    "being moved": _move,
    "expired": lambda stack, *_: stack.clock.move(hours=48),
}


@pytest.mark.parametrize("state", _STATES)
def test_looking_at_any_link_changes_nothing_whoever_looks_and_however_often(stack: Stack, state: str) -> None:
    request_id, to_ana, to_maya = asked(stack)
    manage, answer = to_ana.token("manage.html"), to_maya.token("v1/answers")
    _STATES[state](stack, manage, answer)
    _, portal = signed_in(stack)
    before = stack.items()
    replies = [[stack.http(call) for call in _every_look(request_id, manage, answer, portal)] for _ in range(3)]
    assert stack.items() == before
    assert replies[0] == replies[1] == replies[2]
    assert [reply.status for reply in replies[0][:3]] == [200, 200, 200]
    assert all(reply.status < 500 for reply in replies[0])
    assert letters(stack, request_id).keys() <= {ANA, PROVIDER}


def _every_look(request_id: str, manage: str, answer: str, portal: str) -> list[Call]:
    """Whoever fetches what a mail links to, or what lies near it: people, and programs that look before they do."""
    paths = [f"/v1/answers/{answer}", f"/v1/requests/{request_id}", f"/v1/requests/{request_id}/verification"]
    return [
        with_token("GET", request_id, manage),
        with_token("GET", request_id, portal),
        own_list(portal),
        own_list(portal, "when=past"),
        Call("GET", f"/v1/answers/{answer}", "times=true"),
        Call("HEAD", f"/v1/answers/{answer}", "times=true"),
        Call("GET", f"/v1/answers/{answer}", "decision=confirm"),
        *(Call(method, path) for method in ("GET", "HEAD", "OPTIONS") for path in [*paths, "/v1/sign-ins"]),
        *(bearing(method, "/v1/sign-ins", portal) for method in ("GET", "HEAD")),
        *(bearing("HEAD", path, manage) for path in paths),
        *(bearing("GET", path, manage) for path in paths[2:]),
    ]
