"""What each mail shows to whom, and what it must not show."""

import html
import re
from dataclasses import replace

import pytest

from openhour.domain.transitions import TABLE, MailKind, Reader
from openhour.domain.values import Forum
from tests.unit.mail_examples import (
    CLIENT,
    COUPLES,
    EVERY_KIND,
    HARBOUR,
    LISBON,
    NOTE,
    PRACTICE,
    PROVIDER,
    REQUEST,
    FakeLinks,
    calendar_parts,
    case,
    everything_in,
    html_of,
    text_of,
)
from tests.unit.mail_reading import Page, both_parts, shown_at_all, shown_in_both

TO_CLIENT = [kind for kind, reader in EVERY_KIND if reader is Reader.CLIENT]
TO_PROVIDER = [kind for kind, reader in EVERY_KIND if reader is Reader.PROVIDER]
TELLING_WORDS = re.compile(r"therap|counsel|couples|psych|mental|health|treat|patient|session", re.IGNORECASE)
PREVIEW_LENGTH = 200

every_kind = pytest.mark.parametrize(("kind", "reader"), EVERY_KIND)
to_client = pytest.mark.parametrize("kind", TO_CLIENT)
to_provider = pytest.mark.parametrize("kind", TO_PROVIDER)
both_forums = pytest.mark.parametrize("forum", Forum)


def test_every_mail_that_the_transitions_owe_is_one_of_these() -> None:
    reminders = {(MailKind.ANSWER_REMINDER, Reader.PROVIDER), (MailKind.SESSION_REMINDER, Reader.CLIENT)}
    assert {(kind, reader) for row in TABLE for reader, kind in row.mails} | reminders == set(EVERY_KIND)
    assert {kind for kind, _ in EVERY_KIND} == set(MailKind) - {
        MailKind.SIGN_IN,
        MailKind.UNREACHED,
    }  # those are owed by no request


@every_kind
@both_forums
def test_neither_service_nor_therapy_shows_before_a_mail_is_opened(
    kind: MailKind, reader: Reader, forum: Forum
) -> None:
    parsed = case(kind, reader, forum=forum).read()
    page = Page(html_of(parsed)).visible()
    for seen in (parsed["Subject"], parsed["From"], text_of(parsed)[:PREVIEW_LENGTH], page[:PREVIEW_LENGTH]):
        assert not TELLING_WORDS.search(str(seen)), seen


@every_kind
def test_the_html_opens_with_the_preview_and_fills_the_rest_of_what_mailboxes_show(
    kind: MailKind, reader: Reader
) -> None:
    source = html_of(case(kind, reader).read())
    body = source[source.index("<body") :]
    hidden = body[: body.index("<table")]
    assert "display:none" in hidden
    assert len(html.unescape(hidden)) > PREVIEW_LENGTH + 100
    assert Page(hidden).visible().split(".")[0] != ""


@to_client
@both_forums
def test_a_clients_mail_never_names_the_service(kind: MailKind, forum: Forum) -> None:
    parsed = case(kind, Reader.CLIENT, forum=forum).read()
    assert not shown_at_all(parsed, COUPLES.name)
    assert not shown_at_all(parsed, PROVIDER.title)
    assert not shown_at_all(parsed, PRACTICE.name)


@every_kind
@both_forums
def test_the_clients_note_is_nowhere_in_the_mail(kind: MailKind, reader: Reader, forum: Forum) -> None:
    made = case(kind, reader, forum=forum)
    assert made.request.note == NOTE
    assert NOTE.encode() not in made.composed().as_bytes()
    assert not shown_at_all(made.read(), "CANARY")


@every_kind
def test_the_sender_is_the_neutral_name(kind: MailKind, reader: Reader) -> None:
    parsed = case(kind, reader).read()
    assert parsed["From"].addresses[0].display_name == PRACTICE.neutral_name


@to_provider
def test_a_provider_reads_initials_alone(kind: MailKind) -> None:
    parsed = case(kind, Reader.PROVIDER).read()
    assert shown_in_both(parsed, "Z. N. 张.")
    for private in ("Zoë", "Nuñez", CLIENT.email):
        assert not shown_at_all(parsed, private)


@to_provider
def test_a_provider_who_chose_so_reads_the_full_name(kind: MailKind) -> None:
    open_minded = replace(PROVIDER, mail_initials_only=False)
    parsed = replace(case(kind, Reader.PROVIDER), provider=open_minded).read()
    assert shown_in_both(parsed, CLIENT.name)
    assert CLIENT.name not in parsed["Subject"]


def test_a_name_without_letters_has_no_initials_and_still_reads_as_a_sentence() -> None:
    parsed = case(MailKind.NEW_REQUEST, client=replace(CLIENT, name="🙂 !!")).read()
    assert shown_in_both(parsed, "a client asks for an appointment with you.")


@to_provider
def test_a_provider_reads_the_service_the_place_and_the_time_in_their_own_zone(kind: MailKind) -> None:
    abroad = replace(PROVIDER, time_zone="America/New_York")
    parsed = replace(case(kind, Reader.PROVIDER), provider=abroad).read()
    assert "04:00" in parsed["Subject"]
    assert shown_in_both(parsed, COUPLES.name)
    assert shown_in_both(parsed, HARBOUR.name)
    assert shown_in_both(parsed, "Monday 8 March 2027, 04:00\u201304:50 (New York time, America/New_York, UTC-5)")
    assert shown_in_both(
        parsed, "Local time there: Monday 8 March 2027, 09:00\u201309:50 (London time, Europe/London, UTC+0)"
    )


ANSWERED = pytest.mark.parametrize("kind", [MailKind.NEW_REQUEST, MailKind.CHANGED_REQUEST, MailKind.ANSWER_REMINDER])


@ANSWERED
def test_a_provider_can_confirm_and_decline_from_the_mail(kind: MailKind) -> None:
    parsed = case(kind, Reader.PROVIDER).read()
    page = FakeLinks().answer(REQUEST)
    buttons = [(url, label.strip()) for url, label in Page(html_of(parsed)).links]
    assert buttons[:2] == [(f"{page}#confirm", "Confirm"), (f"{page}#decline", "Decline")]
    assert f"Confirm:\n{page}#confirm\n" in text_of(parsed)
    assert f"Decline:\n{page}#decline\n" in text_of(parsed)


@ANSWERED
def test_a_provider_reads_until_when_to_answer(kind: MailKind) -> None:
    parsed = case(kind, Reader.PROVIDER).read()
    assert shown_in_both(parsed, "Please answer by Tuesday 2 March 2027, 14:00 (London time, Europe/London, UTC+0).")


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (MailKind.WAITING, "Manage appointment"),
        (MailKind.CONFIRMED, "Manage appointment"),
        (MailKind.CHANGED, "Manage appointment"),
        (MailKind.DECLINED, "Pick another time"),
        (MailKind.EXPIRED, "Pick another time"),
        (MailKind.CANCELLED, "Pick another time"),
        (MailKind.OFFERED, "Choose a time"),
        (MailKind.OFFER_EXPIRED, "Pick another time"),
        (MailKind.SESSION_REMINDER, "Manage appointment"),
    ],
)
def test_a_client_has_one_button_to_the_page_of_the_request(kind: MailKind, label: str) -> None:
    parsed = case(kind, Reader.CLIENT).read()
    url = FakeLinks().manage(REQUEST)
    assert [(link, text.strip()) for link, text in Page(html_of(parsed)).links] == [(url, label), (url, url)]
    assert f"{label}:\n{url}\n" in text_of(parsed)


@pytest.mark.parametrize("kind", [MailKind.CHOSEN, MailKind.UNDELIVERABLE])
def test_a_provider_can_look_at_what_is_not_to_be_answered(kind: MailKind) -> None:
    parsed = case(kind, Reader.PROVIDER).read()
    url, label = FakeLinks().answer(REQUEST), "Look at the appointment"
    assert [(link, text.strip()) for link, text in Page(html_of(parsed)).links] == [(url, label), (url, url)]
    assert f"{label}:\n{url}\n" in text_of(parsed)


@pytest.mark.parametrize("kind", [MailKind.WITHDRAWN, MailKind.CANCELLED_BY_CLIENT, MailKind.OFFER_LAPSED])
def test_a_provider_who_need_not_do_anything_has_no_button(kind: MailKind) -> None:
    assert Page(html_of(case(kind, Reader.PROVIDER).read())).links == []


@every_kind
@both_forums
def test_only_the_links_that_a_reader_needs_are_made(kind: MailKind, reader: Reader, forum: Forum) -> None:
    links = FakeLinks()
    case(kind, reader, forum=forum).composed(links)
    allowed = {"answer"} if reader is Reader.PROVIDER else {"verify" if kind is MailKind.VERIFY_ADDRESS else "manage"}
    assert set(links.made) <= allowed | ({"portal"} if kind is MailKind.CONFIRMED else set())


@pytest.mark.parametrize("kind", [MailKind.WAITING, MailKind.CHANGED])
def test_a_waiting_client_reads_the_deadline_in_their_own_zone_and_that_nothing_is_confirmed(kind: MailKind) -> None:
    far = replace(CLIENT, time_zone="Asia/Kolkata")
    parsed = case(kind, Reader.CLIENT, client=far).read()
    assert shown_in_both(parsed, "You will hear by Tuesday 2 March 2027, 19:30 (Kolkata time, Asia/Kolkata, UTC+5:30).")
    assert shown_in_both(parsed, "Unconfirmed")


def test_a_client_in_another_zone_reads_the_time_at_the_place_too() -> None:
    far = replace(CLIENT, time_zone="Europe/Berlin")
    parsed = case(MailKind.CONFIRMED, client=far).read()
    assert shown_in_both(parsed, "10:00\u201310:50 (Berlin time, Europe/Berlin, UTC+1)")
    assert shown_in_both(
        parsed, "Local time there: Monday 8 March 2027, 09:00\u201309:50 (London time, Europe/London, UTC+0)"
    )


def test_one_time_is_enough_online_and_where_the_clocks_agree() -> None:
    far = replace(CLIENT, time_zone="Europe/Berlin")
    assert not shown_at_all(case(MailKind.CONFIRMED, client=far, forum=Forum.TELEHEALTH).read(), "Local time there")
    assert not shown_at_all(case(MailKind.CONFIRMED, location=LISBON).read(), "Local time there")


@every_kind
def test_the_video_link_is_in_mails_of_a_confirmed_online_appointment_alone(kind: MailKind, reader: Reader) -> None:
    url = PROVIDER.telehealth_url or ""
    assert not shown_at_all(case(kind, reader, forum=Forum.IN_PERSON).read(), "video.harbour.example")
    online = case(kind, reader, forum=Forum.TELEHEALTH).read()
    if kind in {MailKind.CONFIRMED, MailKind.SESSION_REMINDER}:
        assert url in text_of(online)
        assert (url, url) in [(link, text.strip()) for link, text in Page(html_of(online)).links]
    else:
        assert not shown_at_all(online, "video.harbour.example")


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "ask me"])
def test_an_online_appointment_without_a_web_address_says_that_it_will_follow(url: str | None) -> None:
    card = replace(REQUEST.provider, telehealth_url=url)
    parsed = case(MailKind.CONFIRMED, forum=Forum.TELEHEALTH, provider=card).read()
    assert shown_in_both(parsed, "You will be told in good time how to join the video call.")
    assert "javascript:" not in everything_in(parsed)


@every_kind
def test_an_address_is_shown_only_where_people_meet(kind: MailKind, reader: Reader) -> None:
    assert not shown_at_all(case(kind, reader, forum=Forum.TELEHEALTH).read(), "12 Harbour Street")


@pytest.mark.parametrize("kind", [MailKind.DECLINED, MailKind.CANCELLED])
def test_the_providers_reason_is_shown_as_words_and_never_as_markup(kind: MailKind) -> None:
    words = 'Not <b>that</b> day & "so"\n\n<script>alert(1)</script> {0} {{ 7*7 }} {name}'
    parsed = case(kind, Reader.CLIENT, reason=words).read()
    source = html_of(parsed)
    assert "<b>" not in source
    assert "<script" not in source
    assert shown_in_both(parsed, 'Not <b>that</b> day & "so"')
    assert shown_in_both(parsed, "<script>alert(1)</script> {0} {{ 7*7 }} {name}")


@pytest.mark.parametrize("kind", [MailKind.DECLINED, MailKind.CANCELLED])
def test_without_a_reason_nothing_announces_one(kind: MailKind) -> None:
    parsed = case(kind, Reader.CLIENT, reason=None).read()
    assert not shown_at_all(parsed, "message that came with it")


def test_what_a_client_writes_when_cancelling_is_not_mailed() -> None:
    made = case(MailKind.CANCELLED_BY_CLIENT, reason="CANARY of the client")
    assert not shown_at_all(made.read(), "CANARY")


def test_offered_times_are_listed_in_order_each_in_both_zones() -> None:
    far = replace(CLIENT, time_zone="Europe/Berlin")
    parsed = case(MailKind.OFFERED, client=far).read()
    for part in both_parts(parsed):
        found = [part.index(f"{day} March 2027, 10:00\u201310:50 (Berlin") for day in ("15", "16", "17")]
        assert found == sorted(found)
        assert part.count("Local time there: ") == 3
        assert "8 March" not in part.replace("18 March", "")


def test_an_address_that_may_be_a_strangers_reads_nothing_that_somebody_typed() -> None:
    links = FakeLinks()
    made = case(MailKind.VERIFY_ADDRESS)
    parsed = made.read()
    for typed in ("Zoë", "Nuñez", "Anna", "Lindqvist", HARBOUR.name, COUPLES.name):
        assert not shown_at_all(parsed, typed)
    assert links.verify(made.request) in text_of(parsed)


@to_client
def test_a_client_reads_how_to_reach_the_practice(kind: MailKind) -> None:
    assert shown_in_both(case(kind, Reader.CLIENT).read(), PRACTICE.contact)


@every_kind
def test_html_has_nothing_remote_and_nothing_that_runs(kind: MailKind, reader: Reader) -> None:
    source = html_of(case(kind, reader).read())
    tags = Page(source).tags
    assert not {tag for tag, _ in tags} & {"script", "img", "link", "iframe", "form", "object", "video", "base"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "src"]
    assert "url(" not in source
    assert "@import" not in source


@every_kind
def test_the_text_part_holds_every_link_and_fact_of_the_html(kind: MailKind, reader: Reader) -> None:
    parsed = case(kind, reader).read()
    text = " ".join(text_of(parsed).split())
    for url, _ in Page(html_of(parsed)).links:
        assert url in text
    for paragraph in re.findall(r'<p class="text"[^>]*>(.*?)</p>', html_of(parsed), re.DOTALL):
        for line in paragraph.split("<br>"):
            words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", line)).split())
            assert words in text


@every_kind
def test_only_a_confirmation_and_a_cancellation_carry_a_calendar_file(kind: MailKind, reader: Reader) -> None:
    expected = 2 if kind in {MailKind.CONFIRMED, MailKind.CANCELLED} else 0
    assert len(calendar_parts(case(kind, reader).read())) == expected


def test_the_offers_that_were_not_chosen_in_time_are_told_to_both() -> None:
    client, provider = case(MailKind.OFFER_EXPIRED).read(), case(MailKind.OFFER_LAPSED).read()
    assert shown_in_both(client, "your request has expired and no time is booked")
    assert shown_in_both(provider, "Z. N. 张. did not choose any of the times you offered")
    assert shown_in_both(client, "Expired")
    assert shown_in_both(provider, "Expired")


def test_a_provider_whose_clients_mail_came_back_reads_whom_to_reach() -> None:
    parsed = case(MailKind.UNDELIVERABLE).read()
    assert shown_in_both(parsed, "A mail to Z. N. 张. about this appointment could not be delivered.")
    assert shown_in_both(parsed, "Confirmed")


def test_a_reminder_of_a_session_says_when_with_whom_and_where() -> None:
    parsed = case(MailKind.SESSION_REMINDER).read()
    assert parsed["Subject"] == "Reminder: your appointment on Monday 8 March 2027, 09:00"
    for fact in ("Monday 8 March 2027, 09:00\u201309:50", PROVIDER.name, "12 Harbour Street"):
        assert shown_in_both(parsed, fact)
