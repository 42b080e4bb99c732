"""How often one may ask, on the table in memory and on the real one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from openhour.application.admission import Caller, Caps, Counted, Tally
from openhour.application.client.submit import Key, Person
from openhour.application.errors import (
    ProofNeededError,
    SlotTakenError,
    TooManyOpenRequestsError,
    TooManyRequestsError,
    TooManyRequestsTodayError,
)
from openhour.application.provider.answer import Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from tests.builders import NOW, START, at, practice, provider
from tests.cloud import MotoStore
from tests.fakes.world import FakeIdentity
from tests.use_cases import CALLER, Openhour, wished

ANA = FakeIdentity().client_id("ana@client.example")
HOUR = timedelta(hours=1)


@pytest.fixture
def openhour(store: Any) -> Openhour:
    """A practice where whoever is new proves their address, with small caps; it is 08:00 UTC."""
    store.seed(practice(verify=True, max_open_requests=50), provider())
    return Openhour(store, caps=Caps(hourly=4, daily=6), free=2)


def proven(name: str) -> Caller:
    return replace(CALLER, proof=f"solved {name}")


def ask(openhour: Openhour, number: int, caller: Caller = CALLER, **more: Any) -> Request:
    """Somebody new asks for a time of their own."""
    start = at(8 + number // 8, 9 + number % 8)
    return openhour.submit(start, email=f"new{number}@client.example", caller=caller, **{"signed_in": False} | more)


def retry_after(openhour: Openhour, number: int, caller: Caller) -> int:
    with pytest.raises(TooManyRequestsError) as refused:
        ask(openhour, number, caller)
    return refused.value.retry_after


# Counting


def test_a_cap_is_reached_and_not_passed(store: Any) -> None:
    caps = Caps(hourly=2, daily=3)
    assert [store.count("c", Counted.SUBMISSIONS, caps, NOW) for _ in range(4)] == [
        None,
        None,
        Tally(2, 2),
        Tally(2, 2),
    ]
    assert store.count("c", Counted.SUBMISSIONS, caps, NOW + HOUR) is None
    assert store.count("c", Counted.SUBMISSIONS, caps, NOW + HOUR) == Tally(1, 3)
    assert store.count("c", Counted.SUBMISSIONS, caps, NOW + 2 * HOUR) == Tally(0, 3)
    assert store.count("c", Counted.SUBMISSIONS, caps, NOW + 16 * HOUR) is None  # the next day of UTC


def test_callers_and_what_they_do_are_counted_apart(store: Any) -> None:
    caps = Caps(hourly=1, daily=1)
    for caller in ("c", "d"):
        for what in Counted:
            assert store.count(caller, what, caps, NOW) is None
            assert store.count(caller, what, caps, NOW) == Tally(1, 1)


def test_a_solution_is_spent_once_however_often_the_same_request_tries(store: Any) -> None:
    assert store.spend("one", "request-1", NOW)
    assert store.spend("one", "request-1", NOW)
    assert not store.spend("one", "request-2", NOW)
    assert store.spend("two", "request-2", NOW)


def test_what_is_remembered_of_callers_has_its_end(moto_store: MotoStore) -> None:
    moto_store.count("c", Counted.SUBMISSIONS, Caps(), NOW)
    moto_store.count("c", Counted.SUBMISSIONS, Caps(), NOW + HOUR)
    moto_store.spend("one", "request-1", NOW)
    ends = {item["pk"]["S"]: int(item["expires_at"]["N"]) for item in moto_store.items() if "expires_at" in item}
    assert ends == {
        "CALLER#c": int((NOW + timedelta(hours=48)).timestamp()),
        "PROOF#one": int((NOW + HOUR).timestamp()),
    }


# Submitting


def test_the_first_of_an_hour_are_free_and_the_next_need_a_proof_each(openhour: Openhour) -> None:
    ask(openhour, 0)
    ask(openhour, 1)
    with pytest.raises(ProofNeededError) as refused:
        ask(openhour, 2)
    assert set(refused.value.challenge) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert ask(openhour, 2, proven("one")).status is Status.UNVERIFIED
    for caller in (CALLER, proven("one"), replace(CALLER, proof="made up")):
        with pytest.raises(ProofNeededError):
            ask(openhour, 3, caller)
    assert ask(openhour, 3, proven("two")).status is Status.UNVERIFIED


def test_what_waits_for_a_proof_is_not_counted(openhour: Openhour) -> None:
    for number in range(2):
        ask(openhour, number)
    for _ in range(9):
        with pytest.raises(ProofNeededError):
            ask(openhour, 2)
    ask(openhour, 2, proven("one"))
    ask(openhour, 3, proven("two"))


def test_a_cap_ends_with_its_hour_or_with_its_day(openhour: Openhour) -> None:
    openhour.clock.move(minutes=20)
    for number in range(4):
        ask(openhour, number, proven(str(number)))
    assert retry_after(openhour, 4, proven("4")) == 40 * 60
    assert retry_after(openhour, 4, CALLER) == 40 * 60  # a challenge would help nobody
    openhour.clock.move(minutes=40)
    ask(openhour, 4)
    ask(openhour, 5)
    assert retry_after(openhour, 6, proven("6")) == 15 * 3600
    openhour.clock.move(hours=15)
    assert ask(openhour, 6).status is Status.UNVERIFIED


def test_somebody_elsewhere_is_not_held_up(openhour: Openhour) -> None:
    for number in range(4):
        ask(openhour, number, proven(str(number)))
    assert ask(openhour, 4, Caller("198.51.100.9")).status is Status.UNVERIFIED


def test_whoever_is_known_is_neither_counted_nor_held_up(openhour: Openhour) -> None:
    openhour.verify(ask(openhour, 0))
    for number in range(1, 4):
        ask(openhour, number, proven(str(number)))
    assert openhour.submit(at(9, 11), email="new0@client.example").status is Status.PENDING
    person = Person("Ana Lima", "ana@client.example", signed_in=SignedIn(ANA, 0))
    made = openhour.submitting.submit(wished(at(9, 12)), person, Key("key-00000009", "0"), CALLER)
    assert made.status is Status.PENDING
    assert retry_after(openhour, 4, CALLER) > 0


def test_validating_and_what_is_refused_are_not_counted(openhour: Openhour) -> None:
    ask(openhour, 0)
    for _ in range(9):
        openhour.validate(START + HOUR, "new@client.example", signed_in=False)
        with pytest.raises(SlotTakenError):
            openhour.submit(at(8, 9), email="new@client.example", key="key-00000009", signed_in=False)
    assert ask(openhour, 1).status is Status.UNVERIFIED


def test_whoever_falls_for_the_trap_proves_some_work_and_is_then_like_anybody(openhour: Openhour) -> None:
    trapped = replace(CALLER, fell_for_trap=True)
    for _ in range(9):  # which counts for nothing
        with pytest.raises(ProofNeededError):
            ask(openhour, 0, trapped)
    made = ask(openhour, 0, replace(trapped, proof="solved one"))
    assert (made.status, openhour.store.request(made.id)) == (Status.UNVERIFIED, made)
    assert ask(openhour, 1).status is Status.UNVERIFIED


def test_without_a_sign_in_a_practice_that_asks_for_no_proof_counts_the_caller_alone(openhour: Openhour) -> None:
    openhour.store.seed(practice(verify=False, max_open_requests=1), provider())
    for number in range(2):
        made = openhour.submit(at(8, 9 + number), key=f"key-0000000{number}", signed_in=False)
        assert (made.status, made.proven) == (Status.PENDING, False)
    with pytest.raises(ProofNeededError):
        openhour.submit(at(8, 11), key="key-00000003", signed_in=False)
    own = openhour.submit(at(8, 11), key="key-00000004")  # nobody has used up what is theirs
    assert (own.status, own.proven) == (Status.PENDING, True)
    with pytest.raises(TooManyOpenRequestsError):
        openhour.submit(at(8, 12), key="key-00000005")


def test_sending_a_request_again_is_not_asking_again(openhour: Openhour) -> None:
    made = ask(openhour, 0)
    for number in range(1, 4):
        ask(openhour, number, proven(str(number)))
    assert ask(openhour, 0) == made


def test_a_request_that_the_store_makes_us_try_again_counts_once(moto_store: MotoStore) -> None:
    moto_store.seed(practice(verify=True), provider())
    openhour = Openhour(moto_store, caps=Caps(hourly=2, daily=2), free=1)
    reasons = {"CancellationReasons": [{"Code": "TransactionConflict"}]}
    conflict = ClientError({"Error": {"Code": "TransactionCanceledException"}, **reasons}, "TransactWriteItems")
    moto_store.calls.fail("transact_write_items", conflict, conflict)
    ask(openhour, 0, proven("one"))
    assert ask(openhour, 1, proven("two")).status is Status.UNVERIFIED
    assert retry_after(openhour, 2, CALLER) > 0


def test_a_proof_that_was_spent_on_a_request_that_failed_serves_it_again(moto_store: MotoStore) -> None:
    moto_store.seed(practice(verify=True), provider())
    openhour = Openhour(moto_store, free=1)
    ask(openhour, 0)
    moto_store.calls.fail("transact_write_items", RuntimeError())
    with pytest.raises(RuntimeError):
        ask(openhour, 1, proven("one"))
    assert ask(openhour, 1, proven("one")).status is Status.UNVERIFIED


# What one verified client may ask for in a day


def settle(openhour: Openhour, **changes: Any) -> None:
    openhour.store.seed(practice(max_requests_per_day=2, **changes), provider())


def today_is_over(openhour: Openhour, call: Any) -> None:
    with pytest.raises(TooManyRequestsTodayError) as refused:
        call()
    seconds = refused.value.retry_after
    assert openhour.clock.now() + timedelta(seconds=seconds) == at(2, 0)


def test_a_client_may_make_only_so_many_requests_in_a_day(openhour: Openhour) -> None:
    settle(openhour)
    for number in range(2):
        openhour.end(openhour.submit(at(8 + number, 9), key=f"key-0000000{number}"))
    openhour.clock.move(hours=15, minutes=59)
    today_is_over(openhour, lambda: openhour.submit(at(10, 9), key="key-00000003"))
    today_is_over(openhour, lambda: openhour.validate(at(10, 9), "ana@client.example"))
    assert openhour.submit(at(10, 12), email="bo@client.example").status is Status.PENDING
    openhour.clock.move(minutes=1)
    assert openhour.submit(at(10, 9), key="key-00000003").status is Status.PENDING


def test_what_nobody_verified_does_not_count_towards_the_day(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    caller = Caller("198.51.100.9")
    made = [
        openhour.submit(
            at(8, 9 + number),
            key=f"key-0000000{number}",
            caller=replace(caller, proof=f"solved {number}"),
            signed_in=False,
        )
        for number in range(3)
    ]
    openhour.verify(made[0])
    openhour.verify(made[1])
    today_is_over(openhour, lambda: openhour.verify(made[2]))
    assert openhour.store.request(made[2].id).status is Status.UNVERIFIED


def test_moving_an_appointment_counts_and_changing_a_request_does_not(openhour: Openhour) -> None:
    settle(openhour)
    made = openhour.submit()
    changed = openhour.change(made, start=at(9, 9)).request
    booked = openhour.answer(changed, Decision.CONFIRM).request
    moved = openhour.change(booked, start=at(10, 9)).request
    openhour.end(moved)
    today_is_over(openhour, lambda: openhour.change(booked, start=at(10, 11)))
