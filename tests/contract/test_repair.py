"""Every kind of difference is seen as exactly what it is, mended if it can be, and life goes on afterwards."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from openhour.application.errors import ApplicationError
from openhour.application.provider.answer import Decision
from openhour.domain.errors import DomainError
from openhour.domain.requests import Request
from tests.builders import START, practice, provider
from tests.cloud import MotoStore
from tests.contract.repair_cases import MENDED, TOLD
from tests.damages import (
    Damage,
    changed,
    confirmed,
    declined,
    expired,
    moving,
    never_verified,
    offered,
    pending,
    unverified,
)
from tests.repairs import Repairs
from tests.use_cases import Openhour


@pytest.fixture
def store(aws: None) -> MotoStore:
    made = MotoStore()
    made.seed(practice(client_reminder=24 * 60, provider_reminders=True), provider(), provider(id="bo-lind"))
    return made


@pytest.fixture
def openhour(store: MotoStore) -> Openhour:
    return Openhour(store)


def contents(store: MotoStore) -> list[dict[str, Any]]:
    """The table without what may differ after mending: what is left empty, versions of ledgers and lists, how many
    requests a client made on a day (nothing else remembers that), and when mails are published.
    """
    items = copy.deepcopy(store.items())
    for item in items:
        for name in ("publish_at", "made", "made_on"):
            item.pop(name, None)
        if item["sk"]["S"].startswith(("DAY#", "OPEN")):
            del item["version"]
    return [item for item in items if item.get("entries") != {"M": {}} and len(item) > 2]


def live_on(openhour: Openhour, request_id: str) -> None:
    """The provider and the client do what they can, mails go out, and the job runs."""
    for act in (
        openhour.verify,
        lambda one: openhour.change(one, note="Mornings.", note_given=True),
        lambda one: openhour.answer(one, Decision.CONFIRM),
        lambda one: openhour.change(one, start=START + timedelta(hours=4)),
        openhour.end,
        lambda _: openhour.submit(START, email="bo@client.example", key="key-00000002"),
    ):
        try:
            act(openhour.store.request(request_id))
        except (ApplicationError, DomainError):
            continue
    openhour.clock.move(minutes=20)
    openhour.publish_and_send([])
    openhour.clock.move(hours=60)
    openhour.expire()
    openhour.publish_and_send([])


@pytest.mark.parametrize(
    "before", [pending, confirmed, declined, offered, changed, unverified, expired, never_verified, moving]
)
def test_where_nothing_is_damaged_nothing_differs(
    openhour: Openhour, repairs: Repairs, before: Callable[[Openhour], Request]
) -> None:
    request = before(openhour)
    assert repairs.found() == []
    live_on(openhour, request.id)
    assert repairs.found() == []
    assert repairs.run().requests >= 2


@pytest.mark.parametrize("case", MENDED, ids=lambda case: case.name)
def test_what_can_be_mended_is_reported_mended_and_as_it_was(
    store: MotoStore, openhour: Openhour, repairs: Repairs, case: Damage
) -> None:
    request = case.before(openhour)
    sound = contents(store)
    case.damage(request)
    damaged = store.items()
    told = case.told(request)
    assert sorted(repairs.found()) == sorted(told)
    assert store.items() == damaged  # a report writes nothing
    outcome = repairs.run(fix=True)
    assert (outcome.found, outcome.left) == (len(told), 0)
    assert all("; done: " in line for line in repairs.lines)
    mended = store.items()
    assert contents(store) == sound
    assert repairs.found(fix=True) == []
    assert store.items() == mended
    live_on(openhour, request.id)
    assert repairs.found() == []


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case.name)
def test_what_a_person_must_decide_is_reported_and_never_mended(
    store: MotoStore, openhour: Openhour, repairs: Repairs, case: Damage
) -> None:
    request = case.before(openhour)
    case.damage(request)
    damaged = store.items()
    told = sorted(case.told(request))
    assert sorted(repairs.found()) == told
    outcome = repairs.run(fix=True)
    assert sorted(repairs.lines) == told
    assert (outcome.left, outcome.mendable, outcome.is_well) == (len(told), 0, False)
    assert store.items() == damaged
