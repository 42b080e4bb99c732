"""A client is at one place at a time, whoever the providers are; only who has proven to be the client is told so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhour.application.client.submit import Key, Person
from openhour.application.errors import OwnConflictError
from openhour.application.provider.answer import Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from tests.builders import LONG_TALK, START, at, practice, provider
from tests.cloud import MotoStore
from tests.contract.test_races import at_once
from tests.fakes.world import FakeIdentity
from tests.use_cases import CALLER, Openhour, wished

ANA = "ana@client.example"
BEN = "ben-hill"


@pytest.fixture
def openhour(store: Any) -> Openhour:
    store.seed(practice(max_open_requests=9), provider(), provider(id=BEN, name="Ben Hill"))
    return Openhour(store)


def signed_in(openhour: Openhour, start: datetime = START, *, key: str = "key-00000001", **wish: Any) -> Request:
    who = SignedIn(FakeIdentity().client_id(ANA), 0)
    person = Person("Ana Lima", ANA, time_zone="Europe/Lisbon", signed_in=who)
    return openhour.submitting.submit(wished(start, **wish), person, Key(key, "0"), CALLER)


def with_ben(openhour: Openhour, start: datetime = START) -> Request:
    return signed_in(openhour, start, key="key-of-ben", provider=BEN)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(OwnConflictError) as conflict:
        act()
    return conflict.value.request


def test_two_providers_at_the_same_instant_are_one_too_many(openhour: Openhour) -> None:
    first = signed_in(openhour)
    assert refused(lambda: with_ben(openhour)) == first.id
    assert not openhour.store.days(BEN, START.date(), START.date()).ledgers


def test_an_overlap_is_enough_and_touching_is_none(openhour: Openhour) -> None:
    first = signed_in(openhour)
    assert refused(lambda: with_ben(openhour, START + timedelta(minutes=45))) == first.id
    assert with_ben(openhour, START + timedelta(minutes=60)).status is Status.PENDING


def test_an_appointment_stands_in_the_way_until_it_is_cancelled(openhour: Openhour) -> None:
    first = signed_in(openhour)
    openhour.answer(first, Decision.CONFIRM)
    assert refused(lambda: with_ben(openhour)) == first.id
    openhour.end(first)
    assert with_ben(openhour).status is Status.PENDING


@pytest.mark.parametrize("end", ["decline", "withdraw", "lapse"])
def test_what_has_ended_stands_in_nobodys_way(openhour: Openhour, end: str) -> None:
    first = signed_in(openhour)
    if end == "decline":
        openhour.answer(first, Decision.DECLINE)
    elif end == "withdraw":
        openhour.end(first)
    else:
        openhour.clock.move(hours=49)
    assert with_ben(openhour).status is Status.PENDING


def test_the_same_provider_names_the_clients_own_request_too(openhour: Openhour) -> None:
    first = signed_in(openhour)
    assert refused(lambda: signed_in(openhour, key="key-00000002")) == first.id


def test_the_same_key_again_is_the_same_request(openhour: Openhour) -> None:
    assert signed_in(openhour) == signed_in(openhour)


def test_validating_says_the_same_to_whoever_is_signed_in(openhour: Openhour) -> None:
    first = signed_in(openhour)
    who = SignedIn(FakeIdentity().client_id(ANA), 0)
    wish = wished(START, provider=BEN)
    assert refused(lambda: openhour.submitting.validate(wish, ANA, who)) == first.id
    assert openhour.submitting.validate(wish, ANA).start == START  # nothing of it without a token


def test_offered_times_are_held_as_well(openhour: Openhour) -> None:
    first = signed_in(openhour)
    openhour.offer(first, at(9, 11), at(9, 14))
    assert with_ben(openhour).status is Status.PENDING  # its own time is given up
    assert refused(lambda: signed_in(openhour, at(9, 14, 15), key="key-00000002", provider=BEN)) == first.id


def test_an_offered_time_cannot_be_chosen_over_something_else(openhour: Openhour) -> None:
    first, other = signed_in(openhour), with_ben(openhour, at(9, 11))
    openhour.offer(first, at(9, 11), at(9, 14))
    assert refused(lambda: openhour.change(first, chosen=at(9, 11))) == other.id
    assert openhour.change(first, chosen=at(9, 14)).status is Status.CONFIRMED


def test_a_change_onto_something_else_is_refused(openhour: Openhour) -> None:
    first, other = signed_in(openhour), with_ben(openhour, at(9, 11))
    assert refused(lambda: openhour.change(first, start=at(9, 11))) == other.id
    assert openhour.change(first, start=START + timedelta(minutes=30)).status is Status.PENDING  # over its own time


def test_a_longer_service_that_reaches_into_something_else_is_refused(openhour: Openhour) -> None:
    first, other = signed_in(openhour), with_ben(openhour, START + timedelta(minutes=60))
    assert refused(lambda: openhour.change(first, service=LONG_TALK.id)) == other.id


def test_a_move_may_overlap_what_it_replaces_and_nothing_else(openhour: Openhour) -> None:
    old, other = signed_in(openhour), with_ben(openhour, at(9, 11))
    openhour.answer(old, Decision.CONFIRM)
    assert refused(lambda: openhour.change(old, start=at(9, 11))) == other.id
    move = openhour.change(old, start=START + timedelta(minutes=30)).request
    assert move.replaces == old.id
    assert refused(lambda: signed_in(openhour, START + timedelta(minutes=60), key="key-3", provider=BEN)) == move.id


def test_behind_the_link_that_proves_the_address_it_is_told_and_before_it_is_not(openhour: Openhour) -> None:
    first = signed_in(openhour)
    rules = practice(verify=True)
    openhour.store.seed(rules, provider(), provider(id=BEN))
    made = openhour.submit(key="key-of-ben", provider=BEN, signed_in=False)
    assert made.status is Status.UNVERIFIED
    assert refused(lambda: openhour.verify(made)) == first.id
    openhour.end(first)
    assert openhour.verify(made).status is Status.PENDING


def test_two_submissions_at_once_take_one_time_once(openhour: Openhour) -> None:
    calls = [lambda: signed_in(openhour), lambda: with_ben(openhour)]
    outcomes = at_once(calls * 3)
    made = {outcome.id for outcome in outcomes if isinstance(outcome, Request)}
    assert len(made) == 1
    assert all(isinstance(outcome, Request | OwnConflictError) for outcome in outcomes)


def test_choosing_and_submitting_at_once_take_one_time_once(openhour: Openhour) -> None:
    first, other = signed_in(openhour), with_ben(openhour, at(9, 14))
    openhour.offer(first, at(9, 11), at(9, 16))
    calls: list[Callable[[], Any]] = [
        lambda: openhour.change(first, chosen=at(9, 11)),
        lambda: openhour.change(other, start=at(9, 11)),
    ]
    at_once(calls * 3)
    now = [openhour.see(one).request for one in (first, other)]
    assert at(9, 11) in {one.start for one in now if one.status in {Status.CONFIRMED, Status.PENDING}}
    assert len({one.start for one in now}) == len(now)


def test_none_of_it_costs_a_call_more(moto_store: MotoStore) -> None:
    moto_store.seed(practice(), provider(), provider(id=BEN))
    openhour = Openhour(moto_store)
    calls = moto_store.calls

    def made_by(act: Callable[[], Any]) -> list[str]:
        calls.made.clear()
        act()
        return list(calls.made)

    two = ["batch_get_item", "transact_write_items"]
    assert made_by(lambda: signed_in(openhour)) == two
    first = signed_in(openhour)
    assert made_by(lambda: openhour.change(first, start=at(8, 11))) == two
    assert made_by(lambda: openhour.answer(openhour.see(first).request, Decision.CONFIRM))[1:] == two
    assert made_by(lambda: openhour.end(first, saw=Status.CONFIRMED)) == two
    other = with_ben(openhour)
    openhour.offer(other, at(8, 14))
    assert made_by(lambda: openhour.change(other, chosen=at(8, 14))) == two
