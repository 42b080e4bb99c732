"""What people type and paste: what cannot be seen goes, what carries a meaning stays."""

import unicodedata
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.characters import many_lines, names_web_address, one_line, plain, shows_something
from openhour.adapters.written.deliverable import AddressError, carried
from openhour.domain.transitions import MailKind, Reader
from tests.unit.mail_examples import CLIENT, PROVIDER, case, everything_in, sign_in_mail

ADDRESS = "ana@client.example"
_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    "pasted",
    [
        f"\u200b{ADDRESS}\u200b", f"\ufeff{ADDRESS}", f"\u202a{ADDRESS}\u202c", f"\u2066{ADDRESS}\u2069",
        f"\u200e{ADDRESS}\u200f", "ana\uff20client.example", "ana@cli\u00adent.example", f"\u00a0{ADDRESS}\u3000",
        f"{ADDRESS}\t", f"{ADDRESS}\r\n", f"{ADDRESS}\x00", f"\u2060{ADDRESS}\u2063", "ana@client\u3002example",
        "ana@client\uff0eexample", "ana@client\uff61example", "\uff41\uff4e\uff41\uff20client.example",
        f"{ADDRESS}.", f"{ADDRESS},", f"{ADDRESS};", f"mailto:{ADDRESS}", f"MAILTO:{ADDRESS}?subject=Hello",
        f"<{ADDRESS}>", f"Ana Lima <{ADDRESS}>", f'"Lima, Ana" <{ADDRESS}>,', f"{ADDRESS} <{ADDRESS}>",
        f"{ADDRESS}<mailto:{ADDRESS}>", f"\u201c{ADDRESS}\u201d", f"'{ADDRESS}'", f"\u00ab\u00a0{ADDRESS}\u00a0\u00bb",
    ],
    ids=ascii,
)  # fmt: skip
def test_an_address_is_read_out_of_what_was_pasted(pasted: str) -> None:
    assert read_address(pasted) == ADDRESS


def test_a_typographic_apostrophe_and_hyphen_are_the_plain_ones() -> None:
    assert read_address("o\u2019neill@my\u2010home.example") == "o'neill@my-home.example"


@pytest.mark.parametrize(
    "text",
    [
        "=?utf-8?q?a?=@client.example", "=??q??=@client.example", "=?us-ascii?b?YQ==?=@client.example",
        "x" * 65 + "@client.example", "x@a.example <y@b.example>", "x@a.example, y@b.example",
        "x@a.example y@b.example",
        "", "<>", "mailto:", "\u200b", f"{ADDRESS}\r\nBcc: x@y.example", "zoë@client.example", '"a b"@client.example',
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_address_or_none_that_a_mail_can_carry_is_refused_and_not_named(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        read_address(text)
    assert "client" not in str(caught.value)


_ATOM = st.text("abcXYZ019!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=40)
_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
ODD_ADDRESSES = st.builds(
    lambda local, domain: ".".join(local) + "@" + ".".join(domain) + ".example",
    st.lists(_ATOM, min_size=1, max_size=4),
    st.lists(_LABEL, min_size=1, max_size=8),
)


@settings(deadline=None, max_examples=60)  # the first mail loads the templates
@given(ODD_ADDRESSES)
@example("=?utf-8?q?a?=@client.example")
@example("x" * 64 + "@" + ".".join(["y" * 45] * 4))
@example("a=?b@client.example")
@example("?=@client.example")
@example("'@client.example")
@example("a%0d%0a@client.example")
def test_what_is_taken_in_is_composed_and_arrives_as_it_is(address: str) -> None:
    try:
        taken = read_address(address)
    except AddressError:
        return
    client, provider = replace(CLIENT, email=taken), replace(PROVIDER, email=taken)
    mails = (
        case(MailKind.CONFIRMED, client=client).read(),
        replace(case(MailKind.NEW_REQUEST, Reader.PROVIDER), provider=provider).read(),
        sign_in_mail(email=taken),
    )
    for mail in mails:
        assert str(mail["To"]) == taken
        assert mail.as_bytes().isascii()
    assert carried(taken) == taken


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    with suppress(AddressError):
        assert carried(read_address(text))


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("Ana\tLima", "Ana Lima"),
        ("Ana\x0cLima", "Ana Lima"),
        ("Ana\u00a0\u3000Lima", "Ana Lima"),
        ("Ana\u2028Lima", "Ana Lima"),
        ("\ufeffAna\u200b Li\u00adma\u2060", "Ana Lima"),
        ("Ana\u202eamiL\u2066", "AnaamiL"),
        ("Ana\x02 Lima\x1b", "Ana Lima"),
        ("A\u200dna", "Ana"),
        ("e\u0301lodie", "\u00e9lodie"),
    ],
    ids=ascii,
)
def test_a_name_is_taken_as_it_looks(pasted: str, read: str) -> None:
    assert one_line(pasted) == read


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian "I want": a non-joiner between two letters
        "\u0915\u094d\u200d\u0937",  # Hindi: half a letter before the next
        "\u0930\u093e\u0915\u094d\u200d",  # and at a word's end
        "\U0001f469\u200d\U0001f467",
        "\U0001f468\U0001f3fd\u200d\u2695\ufe0f",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f642\u200d\u2194\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "\u845b\U000e0100\u98fe",  # a Japanese name in its own form
        "\u05e9\u05bc\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd",
        "Nguy\u1ec5n \u0110\u1ee9c",
    ],
    ids=ascii,
)
def test_what_carries_a_meaning_stays(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert (one_line(text), many_lines(text)) == (text, text)


def test_joiners_that_join_nothing_and_tags_that_are_no_flag_go() -> None:
    assert one_line("\u200dA\u200cB\u200d\u200d \u200c\U000e0041C\U0001f469\u200d") == "AB C\U0001f469"
    assert one_line("\u0915\u094d\u200d\u200d\u200c\u0937") == "\u0915\u094d\u200d\u0937"


def test_marks_do_not_tower() -> None:
    assert len(one_line("q" + "\u0323\u0308" * 200 + "b")) == 8


def test_a_note_keeps_its_lines_and_loses_what_cannot_be_seen() -> None:
    assert many_lines("\ufeff One\r\ntwo\x0cthree\x0b\tfour\u2028five\x85six\x00\x1b]0;\x07\u202e ") == (
        "One\ntwo\nthree\n\tfour\nfive\nsix]0;"
    )


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more_and_leaves_no_control(text: str) -> None:
    for fold in (one_line, many_lines):
        once = fold(text)
        assert fold(once) == once
        assert not set(once) & set(_CONTROLS)
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["", "\u200b\u200d", "\u3164\u115f", "\u2800", "\u0301", "\u202e\u2069", "\x00"])
def test_what_shows_nothing_is_nothing(text: str) -> None:
    assert not shows_something(one_line(text))


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("\u0660\u0662\u0660 \u0667\u0669\u0664\u0666", "020 7946"),
        ("\uff0b\uff14\uff14\u2011\uff12\uff10", "+44-20"),
        ("+49\u00a030\u200b 1234", "+49 30 1234"),
        ("\u06f0\u06f9\u0966\u096f", "0909"),
    ],
)
def test_a_number_is_the_same_in_the_digits_of_any_script(written: str, digits: str) -> None:
    assert plain(written) == digits


@pytest.mark.parametrize(
    "name",
    ["Go to http://evil.example/pay NOW", "www.evil.example", "hxxps://evil.example", "evil.com", "see evil.example/x",
     "evil\uff0ecom", "evil\u3002com", "ev\u200bil.com", "ana@client.example", "10.0.0.1", "bit.ly", "my-shop.de"],
    ids=ascii,
)  # fmt: skip
def test_a_web_address_in_a_name_is_seen(name: str) -> None:
    assert names_web_address(name)


@pytest.mark.parametrize(
    "name",
    ["Dr.med. Anna Huber", "Dipl.-Psych.Anna Huber", "J.R.R. Tolkien", "St.John Rivers", "Prof.de Vries", "M.Sc. Lima",
     "Ana (mother of Leo)", "O'Neill-Smith", "Ana/Anna Lima", "Martin Luther King, Jr.", "\u5f20\u4f1f", "A. d. Com"],
    ids=ascii,
)  # fmt: skip
def test_a_name_with_full_stops_is_no_web_address(name: str) -> None:
    assert not names_web_address(name)


def test_no_mail_turns_its_text_around() -> None:
    client = replace(CLIENT, name=f"A{_CONTROLS}na")
    text = everything_in(case(MailKind.CONFIRMED, client=client).read())
    assert "Ana" in text
    assert not set(text) & set(_CONTROLS)
