"""The rest of a request's life over real HTTP and real mail: verifying, moving, reminding, signing in."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from icalendar import Calendar

from tests.end_to_end.visitor import Visitor, answer_links, proving, text_of


@pytest.fixture
def moved_clock(visitor: Visitor) -> Iterator[Visitor]:
    """Whatever a test does to the functions' clock is undone."""
    yield visitor
    visitor.cloud.set_clock_offset(0)


@pytest.fixture
def verifying(visitor: Visitor) -> Iterator[Visitor]:
    """A practice that asks whoever is not signed in to prove their address."""
    with proving(visitor):
        yield visitor


CONFIRMED = "Harbour Office"
"""What the subject of a confirmation says beside its date: calendars title the appointment by it."""


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def fragment(visitor: Visitor, subject: str, page: str) -> str:
    """What follows the `#` of a link in one of the client's mails."""
    found = re.search(rf"/{re.escape(page)}#(\S+)", text_of(visitor.mail(subject)))
    assert found is not None
    return found[1]


def event_in(visitor: Visitor, subject: str) -> Any:
    """The event of the calendar file in one of the client's mails."""
    [file] = [part for part in visitor.mail(subject).walk() if part.get_filename() == "invite.ics"]
    [event] = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    return event


def confirm(visitor: Visitor, request: dict[str, Any]) -> None:
    assert visitor.press(visitor.answer_link(request), "confirm").status == 200


def test_a_new_address_proves_itself_before_the_provider_hears_of_it(verifying: Visitor) -> None:
    visitor = verifying
    request = visitor.submitted()
    assert request["status"] == "unverified"
    request_id, token = fragment(visitor, "One more step", "verify.html").split("/")
    assert request_id == request["id"]
    path = f"/v1/requests/{request_id}/verification"
    assert visitor.call("POST", path, headers=bearer(f"{token}x")).status == 401
    sent = visitor.call("POST", path, headers=bearer(token))
    assert (sent.status, sent.json["status"]) == (200, "pending")
    visitor.provider_mail_about(request)
    assert visitor.manage("GET", request, sent.json["manage_token"]).json["status"] == "pending"
    again = visitor.submit(visitor.slots()[-5])
    assert again.json["status"] == "unverified"  # that it was proven once says nothing of who types it now
    own = visitor.call("GET", "/v1/appointments", headers=bearer(sent.json["signed_in"]["token"]))
    assert [line["id"] for line in own.json["appointments"]] == [request["id"]]


def test_a_moved_appointment_keeps_its_place_in_the_clients_calendar(visitor: Visitor) -> None:
    old = visitor.submitted()
    token = visitor.manage_token(visitor.mail("request for"))
    confirm(visitor, old)
    first = event_in(visitor, CONFIRMED)
    start = [each for each in visitor.slots() if each[:10] != old["start"][:10]][-9]  # the subjects name the dates
    moved = visitor.call("PATCH", f"/v1/requests/{old['id']}", {"start": start}, bearer(token))
    assert (moved.status, moved.json["status"], moved.json["replaces"]) == (201, "pending", old["id"])
    assert visitor.manage("GET", old, token).json["status"] == "confirmed"
    confirm(visitor, moved.json)
    assert visitor.manage("GET", old, token).json["status"] == "replaced"
    assert visitor.manage("GET", moved.json, moved.json["manage_token"]).json["status"] == "confirmed"
    when = datetime.fromisoformat(start)
    second = event_in(visitor, f"{CONFIRMED}, {when:%A} {when.day} {when:%B}")
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["DTSTART"].dt.astimezone(UTC) == when


def test_a_cancelled_appointment_leaves_the_calendar_and_frees_the_time(visitor: Visitor) -> None:
    request = visitor.submitted()
    link = visitor.answer_link(request)
    confirm(visitor, request)
    assert request["start"] not in visitor.slots()
    assert visitor.press(link, "cancel", "I am ill.").status == 200
    event = event_in(visitor, "Cancelled")
    assert (event["STATUS"], event["UID"]) == ("CANCELLED", f"{request['id']}@openhour")
    assert "I am ill." in text_of(visitor.mail("Cancelled"))
    assert request["start"] in visitor.slots()


def test_a_client_is_reminded_the_day_before(moved_clock: Visitor) -> None:
    visitor = moved_clock
    request = visitor.submitted()
    confirm(visitor, request)
    visitor.mail(CONFIRMED)
    day_before = int((datetime.fromisoformat(request["start"]) - datetime.now(UTC)).total_seconds()) - 23 * 3600
    visitor.cloud.set_clock_offset(day_before)
    visitor.cloud.invoke("expire_requests")
    assert "Your appointment is coming up" in text_of(visitor.mail("Reminder"))
    visitor.cloud.invoke("expire_requests")
    assert sum("Reminder" in subject for subject in visitor.mails()) == 1


def test_a_signed_in_client_sees_and_changes_what_is_theirs_until_they_sign_out(visitor: Visitor) -> None:
    request = visitor.submitted()
    visitor.mail("request for")
    stranger = Visitor(visitor.cloud)
    assert visitor.call("POST", "/v1/sign-in-links", {"email": stranger.email}).status == 202
    portal = signed_in(visitor)
    [line] = visitor.call("GET", "/v1/appointments", headers=portal).json["appointments"]
    assert (line["id"], line["status"]) == (request["id"], "pending")
    changed = visitor.call("PATCH", f"/v1/requests/{request['id']}", {"note": None}, portal)
    assert (changed.status, changed.json["note"]) == (200, None)
    others = Visitor(visitor.cloud).submitted()
    assert visitor.call("GET", f"/v1/requests/{others['id']}", headers=portal).status == 404
    assert visitor.call("DELETE", "/v1/sign-ins", headers=portal).status == 200
    refused = visitor.call("GET", "/v1/appointments", headers=portal)
    assert (refused.status, refused.json["type"]) == (401, "urn:problem-type:openhour:signed-out")
    assert stranger.mails() == []


def test_a_client_erases_what_is_stored_of_them_once_nothing_waits(visitor: Visitor) -> None:
    request = visitor.submitted()
    visitor.provider_mail_about(request)
    token = visitor.manage_token(visitor.mail("request for"))
    portal = signed_in(visitor)
    refused = visitor.call("DELETE", "/v1/me", headers=portal)
    assert (refused.status, refused.json["requests"]) == (409, [request["id"]])
    assert visitor.press(visitor.answer_link(request), "decline").status == 200
    visitor.mail("Not possible")
    assert visitor.call("DELETE", "/v1/me", headers=portal).status == 200
    assert [item for item in visitor.table() if visitor.email in str(item)] == []
    assert visitor.call("GET", "/v1/appointments", headers=portal).status == 401
    assert visitor.manage("GET", request, token).status == 404


def signed_in(visitor: Visitor) -> dict[str, str]:
    """What a call of theirs needs, by the link of a mail."""
    asked = visitor.call("POST", "/v1/sign-in-links", {"email": visitor.email.upper()})
    assert (asked.status, asked.json) == (202, {})
    found = re.search(r"/sign-in\.html#(\S+)", text_of(_mail_to_any_case(visitor)))
    assert found is not None
    entered = visitor.call("POST", "/v1/sign-ins", headers=bearer(found[1]))
    assert entered.status == 201
    return bearer(entered.json["token"])


def _mail_to_any_case(visitor: Visitor) -> Any:
    """Addresses are told apart without their case, and written to as they were typed."""

    def wanted(mail: Any) -> bool:
        return visitor.email in str(mail["To"]).lower() and "Your link" in str(mail["Subject"])

    return visitor.cloud.mailbox.wait_for(wanted, seconds=60)


def test_the_links_of_earlier_mails_answer_a_changed_request_no_more(visitor: Visitor) -> None:
    request = visitor.submitted()
    token = visitor.manage_token(visitor.mail("request for"))
    old_link = visitor.answer_link(request)
    changed = visitor.call("PATCH", f"/v1/requests/{request['id']}", {"start": visitor.slots()[-7]}, bearer(token))
    assert changed.json["revision"] == 2
    assert visitor.press(old_link, "confirm").status == 410
    newest = visitor.cloud.mailbox.wait_for(
        lambda mail: "Changed: appointment request" in str(mail["Subject"]) and bool(answer_links(mail)), seconds=60
    )
    assert visitor.press(visitor.cloud.reachable(answer_links(newest)[0]), "confirm").status == 200
