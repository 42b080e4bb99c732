"""Signed links and the keys behind them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer

from openhour.adapters.keyring import HashedIdentity, Keyring, SigningKey, first_signing_key
from openhour.adapters.links import SignedLinks
from openhour.adapters.tokens import TokenError, Tokens
from openhour.application.ports.requests import Near
from tests.builders import NOW, START, request
from tests.fakes.world import FakeClock

IDENTITY = "i" * 64
FIRST = SigningKey("first")


def tokens(*keys: SigningKey, clock: FakeClock | None = None) -> Tokens:
    keyring = Keyring(IDENTITY, keys or (FIRST,))
    return Tokens(lambda: keyring, clock or FakeClock())


def test_an_answer_token_is_bound_to_request_and_revision() -> None:
    link = tokens().read_answer(tokens().answer(request(revision=3)))
    assert (link.request, link.revision) == (request().id, 3)
    assert link.near == Near("maya-okafor", START.date(), request().client.id)


def test_a_manage_token_is_bound_to_its_request() -> None:
    link = tokens().read_manage(tokens().manage(request()))
    assert (link.request, link.near.day) == (request().id, START.date())


def test_a_token_of_one_purpose_opens_nothing_of_another() -> None:
    made = tokens()
    for read, others in (
        (made.read_answer, (made.manage(request()), made.verify(request()))),
        (made.read_manage, (made.answer(request()), made.verify(request()))),
    ):
        for token in others:
            with pytest.raises(TokenError):
                read(token)


def test_not_one_character_can_be_changed_added_or_left_out() -> None:
    made = tokens()
    token = made.answer(request())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=%+/ \n"
    spoilt = {token[:at] + other + token[at + 1 :] for at in range(len(token)) for other in alphabet}
    spoilt |= {token[:at] for at in range(len(token))} | {token + other for other in alphabet}
    spoilt |= {token[:at] + other + token[at:] for at in range(len(token)) for other in "A-=\n"}
    for wrong in spoilt - {token}:
        with pytest.raises(TokenError):
            made.read_answer(wrong)


@pytest.mark.parametrize("garbage", ["", ".", "..", "a.b", "é" * 50, "\ud800", "x" * 5000, "A" * 43])
def test_garbage_opens_nothing(garbage: str) -> None:
    with pytest.raises(TokenError):
        tokens().read_answer(garbage)


def test_nothing_in_a_token_is_personal() -> None:
    token = tokens().answer(request())
    payload: Any = URLSafeSerializer("x").loads_unsafe(token)[1]
    assert payload == [request().id, 1, "maya-okafor", START.date().toordinal(), request().client.id]


def test_a_new_key_verifies_at_once_and_signs_after_fifteen_minutes() -> None:
    clock = FakeClock()
    second = SigningKey("second", NOW)
    both = tokens(FIRST, second, clock=clock)
    only_first = tokens(FIRST)
    assert only_first.read_answer(both.answer(request()))  # whoever has not seen the new key can still read
    both.read_answer(tokens(SigningKey("second")).answer(request()))
    clock.move(minutes=15)
    with pytest.raises(TokenError):
        only_first.read_answer(both.answer(request()))
    both.read_answer(only_first.answer(request()))  # links from before the change of keys


def test_a_retired_key_opens_nothing() -> None:
    token = tokens(FIRST).answer(request())
    with pytest.raises(TokenError):
        tokens(SigningKey("second", NOW - timedelta(days=400))).read_answer(token)


def test_a_stack_whose_keys_were_never_rotated_signs_with_a_key_of_its_own() -> None:
    keyring = Keyring.parse('{"identity": "abc", "signing": []}')
    assert keyring.in_signing_order(NOW) == [first_signing_key("abc")]
    assert first_signing_key("abc") != first_signing_key("abd")
    rotated = Keyring.parse(
        '{"identity": "abc", "signing": [{"key": "k0"}, {"key": "k1", "created_at": "2027-03-01T08:00:00Z"}]}'
    )
    assert rotated.in_signing_order(NOW) == ["k1", "k0"]
    assert rotated.in_signing_order(NOW + timedelta(minutes=15)) == ["k0", "k1"]


def test_ids_depend_on_address_key_and_identity_and_on_nothing_else() -> None:
    identity = HashedIdentity(lambda: Keyring(IDENTITY, (FIRST,)))
    assert identity.client_id("Ana@Client.example") == identity.client_id("ana@client.EXAMPLE")
    made = {
        identity.client_id("ana@client.example"),
        identity.request_id("ana@client.example", "key-1"),
        identity.request_id("ana@client.example", "key-2"),
        identity.request_id("ben@client.example", "key-1"),
        HashedIdentity(lambda: Keyring("other", (FIRST,))).client_id("ana@client.example"),
    }
    assert len(made) == 5
    assert all(len(each) == 26 and each.isalnum() and each == each.lower() for each in made)
    rotated = HashedIdentity(lambda: Keyring(IDENTITY, (SigningKey("new"),)))
    assert rotated.client_id("ana@client.example") == identity.client_id("ana@client.example")


def test_links_carry_the_token_where_nothing_strips_or_logs_it() -> None:
    links = SignedLinks(tokens(), "https://api.example/", "https://practice.example/book/")
    assert links.answer(request()) == f"https://api.example/v1/answers/{tokens().answer(request())}"
    assert (
        links.manage(request())
        == f"https://practice.example/book/manage.html#{request().id}/{tokens().manage(request())}"
    )
    assert links.verify(request()).startswith("https://practice.example/book/verify.html#")
    assert "?" not in links.answer(replace(request(), revision=99))
