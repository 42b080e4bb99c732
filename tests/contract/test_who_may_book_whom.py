"""Providers who are bookable by link or not at all, and practices that serve their own clients only: every call."""

from collections.abc import Callable
from typing import Any

import pytest

from openhour.application.client.directory import bookable_provider, public_providers
from openhour.application.client.submit import Key, Person
from openhour.application.errors import InvalidInputError, KnownClientsOnlyError, UnknownProviderError
from openhour.application.provider.answer import Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.domain.values import Practice, SelfSchedule
from tests.builders import START, at, practice, provider
from tests.fakes.world import FakeIdentity
from tests.use_cases import CALLER, Openhour, wished

EMAIL = "ana@client.example"
ANA = FakeIdentity().client_id(EMAIL)

type Act = Callable[[Openhour, Request, Request], Any]

# What is done with a provider, beside a request that is pending and an appointment that is confirmed.
BY_NAME: dict[str, Act] = {
    "show": lambda openhour, _asked, _booked: bookable_provider("maya-okafor", openhour.store),
    "slots": lambda openhour, _asked, _booked: openhour.slots(START, START),
    "validate": lambda openhour, _asked, _booked: openhour.validate(at(10, 9), EMAIL),
    "submit": lambda openhour, _asked, _booked: openhour.submit(at(10, 9), key="key-00000009"),
    "change": lambda openhour, asked, _booked: openhour.change(asked, start=at(10, 9)),
    "move": lambda openhour, _asked, booked: openhour.change(booked, start=at(10, 9)),
}
STILL: dict[str, Act] = {
    "see": lambda openhour, asked, _booked: openhour.see(asked),
    "edit the note": lambda openhour, asked, _booked: openhour.change(asked, note="Mornings.", note_given=True),
    "withdraw": lambda openhour, asked, _booked: openhour.end(asked),
    "cancel": lambda openhour, _asked, booked: openhour.end(booked),
    "confirm": lambda openhour, asked, _booked: openhour.answer(asked, Decision.CONFIRM),
}


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


def named(acts: dict[str, Act]) -> Any:
    return pytest.mark.parametrize("act", acts.values(), ids=acts)


def requests(openhour: Openhour) -> tuple[Request, Request]:
    """A pending request of Ana's and an appointment of hers."""
    booked = openhour.answer(openhour.submit(at(9, 9), key="key-00000002"), Decision.CONFIRM).request
    return openhour.submit(), booked


def bookable_by(openhour: Openhour, how: SelfSchedule) -> None:
    """From now on; somebody else stays public."""
    openhour.store.seed(practice(), provider(self_schedule=how), provider(id="zoe", name="Zoe"))


@named(BY_NAME)
def test_whoever_is_off_can_be_booked_nowhere(openhour: Openhour, act: Act) -> None:
    asked, booked = requests(openhour)
    bookable_by(openhour, SelfSchedule.OFF)
    with pytest.raises(UnknownProviderError):
        act(openhour, asked, booked)


@named(BY_NAME)
def test_whoever_is_on_link_can_be_booked_by_name(openhour: Openhour, act: Act) -> None:
    asked, booked = requests(openhour)
    bookable_by(openhour, SelfSchedule.LINK)
    assert act(openhour, asked, booked)


@pytest.mark.parametrize("how", [SelfSchedule.LINK, SelfSchedule.OFF])
def test_only_the_public_are_listed_and_offered_as_anybody(openhour: Openhour, how: SelfSchedule) -> None:
    bookable_by(openhour, how)
    assert [each.id for each in public_providers(openhour.store)[1]] == ["zoe"]
    assert set(openhour.any_slots(START, START).by_provider or ()) == {"zoe"}
    openhour.store.seed(practice(), provider(id="zoe", self_schedule=how))
    assert list(public_providers(openhour.store)[1]) == []
    with pytest.raises(InvalidInputError):
        openhour.any_slots(START, START)


@named(STILL)
@pytest.mark.parametrize("how", [SelfSchedule.LINK, SelfSchedule.OFF])
def test_what_was_asked_before_can_still_be_answered_and_taken_back(
    openhour: Openhour, how: SelfSchedule, act: Act
) -> None:
    asked, booked = requests(openhour)
    bookable_by(openhour, how)
    assert act(openhour, asked, booked)


def test_times_that_were_offered_can_be_chosen_from_whoever_is_off_since(openhour: Openhour) -> None:
    asked, _ = requests(openhour)
    offered = openhour.offer(asked, at(10, 9)).request
    bookable_by(openhour, SelfSchedule.OFF)
    assert openhour.change(offered, chosen=at(10, 9)).status is Status.CONFIRMED


# Known clients only


def closed(**changes: Any) -> Practice:
    return practice(known_clients_only=True, **changes)


@named({name: BY_NAME[name] for name in ("change", "move")})
def test_whoever_is_no_longer_a_client_can_ask_for_nothing_else(openhour: Openhour, act: Act) -> None:
    asked, booked = requests(openhour)
    openhour.store.seed(closed(), provider())
    with pytest.raises(KnownClientsOnlyError):
        act(openhour, asked, booked)
    openhour.store.list_client(ANA)
    assert act(openhour, asked, booked)


@named(STILL)
def test_whoever_is_no_longer_a_client_keeps_what_they_have(openhour: Openhour, act: Act) -> None:
    asked, booked = requests(openhour)
    openhour.store.seed(closed(), provider())
    assert act(openhour, asked, booked)


@pytest.mark.parametrize("verify", [True, False])
def test_a_stranger_learns_it_behind_the_link_alone(openhour: Openhour, verify: bool) -> None:
    openhour.store.seed(closed(verify=verify), provider())
    assert openhour.validate(START, EMAIL, signed_in=False).status is Status.UNVERIFIED
    asked = openhour.submit(signed_in=False)
    assert asked.status is Status.UNVERIFIED
    with pytest.raises(KnownClientsOnlyError):
        openhour.verify(asked)
    openhour.store.list_client(ANA)
    assert openhour.verify(asked).status is Status.PENDING


def test_a_stranger_who_is_signed_in_learns_it_at_once(openhour: Openhour) -> None:
    openhour.store.seed(closed(), provider())
    person = Person("Ana Lima", EMAIL, signed_in=SignedIn(ANA, 0))
    with pytest.raises(KnownClientsOnlyError):
        openhour.submitting.submit(wished(), person, Key("key-00000001", "0"), CALLER)
    with pytest.raises(KnownClientsOnlyError):
        openhour.submitting.validate(wished(), EMAIL, person.signed_in)
    openhour.store.list_client(ANA)
    made = openhour.submitting.submit(wished(), person, Key("key-00000001", "0"), CALLER)
    assert made.status is Status.PENDING


def test_anybody_may_look_at_what_is_free(openhour: Openhour) -> None:
    openhour.store.seed(closed(), provider())
    assert openhour.slots(START, START).starts
    assert openhour.any_slots(START, START).starts
    assert openhour.validate(START).status is Status.UNVERIFIED
