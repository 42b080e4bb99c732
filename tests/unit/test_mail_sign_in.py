"""The mail with a sign-in link: it may go to somebody who never asked for it."""

import html
import re
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from openhour.adapters.wording.catalogue import catalogue
from openhour.adapters.written.deliverable import AddressError
from openhour.application.signed_in import SignedIn
from openhour.domain.transitions import TABLE, MailKind
from tests.unit.mail_examples import (
    CLIENT,
    EVERY_KIND,
    PRACTICE,
    PROVIDER,
    SUBMITTED,
    FakeLinks,
    calendar_parts,
    case,
    everything_in,
    html_of,
    parsed_from,
    sign_in_mail,
    text_of,
)

URL = FakeLinks().sign_in(SignedIn(CLIENT.id, 3))
LANGUAGES = pytest.mark.parametrize("locale", ["en", "de", "fr", "es"])


def test_the_link_is_in_the_text_and_in_the_html() -> None:
    parsed = parsed_from(sign_in_mail().as_bytes())
    assert f"See my appointments:\n{URL}\n" in text_of(parsed)
    links = [html.unescape(url) for url in re.findall(r'href="([^"]*)"', html_of(parsed))]
    assert links == [URL, URL]


def test_it_says_how_long_the_link_works_and_that_doing_nothing_is_safe() -> None:
    parsed = parsed_from(sign_in_mail().as_bytes())
    for sentence in ("The link works for 30 minutes.", "If you did not ask for this, do nothing"):
        assert sentence in text_of(parsed)
        assert sentence in html_of(parsed)


def test_it_greets_nobody_and_tells_nothing_of_any_appointment() -> None:
    told = everything_in(sign_in_mail())
    for private in (CLIENT.name, "Zoë", PROVIDER.name, PRACTICE.name, "Couples", "March", "Hello", CLIENT.id):
        assert private not in told.replace("Date: Mon, 01 Mar", "").replace(PRACTICE.neutral_name, "")
    assert calendar_parts(sign_in_mail()) == []


def test_it_comes_from_the_neutral_name_and_says_how_to_reach_the_practice() -> None:
    parsed = parsed_from(sign_in_mail().as_bytes())
    assert parsed["From"].addresses[0].display_name == PRACTICE.neutral_name
    assert [box.addr_spec for box in parsed["To"].addresses] == [CLIENT.email]
    assert PRACTICE.contact in text_of(parsed)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(parsed["Date"]) == SUBMITTED


@LANGUAGES
def test_it_reads_in_the_language_that_it_was_asked_for_in(locale: str) -> None:
    parsed, words = parsed_from(sign_in_mail(locale=locale).as_bytes()), catalogue(locale)
    assert parsed["Subject"] == words.text("sign_in.subject")
    assert parsed["Content-Language"] == locale
    for part in (text_of(parsed), html.unescape(html_of(parsed))):
        for key in ("heading", "lead", "not_you"):
            assert words.text(f"sign_in.{key}") in part


@LANGUAGES
def test_without_one_it_reads_in_the_practices(locale: str) -> None:
    parsed = parsed_from(sign_in_mail(replace(PRACTICE, locale=locale)).as_bytes())
    assert parsed["Subject"] == catalogue(locale).text("sign_in.subject")


def test_the_same_request_makes_the_same_bytes_and_the_next_one_another_message() -> None:
    first, again, later = sign_in_mail(), sign_in_mail(), sign_in_mail(period=5_700_001)
    assert first.as_bytes() == again.as_bytes()
    assert first["Message-ID"] != later["Message-ID"]
    asked_again = sign_in_mail(at=SUBMITTED + timedelta(seconds=1))  # the first was dead by then
    assert first["Message-ID"] != asked_again["Message-ID"]


def test_its_message_id_is_not_that_of_any_mail_about_a_request() -> None:
    others = {case(kind, reader).composed()["Message-ID"] for kind, reader in EVERY_KIND}
    assert sign_in_mail()["Message-ID"] not in others


def test_no_header_can_be_added_by_what_was_typed_as_the_address() -> None:
    with pytest.raises((AddressError, ValueError)):
        sign_in_mail(email="zoe@client.example\r\nBcc: x@evil.example")


def test_an_address_that_no_mail_can_carry_is_refused_and_not_named() -> None:
    with pytest.raises(AddressError) as caught:
        sign_in_mail(email="zoë@client.example")
    assert "client.example" not in str(caught.value)


def test_it_is_the_one_mail_that_no_request_owes() -> None:
    owed = {kind for row in TABLE for _, kind in row.mails}
    assert {kind for kind in MailKind if kind not in owed and not kind.is_reminder} == {
        MailKind.SIGN_IN,
        MailKind.UNREACHED,
    }
