"""Many callers at once: one provider's time is held once, and everybody else hears so."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from openhour.application.errors import ApplicationError, SlotTakenError, TryAgainLaterError
from openhour.application.provider.answer import Decision, Standing
from openhour.domain.errors import DomainError
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from tests.builders import START, at
from tests.cloud import MotoStore
from tests.use_cases import Openhour

CALLERS = 200
OVERLAPPING = (START, at(8, 9, 15), at(8, 9, 30), at(8, 9, 45))  # each of them overlaps each other


def _outcome(call: Callable[[], Any], barrier: Barrier) -> Any:
    barrier.wait()
    try:
        return call()
    except (ApplicationError, DomainError) as error:
        return error


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda call: _outcome(call, barrier), calls))


def submission(openhour: Openhour, number: int, start: Any = None) -> Callable[[], Request]:
    chosen = start or OVERLAPPING[number % len(OVERLAPPING)]
    return lambda: openhour.submit(chosen, email=f"client{number}@client.example", key=f"key-{number:08}")


def test_of_200_callers_for_overlapping_times_one_holds_it_and_199_get_alternatives(store: Any) -> None:
    openhour = Openhour(store)
    outcomes = at_once([submission(openhour, number) for number in range(CALLERS)])
    assert Counter(type(outcome) for outcome in outcomes) == {Request: 1, SlotTakenError: CALLERS - 1}
    assert all(outcome.alternatives for outcome in outcomes if isinstance(outcome, SlotTakenError))
    assert len(openhour.store.days("maya-okafor", START.date(), START.date()).ledger(START.date()).entries) == 1


def test_callers_for_times_around_midnight_never_overlap(store: Any) -> None:
    from tests.builders import block, practice, provider

    all_day = block(start=0, end=24 * 60)
    store.seed(practice(), provider(blocks=(all_day,)))
    openhour = Openhour(store)
    around = [at(8, 23, 0), at(8, 23, 15), at(8, 23, 45), at(9, 0, 0), at(9, 0, 15), at(9, 0, 30)]
    at_once([submission(openhour, number, around[number % 6]) for number in range(60)])
    days = store.days("maya-okafor", START.date(), at(9, 0).date())
    held = [entry for ledger in days.ledgers.values() for entry in ledger.entries.values()]
    assert held
    assert all(one.end + 10 <= other.start or other.end + 10 <= one.start for one, other in combinations(held, 2))


def test_confirming_and_withdrawing_at_once_ends_in_one_of_the_two(store: Any) -> None:
    openhour = Openhour(store)
    made = openhour.submit()
    calls = [lambda: openhour.answer(made, Decision.CONFIRM), lambda: openhour.answer(made, Decision.DECLINE)]
    outcomes = at_once(calls * 5)
    assert openhour.store.request(made.id).version == 2
    final = openhour.store.request(made.id).status
    assert final in {Status.CONFIRMED, Status.DECLINED}
    done = [outcome for outcome in outcomes if getattr(outcome, "standing", None) is Standing.DONE]
    assert {outcome.status for outcome in done} == {final}


# What only the real table does: conflicts and throttling, put in where they would happen.


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    response: Any = {"Error": {"Code": "TransactionCanceledException", "Message": "x"}, "CancellationReasons": reasons}
    return ClientError(response, "TransactWriteItems")


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "x"}}, "TransactWriteItems")


PASSING = [
    cancelled("None", "TransactionConflict"),
    cancelled("ThrottlingError", "None"),
    cancelled("ProvisionedThroughputExceeded"),
    refused("ThrottlingException"),
    refused("ProvisionedThroughputExceededException"),
    refused("TransactionInProgressException"),
    ReadTimeoutError(endpoint_url="dynamodb"),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes_is_tried_again_up_to_four_times(moto_store: MotoStore, error: Exception) -> None:
    openhour = Openhour(moto_store)
    moto_store.calls.fail("transact_write_items", *[error] * 3)
    assert openhour.submit().status is Status.PENDING
    assert moto_store.calls.made == ["batch_get_item", "transact_write_items"] * 4


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_does_not_pass_in_four_attempts_is_busy_never_taken(moto_store: MotoStore, error: Exception) -> None:
    openhour = Openhour(moto_store)
    before = moto_store.items()
    moto_store.calls.fail("transact_write_items", *[error] * 4)
    with pytest.raises(TryAgainLaterError) as busy:
        openhour.submit()
    assert busy.value.retry_after >= 1
    assert moto_store.items() == before


@pytest.mark.parametrize("call", ["batch_get_item", "transact_write_items"])
def test_reading_may_be_throttled_too(moto_store: MotoStore, call: str) -> None:
    openhour = Openhour(moto_store)
    moto_store.calls.fail(call, *[refused("ThrottlingException")] * 9)
    with pytest.raises(TryAgainLaterError):
        openhour.submit()


def test_an_error_that_is_ours_goes_up(moto_store: MotoStore) -> None:
    moto_store.calls.fail("transact_write_items", cancelled("ValidationError"))
    with pytest.raises(ClientError):
        Openhour(moto_store).submit()


def test_a_write_whose_answer_was_lost_is_found_at_the_next_attempt(moto_store: MotoStore) -> None:
    openhour = Openhour(moto_store)
    transact = moto_store.table.transact

    def lose_the_answer(writes: Any) -> None:
        transact(writes)
        moto_store.table.transact = transact  # type: ignore[method-assign]
        from openhour.application.ports.contention import ContentionError

        raise ContentionError("ReadTimeoutError")

    moto_store.table.transact = lose_the_answer  # type: ignore[method-assign]
    assert openhour.submit().version == 1
    assert len(openhour.store.days("maya-okafor", START.date(), START.date()).ledger(START.date()).entries) == 1


def test_200_callers_amid_conflicts_still_hold_it_once_and_are_never_told_taken_wrongly(moto_store: MotoStore) -> None:
    openhour = Openhour(moto_store)
    conflicts = [cancelled("TransactionConflict"), refused("ThrottlingException")] * 40
    moto_store.calls.fail("transact_write_items", *conflicts)
    outcomes = at_once([submission(openhour, number) for number in range(CALLERS)])
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds[Request] == 1
    assert kinds[SlotTakenError] + kinds[TryAgainLaterError] == CALLERS - 1
    held = openhour.store.days("maya-okafor", START.date(), START.date()).ledger(START.date()).entries
    assert len(held) == 1
