"""The bytes that leave: ASCII, one reader, nothing injected, the same at every attempt."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import parseaddr, parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from openhour.adapters.mail import headers
from openhour.adapters.mail.plain_text import initials, lines
from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.characters import one_line
from openhour.adapters.written.deliverable import AddressError, carried
from openhour.domain.requests import Attendee, ProviderCard
from openhour.domain.transitions import MailKind, Reader
from tests.unit.mail_examples import (
    CLIENT,
    EVERY_KIND,
    PRACTICE,
    PROVIDER,
    SENDER,
    Case,
    calendar_parts,
    case,
    leaves,
    parsed_from,
    sign_in_mail,
    text_of,
)

every_kind = pytest.mark.parametrize(("kind", "reader"), EVERY_KIND)
LONGEST_LINE = 998  # RFC 5322, section 2.1.1, without CRLF
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}
anything = st.text(st.characters(), max_size=120)
nasty = st.lists(
    st.sampled_from(
        ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85", "Bcc: x@evil.example", ":", ",", '"', "<", ">", "(", "@"]
    )
    | st.sampled_from(["=?utf-8?q?a?=", "é", "张", "\ud800", "\u202e", "\\", ";", " ", "x" * 60, "--", "=_", "&amp;"]),
    max_size=12,
).map("".join)
typed = anything | nasty


def senders_name(made: Case) -> str:
    """The name before the sender's address, decoded by RFC 2047, section 6.2: no space between encoded words."""
    raw = message_from_bytes(made.composed().as_bytes(), policy=compat32)["From"]
    return str(make_header(decode_header(parseaddr(raw)[0])))


def defects_of(parsed: EmailMessage) -> Iterator[object]:
    for part in parsed.walk():
        yield from part.defects
        for value in part.values():
            yield from value.defects


def assert_sound(made: Case) -> None:
    """Whatever was typed: ASCII, short lines, our headers once each, one reader, no defect."""
    to = CLIENT.email if made.mail.reader is Reader.CLIENT else PROVIDER.email
    assert_sound_bytes(made.composed().as_bytes(), to)


def assert_sound_bytes(data: bytes, to: str) -> None:
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= LONGEST_LINE
    parsed = parsed_from(data)
    assert sorted(parsed.keys()) == sorted(HEADERS)
    assert list(defects_of(parsed)) == []
    assert [box.addr_spec for box in parsed["From"].addresses] == [SENDER]
    assert [box.addr_spec for box in parsed["To"].addresses] == [to]
    assert {part.get_content_subtype() for part in leaves(parsed)} <= {"plain", "html", "calendar", "ics"}


def with_words(kind: MailKind, reader: Reader, words: str) -> Case:
    """A case in which every free text is `words`."""
    base = case(kind, reader)
    request = replace(
        base.request,
        client=replace(CLIENT, name=words),
        provider=ProviderCard("anna", words, "Europe/London", words),
        location=replace(base.request.location, name=words, address=words),
        service=replace(base.request.service, name=words),
        note=words,
        reason=words,
        attendee=Attendee(words, guardian=True),
        replaces="r0",
        replaces_start=base.request.submitted_at,
    )
    practice = replace(PRACTICE, name=words, neutral_name=words, contact=words)
    provider = replace(PROVIDER, name=words, title=words, mail_initials_only=False)
    return Case(base.mail, request, practice, provider)


@every_kind
@pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])
def test_every_mail_is_sound_in_every_language(kind: MailKind, reader: Reader, locale: str) -> None:
    made = case(kind, reader, client=replace(CLIENT, locale=locale))
    assert_sound(replace(made, provider=replace(PROVIDER, locale=locale)))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EVERY_KIND), typed)
def test_whatever_people_type_a_mail_is_sound(which: tuple[MailKind, Reader], words: str) -> None:
    assert_sound(with_words(*which, words))


@settings(max_examples=40, deadline=None)
@given(typed)
def test_whatever_the_practice_types_a_sign_in_mail_is_sound(words: str) -> None:
    practice = replace(PRACTICE, name=words, neutral_name=words, contact=words)
    assert_sound_bytes(sign_in_mail(practice).as_bytes(), CLIENT.email)


@settings(max_examples=40, deadline=None)
@given(typed)
def test_whatever_people_type_the_calendar_file_has_one_event_with_one_attendee(words: str) -> None:
    part = calendar_parts(with_words(MailKind.CONFIRMED, Reader.CLIENT, words).read())[0]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    assert event["ATTENDEE"] == f"mailto:{CLIENT.email}"
    assert event["SUMMARY"] == one_line(words)
    assert event.errors == []


@settings(max_examples=60, deadline=None)
@given(typed)
def test_a_reason_arrives_as_it_was_typed(words: str) -> None:
    text = text_of(case(MailKind.DECLINED, reason=words).read())
    assert [line[2:] for line in text.splitlines() if line.startswith("> ")] == list(lines(words))


@settings(max_examples=60, deadline=None)
@given(typed)
def test_a_neutral_name_arrives_as_the_senders_name(words: str) -> None:
    made = replace(case(MailKind.WAITING), practice=replace(PRACTICE, neutral_name=words))
    assert senders_name(made) == one_line(words)


@pytest.mark.parametrize("letter", ["n", "é", "n "])
def test_no_line_is_too_long_for_a_relay_however_long_a_name_is(letter: str) -> None:
    assert_sound(with_words(MailKind.CONFIRMED, Reader.CLIENT, letter * 1200))


def test_a_name_cannot_add_a_header() -> None:
    attack = "Evil\r\nBcc: everybody@evil.example\r\n\r\nHello"
    data = with_words(MailKind.WAITING, Reader.CLIENT, attack).composed().as_bytes()
    assert "Bcc" not in parsed_from(data)
    assert b"\r\nBcc" not in data


def test_names_beyond_ascii_arrive_as_they_are() -> None:
    practice = replace(PRACTICE, neutral_name="Büro Zoë, Nuñez & 张")
    parsed = replace(case(MailKind.WAITING), practice=practice).read()
    assert parsed["From"].addresses[0].display_name == "Büro Zoë, Nuñez & 张"
    assert "Hello Zoë Nuñez 张," in text_of(parsed)


@every_kind
def test_the_same_mail_twice_is_byte_for_byte_the_same(kind: MailKind, reader: Reader) -> None:
    assert case(kind, reader).composed().as_bytes() == case(kind, reader).composed().as_bytes()


def test_message_ids_differ_by_request_version_reader_and_number_and_tell_none_of_them() -> None:
    base = case(MailKind.WAITING)
    others = [
        replace(base.mail, **change)
        for change in ({"request": "r2"}, {"version": 2}, {"reader": Reader.PROVIDER}, {"number": 1}, {"number": 2})
    ]
    ids = {replace(base, mail=mail).composed()["Message-ID"] for mail in [base.mail, *others]}
    assert len(ids) == 6
    assert all(message_id.endswith("@harbour.example>") for message_id in ids)


def test_the_date_is_when_it_happened_and_a_reminders_is_when_it_is_due() -> None:
    at_once, later = case(MailKind.CONFIRMED), case(MailKind.SESSION_REMINDER)
    assert parsedate_to_datetime(at_once.read()["Date"]) == at_once.request.status_at
    assert parsedate_to_datetime(later.read()["Date"]) == later.mail.due > later.request.status_at


@pytest.mark.parametrize(
    "name", ["N" * 75 + ":", "Rooms, " * 12 + "more", "a" * 199 + '"', "=?utf-8?q?a?= x", "é" * 150, "Dr. A (B)"]
)
def test_a_long_or_odd_senders_name_stays_one_name(name: str) -> None:
    made = replace(case(MailKind.WAITING), practice=replace(PRACTICE, neutral_name=name))
    (box,) = made.read()["From"].addresses
    assert (senders_name(made), box.addr_spec) == (name, SENDER)


@pytest.mark.parametrize("name", ["Büro " * 30, "Office " * 30, "é" * 200, "one"])
def test_a_subject_of_any_length_and_script_arrives_without_an_empty_first_line(name: str) -> None:
    folded = headers.subject(name.strip())
    assert folded.fold(policy=default).splitlines()[0].removeprefix("Subject:").strip()
    assert max(map(len, folded.fold(policy=default).splitlines())) <= 78
    assert message_from_bytes(folded.fold(policy=default).encode(), policy=default)["Subject"] == name.strip()


def test_no_holiday_notice_answers_a_mail() -> None:
    assert case(MailKind.WAITING).read()["Auto-Submitted"] == "auto-generated"


def test_a_domain_beyond_ascii_is_written_in_ascii() -> None:
    client = replace(CLIENT, email=read_address("zoe@münchen.de"))
    parsed = case(MailKind.CONFIRMED, client=client).read()
    assert parsed["To"].addresses[0].addr_spec == "zoe@xn--mnchen-3ya.de"
    assert b"mailto:zoe@xn--mnchen-3ya.de" in calendar_parts(parsed)[0].get_payload(decode=True)


@pytest.mark.parametrize("address", ["zoë@client.example", "zoë", "é@"])
def test_an_address_that_no_header_can_carry_is_refused(address: str) -> None:
    with pytest.raises(AddressError) as caught:
        carried(address)
    assert address not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Zoë Nuñez", "Z. N."),
        ("anna-marie o'neill", "A. O."),
        ("  'quoted'   (Name) ", "Q. N."),
        ("e\u0301lodie", "É."),
        ("张伟", "张."),
        ("A B C D E F", "A. B. C. D."),
        ("Sam\r\nBcc: x", "S. B. X."),
        ("🙂 !", ""),
        ("", ""),
    ],
)
def test_initials_are_the_first_letter_of_each_word(name: str, read: str) -> None:
    assert initials(name) == read
