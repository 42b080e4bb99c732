"""DynamoDB calls of each route at the first attempt, counted where they leave for AWS."""

from dataclasses import replace
from datetime import datetime

import pytest

from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.application.errors import ProofNeededError, SlotTakenError
from openhour.application.jobs.erase import Erasing
from openhour.application.provider.answer import Decision
from openhour.domain.transitions import Status
from tests.builders import START, at, practice, provider
from tests.cloud import MotoStore
from tests.fakes.world import FakeIdentity
from tests.use_cases import CALLER, Openhour, manage_link


@pytest.fixture
def openhour(moto_store: MotoStore) -> Openhour:
    return Openhour(moto_store)


def calls(openhour: Openhour) -> list[str]:
    made = list(openhour.store.calls.made)
    openhour.store.calls.made.clear()
    return made


def test_slots_of_one_provider_take_two(openhour: Openhour) -> None:
    openhour.slots(at(1, 0), at(31, 0))
    assert calls(openhour) == ["get_item", "query"]


def test_slots_for_a_change_take_one_more(openhour: Openhour) -> None:
    made = openhour.submit()
    calls(openhour)
    openhour.slots_instead(manage_link(made), at(1, 0), at(31, 0))
    assert calls(openhour) == ["get_item", "get_item", "query"]


def test_slots_of_any_provider_take_one_and_one_for_each(openhour: Openhour) -> None:
    openhour.store.seed(practice(), *(provider(id=f"p{number}") for number in range(7)))
    openhour.any_slots(at(1, 0), at(14, 0))
    assert calls(openhour) == ["get_item", *["query"] * 8]


def test_submitting_takes_two_and_its_alternatives_one_more(openhour: Openhour) -> None:
    openhour.submit()
    assert calls(openhour) == ["batch_get_item", "transact_write_items"]
    openhour.submit()
    assert calls(openhour) == ["batch_get_item"]
    with pytest.raises(SlotTakenError):
        openhour.submit(email="bo@client.example", key="key-00000002")
    assert calls(openhour) == ["batch_get_item", "query"]


def test_submitting_for_an_address_that_is_not_proven_takes_one_more_and_a_proof_another(openhour: Openhour) -> None:
    openhour.store.seed(practice(verify=True), provider())
    openhour.free = 1
    openhour.submit(signed_in=False)
    assert calls(openhour) == ["batch_get_item", "update_item", "transact_write_items"]
    openhour.submit(at(9, 9), key="key-00000002", caller=replace(CALLER, proof="solved one"), signed_in=False)
    assert calls(openhour) == ["batch_get_item", "update_item", "update_item", "transact_write_items"]
    with pytest.raises(ProofNeededError):
        openhour.submit(at(9, 11), key="key-00000003", signed_in=False)
    assert calls(openhour) == ["batch_get_item", "update_item"]


def test_validating_takes_one(openhour: Openhour) -> None:
    openhour.validate(START, "ana@client.example")
    assert calls(openhour) == ["batch_get_item"]


@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.DECLINE])
def test_answering_takes_two_and_looking_one(openhour: Openhour, decision: Decision) -> None:
    made = openhour.submit()
    calls(openhour)
    openhour.look(made)
    assert calls(openhour) == ["batch_get_item"]
    openhour.answer(made, decision)
    assert calls(openhour) == ["batch_get_item", "transact_write_items"]
    openhour.answer(made, decision)
    assert calls(openhour) == ["batch_get_item"]


def test_offering_choosing_changing_and_verifying_take_two(openhour: Openhour) -> None:
    two = ["batch_get_item", "transact_write_items"]
    made = openhour.submit()
    calls(openhour)
    openhour.change(made, start=at(9, 11))
    assert calls(openhour) == two
    changed = openhour.store.request(made.id)
    calls(openhour)
    openhour.offer(changed, at(9, 13), at(9, 14))
    assert calls(openhour) == two
    offered = openhour.store.request(made.id)
    calls(openhour)
    openhour.change(offered, chosen=at(9, 13))
    assert calls(openhour) == two
    openhour.store.seed(practice(verify=True), provider())
    fresh = openhour.submit(at(9, 15), email="bo@client.example", key="key-00000002", signed_in=False)
    calls(openhour)
    openhour.verify(fresh)
    assert calls(openhour) == two


def test_seeing_takes_one_and_withdrawing_two(openhour: Openhour) -> None:
    made = openhour.submit()
    calls(openhour)
    openhour.see(made)
    assert calls(openhour) == ["get_item"]
    openhour.end(made, saw=Status.PENDING)
    assert calls(openhour) == ["batch_get_item", "transact_write_items"]


def test_the_job_takes_two_when_there_is_nothing_to_do_and_three_for_each_request(openhour: Openhour) -> None:
    openhour.expire()
    openhour.publish_unsent()
    assert calls(openhour) == ["query", "query"]
    openhour.submit()
    openhour.clock.move(hours=48)
    calls(openhour)
    openhour.expire()
    assert calls(openhour) == ["query", "batch_get_item", "batch_get_item", "transact_write_items"]


def test_sending_the_two_mails_of_a_submission_takes_eight(openhour: Openhour) -> None:
    made = openhour.submit()
    calls(openhour)
    assert openhour.mailing.send_owed(made.id, 1) == 2
    told = ["update_item", "batch_get_item", "update_item"]
    to_be_answered = ["update_item", "batch_get_item", "query", "update_item"]
    assert calls(openhour) == ["query", *told, *to_be_answered]


def test_an_item_that_dynamodb_leaves_out_of_a_batch_is_asked_for_again(openhour: Openhour) -> None:
    made = openhour.submit()
    calls(openhour)
    real = openhour.store.calls._client.batch_get_item

    def partly(**arguments: object) -> object:
        openhour.store.calls._client.batch_get_item = real
        answer = real(**arguments)
        [(table, items)] = answer["Responses"].items()
        left = [{"pk": item["pk"], "sk": item["sk"]} for item in items if item["sk"]["S"] == "REQUEST"]
        answer["Responses"] = {table: [item for item in items if item["sk"]["S"] != "REQUEST"]}
        answer["UnprocessedKeys"] = {table: {"Keys": left, "ConsistentRead": True}}
        return answer

    openhour.store.calls._client.batch_get_item = partly
    assert openhour.submit() == made
    assert calls(openhour) == ["batch_get_item", "batch_get_item"]


def erasing(openhour: Openhour) -> Erasing:
    return openhour.erasing(DynamoDBArchive(openhour.store.table))


def over(openhour: Openhour, *starts: datetime) -> None:
    """Declined requests, none of whose mails waits any more."""
    for number, start in enumerate(starts):
        made = openhour.submit(start, key=f"key-{number:08}")
        openhour.answer(made, Decision.DECLINE)
    openhour.clock.move(days=31)
    calls(openhour)


def test_the_job_takes_one_where_nothing_is_ever_made_anonymous_and_two_where_nothing_is_due(
    openhour: Openhour,
) -> None:
    erasing(openhour).anonymise_old(lambda: True)
    assert calls(openhour) == ["get_item"]
    openhour.store.seed(practice(keep_days=30), provider())
    erasing(openhour).anonymise_old(lambda: True)
    assert calls(openhour) == ["get_item", "query"]


def test_making_anonymous_takes_three_for_each_request_and_one_more_for_a_persons_last(openhour: Openhour) -> None:
    openhour.store.seed(practice(keep_days=30), provider())
    over(openhour, START, at(9, 9))
    erasing(openhour).anonymise_old(lambda: True)
    one = ["batch_get_item", "query"]
    last = [*one, "query", "transact_write_items"]
    assert calls(openhour) == ["get_item", "query", *one, "transact_write_items", *last]


def test_erasing_a_person_takes_four_for_up_to_forty_requests(openhour: Openhour) -> None:
    over(openhour, START, at(9, 9), at(10, 9))
    erasing(openhour).forget(FakeIdentity().client_id("ana@client.example"))
    assert calls(openhour) == ["query", "batch_get_item", "query", "transact_write_items"]


def test_erasing_takes_one_more_for_each_request_that_something_happened_to_within_a_day(openhour: Openhour) -> None:
    over(openhour, START)
    openhour.answer(openhour.submit(at(9, 9, month=4), key="key-00000009"), Decision.DECLINE)
    calls(openhour)
    erasing(openhour).forget(FakeIdentity().client_id("ana@client.example"))
    assert calls(openhour) == ["query", "batch_get_item", "query", "query", "transact_write_items"]
