"""Mails about a move, for somebody else, and in another language."""

import re
from dataclasses import replace

import pytest

from openhour.adapters.mail.links import ACTIONS
from openhour.adapters.wording.catalogue import catalogue
from openhour.domain.transitions import MailKind, Reader, Status
from openhour.domain.values import Forum
from tests.unit.mail_examples import (
    ATTENDEE,
    CLIENT,
    EVERY_KIND,
    MOVED,
    PROVIDER,
    case,
    everything_in,
    html_of,
    text_of,
)
from tests.unit.mail_reading import both_parts, shown_at_all, shown_in_both

TO_CLIENT = [kind for kind, reader in EVERY_KIND if reader is Reader.CLIENT]
TO_PROVIDER = [kind for kind, reader in EVERY_KIND if reader is Reader.PROVIDER]

every_kind = pytest.mark.parametrize(("kind", "reader"), EVERY_KIND)
to_client = pytest.mark.parametrize("kind", TO_CLIENT)
to_provider = pytest.mark.parametrize("kind", TO_PROVIDER)
both_forums = pytest.mark.parametrize("forum", Forum)
MOVING = {Status.PENDING, Status.OFFERED, Status.CONFIRMED}
OLD_TIME = "Wednesday 10 March 2027, 12:00 (London time, Europe/London, UTC+0)"
every_kind_about_a_move = pytest.mark.parametrize(
    ("kind", "reader"), [(kind, reader) for kind, reader in EVERY_KIND if kind is not MailKind.VERIFY_ADDRESS]
)


@every_kind_about_a_move
def test_a_mail_about_a_move_says_what_becomes_of_the_earlier_appointment(kind: MailKind, reader: Reader) -> None:
    made = case(kind, reader, **MOVED)
    parsed, status = made.read(), made.mail.status
    replaced_for_good = status is Status.CANCELLED or kind is MailKind.SESSION_REMINDER
    moving, standing = f"Instead of: {OLD_TIME}", f"Earlier appointment: {OLD_TIME} It stays as it is."
    text = " ".join(text_of(parsed).split())
    assert (moving in text) is (status in MOVING and not replaced_for_good)
    assert (standing in text) is (status not in MOVING and not replaced_for_good)
    assert shown_at_all(parsed, OLD_TIME) is not replaced_for_good
    assert shown_in_both(parsed, OLD_TIME) is not replaced_for_good


@every_kind
def test_a_mail_about_a_first_request_speaks_of_no_earlier_one(kind: MailKind, reader: Reader) -> None:
    parsed = case(kind, reader).read()
    assert not shown_at_all(parsed, "Instead of")
    assert not shown_at_all(parsed, "Earlier appointment")


@to_client
def test_a_client_who_asks_for_somebody_else_reads_whom_it_is_for(kind: MailKind) -> None:
    parsed = case(kind, Reader.CLIENT, attendee=ATTENDEE).read()
    assert shown_in_both(parsed, ATTENDEE.name) is (kind is not MailKind.VERIFY_ADDRESS)
    assert shown_at_all(parsed, "Lena") is (kind is not MailKind.VERIFY_ADDRESS)
    assert "Lena" not in parsed["Subject"]
    assert "guardian" not in everything_in(parsed)


@to_provider
def test_a_provider_reads_initials_of_whom_it_is_for_too(kind: MailKind) -> None:
    parsed = case(kind, Reader.PROVIDER, attendee=ATTENDEE).read()
    assert shown_in_both(parsed, "L. N.")
    assert "For: L. N." in text_of(parsed)
    assert not shown_at_all(parsed, "Lena")
    assert "guardian" not in everything_in(parsed)


@to_provider
def test_a_provider_who_chose_so_reads_the_full_name_of_whom_it_is_for(kind: MailKind) -> None:
    made = case(kind, Reader.PROVIDER, attendee=ATTENDEE)
    parsed = replace(made, provider=replace(PROVIDER, mail_initials_only=False)).read()
    assert f"For: {ATTENDEE.name}" in text_of(parsed)
    assert ATTENDEE.name not in parsed["Subject"]


def test_somebody_whose_name_has_no_letters_is_somebody_else() -> None:
    parsed = case(MailKind.NEW_REQUEST, attendee=replace(ATTENDEE, name="🙂")).read()
    assert shown_in_both(parsed, "somebody else")


@every_kind
@pytest.mark.parametrize("locale", ["de", "fr", "es"])
@both_forums
def test_mails_read_in_their_readers_language(kind: MailKind, reader: Reader, locale: str, forum: Forum) -> None:
    ours, theirs = (locale, "en") if reader is Reader.CLIENT else ("en", locale)
    client = replace(CLIENT, locale=ours, time_zone="Europe/Berlin")
    made = case(kind, reader, client=client, forum=forum, attendee=ATTENDEE, reason=None, **MOVED)
    made = replace(made, provider=replace(PROVIDER, locale=theirs, time_zone="America/New_York"))
    parsed, words, english = made.read(), catalogue(locale).texts, catalogue("en").texts
    assert parsed["Content-Language"] == locale
    assert f'<html lang="{locale}">' in html_of(parsed)
    for part in both_parts(parsed):
        shown = [f"{kind}.heading", *ACTIONS[kind]]
        assert [key for key in shown if " ".join(words[key].split()) not in part] == []
        assert english[f"{kind}.heading"] not in part
        assert not re.search(r"\b(Monday|Tuesday|Wednesday|March|time,|With|Where|When|the)\b", part)
    assert "{" not in text_of(parsed)


@pytest.mark.parametrize(("locale", "read"), [("en-US", "Monday, March 8, 2027, 9:00 AM"), ("de-AT", "8. März 2027")])
def test_a_region_writes_dates_its_own_way_and_says_the_rest_as_its_language(locale: str, read: str) -> None:
    parsed = case(MailKind.WAITING, client=replace(CLIENT, locale=locale)).read()
    assert read in parsed["Subject"]
    assert parsed["Content-Language"] == locale
    assert shown_in_both(parsed, catalogue(locale.partition("-")[0]).texts["waiting.heading"])
