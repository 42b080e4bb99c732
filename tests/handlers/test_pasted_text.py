"""What people paste into the fields is taken as it looks, and is the same whoever's keyboard it came from."""

from tests.builders import practice, provider
from tests.handlers.calls import BODY, ask_for_link, made, press, spoiled, submit
from tests.handlers.letters import letters, sign_in_letters
from tests.handlers.pages import look
from tests.handlers.people import asked, did
from tests.handlers.stack import Stack

_PLAIN = {"name": "Ana Lima", "email": "ana@client.example", "phone": "+44 20 7946 0018"}
_PASTED = {
    "name": "\ufeffAna\tLi\u00adma\u202e",
    "email": "\u202aAna <ana\uff20client\u3002example>,\u202c\u200b",
    "phone": "\uff0b\u0664\u0664\u00a0\u0662\u0660 \u0667\u0669\u0664\u0666 \u0660\u0660\u0661\u0668\u200f",
}


def test_pasted_fields_are_stored_as_they_look(stack: Stack) -> None:
    body = spoiled(client=_PASTED, note="One\x0ctwo\u2066", attendee={"name": "Leo\x0bLima\u200b"})
    stored = stack.request(made(stack, body))
    assert {name: getattr(stored.client, name) for name in _PLAIN} == _PLAIN
    assert (stored.note, stored.attendee and stored.attendee.name) == ("One\ntwo", "Leo Lima")
    assert stored.client.id == stack.client_id(_PLAIN["email"])


def test_the_same_request_pasted_and_typed_is_one_request(stack: Stack) -> None:
    typed, pasted = spoiled(client=_PLAIN), spoiled(client=_PASTED, note=f"\u200b{BODY['note']}\x0c")
    assert made(stack, typed) == made(stack, pasted)


def test_a_sign_in_link_reaches_an_address_that_was_pasted(stack: Stack) -> None:
    made(stack)
    did(stack, ask_for_link({"email": "mailto:ana\uff20client.example\u200b"}), 202)
    assert list(sign_in_letters(stack, "ana@client.example")) == ["ana@client.example"]


def test_a_reason_is_taken_as_it_looks(stack: Stack) -> None:
    request, _, answer = asked(stack)
    stack.http(press(answer.token("answers"), "decision=decline&reason=Full%00%0Cthat%E2%80%AE+day"))
    assert stack.request(request).reason == "Full\nthat day"


def test_no_page_of_the_provider_turns_its_text_around(stack: Stack) -> None:
    stack.store.seed(practice(), provider(name="Maya\u202e Okafor"))
    _, _, answer = asked(stack, note="a\u202eb\u2066c", client={"name": "Ana\u202eamiL", "email": "ana@client.example"})
    body = stack.http(look(answer.token("answers"))).body
    assert "AnaamiL" in body
    assert '<dd dir="auto">abc</dd>' in body
    assert not set(body) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_only_what_can_be_seen_counts_and_long_texts_are_judged_at_once(stack: Stack) -> None:
    for field, text in (("email", "<" * 8000), ("name", "a-" * 8000), ("phone", "a." * 8000)):
        assert stack.http(submit(spoiled(client={field: text}))).status == 422
    assert stack.http(submit(spoiled(client={"name": "Ana" + "\u200b" * 200}))).status == 201


def test_letters_beside_a_pasted_address_go_to_the_address_alone(stack: Stack) -> None:
    request = made(stack, spoiled(client=_PASTED))
    assert set(letters(stack, request)) >= {"ana@client.example"}
