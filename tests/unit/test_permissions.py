"""What the handlers' tests hold against each call of a function: the template's leading keys, as AWS reads them."""

from typing import Any

import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import typed
from tests.handlers.permissions import NotAllowedError, check

OLD = {"ReturnValues": "ALL_OLD"}


def of(key: keys.Key, **more: Any) -> dict[str, Any]:
    return {"TableName": "t", "Key": typed(key)} | more


def put(key: keys.Key) -> dict[str, Any]:
    return {"TransactItems": [{"Put": {"TableName": "t", "Item": typed(key)}}]}


PERSONAL = [
    keys.request("r"),
    keys.profile("c"),
    keys.sign_in("c", 1),
    keys.known_client("c"),
    keys.applied_client("c"),
]


@pytest.mark.parametrize("key", PERSONAL)
def test_what_has_sign_in_links_mailed_can_learn_nothing_of_clients(key: keys.Key) -> None:
    """Not by reading, and not by what an update answers with."""
    for operation in ("GetItem", "UpdateItem"):
        with pytest.raises(NotAllowedError):
            check("request_sign_in", operation, of(key, **OLD))


@pytest.mark.parametrize("key", [keys.practice(), keys.provider("p"), keys.request("r"), keys.profile("c")])
def test_what_has_sign_in_links_mailed_can_overwrite_nothing_but_wishes_for_them(key: keys.Key) -> None:
    with pytest.raises(NotAllowedError):
        check("request_sign_in", "TransactWriteItems", put(key))
    check("request_sign_in", "TransactWriteItems", put(keys.sign_in("c", 1)))


@pytest.mark.parametrize("function", ["sign_in", "sign_out"])
@pytest.mark.parametrize("key", [keys.practice(), keys.provider("p"), keys.request("r")])
def test_signing_in_and_out_writes_of_people_only(function: str, key: keys.Key) -> None:
    with pytest.raises(NotAllowedError):
        check(function, "UpdateItem", of(key))
    check(function, "UpdateItem", of(keys.profile("c")))


WRITERS = ["submit_request", "end_request", "change_request", "verify_request", "answer_request", "erase_client"]
JOBS = ["expire_requests", "send_mails", "note_bounce"]


@pytest.mark.parametrize("function", [*WRITERS, *JOBS])
@pytest.mark.parametrize(
    "key", [keys.practice(), keys.provider("p"), keys.applied_practice(), keys.applied_client("c")]
)
def test_nothing_that_runs_on_aws_writes_the_practice_or_its_list_of_clients(function: str, key: keys.Key) -> None:
    with pytest.raises(NotAllowedError):
        check(function, "TransactWriteItems", put(key))
    with pytest.raises(NotAllowedError):
        check(function, "UpdateItem", of(key))


def test_who_looks_up_times_sees_nobody() -> None:
    for function in ("list_providers", "list_slots"):
        for key in PERSONAL:
            with pytest.raises(NotAllowedError):
                check(function, "GetItem", of(key))


def test_a_batch_is_refused_for_one_key_that_is_not_allowed() -> None:
    batch = {"RequestItems": {"t": {"Keys": [typed(keys.profile("c")), typed(keys.request("r"))]}}}
    with pytest.raises(NotAllowedError):
        check("list_appointments", "BatchGetItem", batch)


def test_every_function_with_the_table_may_open_its_connection() -> None:
    for function in ("list_providers", "list_slots", "request_sign_in", "sign_in", "sign_out", *WRITERS, *JOBS):
        check(function, "GetItem", of(keys.practice()))
