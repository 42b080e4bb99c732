"""The calendar file, read back as a calendar program reads it."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from local.programs import NODE
from openhour.domain.requests import cancel, take
from openhour.domain.transitions import Action, Actor, MailKind, Reader, Status
from openhour.domain.values import Forum
from tests.cloud import ROOT
from tests.unit.mail_examples import (
    ATTENDEE,
    CLIENT,
    HARBOUR,
    MOVED,
    OFFERED,
    OLD_START,
    PRACTICE,
    PROVIDER,
    REQUEST,
    SENDER,
    START,
    Case,
    calendar_parts,
    case,
    text_of,
)

ANSWERING = (
    "Accepting or declining in your calendar changes nothing with us. "
    "To move or cancel: https://harbour.example/portal.html"
)


def calendar_of(made: Case) -> Calendar:
    part = calendar_parts(made.read())[0]
    parsed = Calendar.from_ical(part.get_payload(decode=True))
    assert isinstance(parsed, Calendar)
    return parsed


def event_of(made: Case) -> Event:
    (event,) = calendar_of(made).events
    return event


def test_a_confirmation_asks_the_calendar_to_enter_it() -> None:
    made = case(MailKind.CONFIRMED)
    calendar, event = calendar_of(made), event_of(made)
    assert (calendar["METHOD"], calendar["VERSION"], event["STATUS"]) == ("REQUEST", "2.0", "CONFIRMED")
    assert (event.start, event.end) == (START, START + timedelta(minutes=50))
    assert event["DTSTAMP"].dt == made.request.status_at
    assert event["SEQUENCE"] == made.request.version
    assert event["UID"] == "r1@openhour"


def test_a_cancellation_asks_the_calendar_to_take_the_same_event_out() -> None:
    made = case(MailKind.CANCELLED, version=5)
    calendar, event = calendar_of(made), event_of(made)
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == ("r1@openhour", 5)


def test_a_request_that_replaces_another_keeps_the_first_ones_uid() -> None:
    assert event_of(case(MailKind.CONFIRMED, id="r2", uid="r1"))["UID"] == "r1@openhour"


def test_over_a_replacement_every_later_file_takes_the_place_of_the_earlier_one() -> None:
    first = case(MailKind.CONFIRMED)
    asked = replace(first.request, **MOVED, status=Status.PENDING, version=3, start=OLD_START, deadline=START)
    moved = take(asked, Action.CONFIRM, Actor.PROVIDER, asked.status_at)
    ended = cancel(moved.after, Actor.CLIENT, asked.status_at)
    events = [event_of(first), event_of(Case(moved.mails[0], moved.after)), event_of(Case(ended.mails[0], ended.after))]
    assert [event["UID"] for event in events] == ["r1@openhour"] * 3
    assert [event["SEQUENCE"] for event in events] == [2, 4, 5]
    assert [event["STATUS"] for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event.start for event in events] == [START, OLD_START, OLD_START]


def test_the_client_who_chose_an_offered_time_gets_the_file_and_the_provider_does_not() -> None:
    offered = case(MailKind.OFFERED).request
    step = take(offered, Action.CHOOSE, Actor.CLIENT, offered.status_at, start=OFFERED[0])
    mails = {mail.reader: Case(mail, step.after) for mail in step.mails}
    event = event_of(mails[Reader.CLIENT])
    assert (event.start, event["SEQUENCE"]) == (OFFERED[0], offered.version + 1)
    assert mails[Reader.PROVIDER].mail.kind is MailKind.CHOSEN
    assert calendar_parts(mails[Reader.PROVIDER].read()) == []


@pytest.mark.parametrize("kind", [MailKind.CONFIRMED, MailKind.CANCELLED])
def test_a_calendar_does_not_tell_whom_the_session_is_for(kind: MailKind) -> None:
    raw = event_of(case(kind, attendee=ATTENDEE, **MOVED)).to_ical().decode().replace("\r\n ", "")
    assert "Lena" not in raw
    assert raw.count("\r\nATTENDEE") == 1


@pytest.mark.parametrize(
    ("locale", "description"), [("de", "Ihr Termin."), ("fr-CA", "Votre rendez-vous."), ("es", "Su cita.")]
)
def test_the_file_reads_in_the_clients_language(locale: str, description: str) -> None:
    assert event_of(case(MailKind.CONFIRMED, client=replace(CLIENT, locale=locale)))["DESCRIPTION"].startswith(
        description
    )


def test_times_are_utc_so_that_no_calendar_needs_our_zones() -> None:
    raw = calendar_of(case(MailKind.CONFIRMED, start=datetime(2027, 7, 8, 8, tzinfo=UTC))).to_ical()
    assert b"DTSTART:20270708T080000Z" in raw
    assert b"TZID" not in raw


def test_practice_invites_and_client_has_accepted_already() -> None:
    event = event_of(case(MailKind.CONFIRMED))
    organizer, attendee = event["ORGANIZER"], event["ATTENDEE"]
    assert (organizer, organizer.params["CN"]) == (f"mailto:{SENDER}", PRACTICE.neutral_name)
    assert (attendee, attendee.params["CN"]) == (f"mailto:{CLIENT.email}", CLIENT.name)
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")


@pytest.mark.parametrize("kind", [MailKind.CONFIRMED, MailKind.CANCELLED])
@pytest.mark.parametrize("forum", Forum)
def test_a_shared_calendar_tells_nothing(kind: MailKind, forum: Forum) -> None:
    event = event_of(case(kind, forum=forum))
    assert event["SUMMARY"] == PRACTICE.neutral_name
    assert event["CLASS"] == "PRIVATE"
    raw = event.to_ical().decode().replace("\r\n ", "")
    for private in ("therap", "Couples", "Anna", "rooms", "CANARY", "MANAGE", "training"):
        assert private.lower() not in raw.lower().replace("/anna?", "")


def test_the_address_is_there_when_people_meet_in_person() -> None:
    event = event_of(case(MailKind.CONFIRMED))
    assert event["LOCATION"] == "12 Harbour Street, London SE1 4XY"
    assert event["DESCRIPTION"] == f"Your appointment.\n{ANSWERING}"


def test_the_video_link_is_there_when_they_meet_online() -> None:
    event = event_of(case(MailKind.CONFIRMED, forum=Forum.TELEHEALTH))
    assert "LOCATION" not in event
    assert event["DESCRIPTION"] == (f"Your appointment.\nJoin here at the time: {PROVIDER.telehealth_url}\n{ANSWERING}")


def test_an_answer_in_the_calendar_is_said_to_change_nothing_and_what_does_is_named_without_a_token() -> None:
    description = str(event_of(case(MailKind.CONFIRMED))["DESCRIPTION"])
    assert "changes nothing" in description
    assert "https://harbour.example/portal.html" in description
    assert "MANAGE-" not in description
    assert "changes nothing" in text_of(case(MailKind.CONFIRMED).read())


@pytest.mark.parametrize("forum", Forum)
@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
def test_the_file_of_the_portal_shows_the_same(forum: Forum, locale: str) -> None:
    mailed = event_of(case(MailKind.CONFIRMED, forum=forum, client=replace(CLIENT, locale=locale)))
    calendar = Calendar.from_ical(portal_file(forum, locale))
    (event,) = calendar.walk("VEVENT")
    for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "DTSTART", "DTEND", "UID", "SEQUENCE", "CLASS", "STATUS"):
        assert event.get(name) == mailed.get(name), name
    assert "METHOD" not in calendar


def portal_file(forum: Forum, locale: str) -> str:
    """What the portal makes of the example request."""
    shown = {
        "forum": forum.value,
        "location": {"address": HARBOUR.address},
        "telehealth_url": PROVIDER.telehealth_url,
        "calendar_uid": REQUEST.calendar_uid,
        "version": case(MailKind.CONFIRMED).request.version,
        "start": "2027-03-08T09:00:00Z",
        "end": "2027-03-08T09:50:00Z",
    }
    site, portal = ROOT / "site" / "src", "https://harbour.example/portal.html"
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ calendarFile }} from "{site}/portal/calendar-file.js";
        import {{ translator }} from "{site}/parts/texts.js";
        const t = translator(JSON.parse(readFileSync("{site}/portal/texts/{locale}.json", "utf8")), "{locale}");
        const words = {{ summary: {json.dumps(PRACTICE.neutral_name)}, t, portal: "{portal}" }};
        process.stdout.write(calendarFile({json.dumps(shown)}, words, "2027-03-01T14:00:00Z"));
    """
    command = [NODE, "--input-type=module", "-e", script]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_a_cancelled_online_appointment_cannot_be_joined() -> None:
    assert event_of(case(MailKind.CANCELLED, forum=Forum.TELEHEALTH))["DESCRIPTION"] == "Your appointment."


def test_invitation_and_attachment_are_the_same_file_as_mail_programs_expect_it() -> None:
    parsed = case(MailKind.CONFIRMED).read()
    shown, attached = calendar_parts(parsed)
    assert (shown.get_content_type(), shown.get_param("method")) == ("text/calendar", "REQUEST")
    assert shown.get_content_disposition() is None
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_content_disposition() == "attachment"
    assert shown.get_payload(decode=True) == attached.get_payload(decode=True)
    kinds = [part.get_content_type() for part in parsed.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_lines_end_and_fold_as_the_standard_wants() -> None:
    name = replace(CLIENT, name="Zoë " * 40)
    data = calendar_parts(case(MailKind.CONFIRMED, client=name).read())[0].get_payload(decode=True)
    assert isinstance(data, bytes)
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize(
    "name", ['A";ROLE=CHAIR:mailto:x@evil.example', "A\r\nATTENDEE:mailto:x@evil.example", "A;B,C:D\\n^n"]
)
def test_a_name_cannot_add_anything_to_the_file(name: str) -> None:
    event = event_of(case(MailKind.CONFIRMED, client=replace(CLIENT, name=name)))
    assert event["ATTENDEE"] == f"mailto:{CLIENT.email}"
    assert event["ATTENDEE"].params["ROLE"] == "REQ-PARTICIPANT"
    assert len(event.to_ical().decode().replace("\r\n ", "").split("\r\nATTENDEE")) == 2
