"""Restoring: what was lost or damaged comes back, what people did since stays, and again it does nothing more."""

from datetime import timedelta
from typing import Any

import boto3
import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.client import Table
from openhour.application.provider.answer import Decision
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from operate.__main__ import main
from tests.builders import NOW, practice, provider
from tests.cloud import TABLE, MotoStore, create_table
from tests.repairs import Repairs, alter, drop, put, raw
from tests.use_cases import Openhour

COPY = "openhour-before"


@pytest.fixture
def openhour(aws: None) -> Openhour:
    store = MotoStore()
    store.seed(practice(), provider())
    return Openhour(store)


def copy_table() -> None:
    create_table(COPY)
    for item in items():
        boto3.client("dynamodb").put_item(TableName=COPY, Item=item)


def items() -> list[dict[str, Any]]:
    return list(boto3.client("dynamodb").scan(TableName=TABLE)["Items"])


def standing() -> list[str]:
    """Everything, but for what only counts how often ledgers and agendas were written, and requests of a day."""
    counters = {"version", "made_on", "made"}
    derived = [item for item in items() if not item["pk"]["S"].startswith("REQUEST#")]
    kept = [{name: value for name, value in item.items() if name not in counters} for item in derived]
    return sorted(map(str, kept + [item for item in items() if item not in derived]))


def lose_everything() -> None:
    for item in items():
        boto3.client("dynamodb").delete_item(TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})


def run(openhour: Openhour, *arguments: str, answer: str = "y") -> int:
    where = ["--from", COPY] if "--at" not in arguments else []
    return main(
        ["restore", *where, "--table", TABLE, *arguments],
        now=openhour.clock.now,
        ask=lambda _: answer,
        wait=lambda _: None,
    )


def confirmed(openhour: Openhour) -> Request:
    request = openhour.submit()
    openhour.answer(request, Decision.CONFIRM)
    for version in (1, 2):
        openhour.mailing.send_owed(request.id, version)
    return stored(request)


def stored(request: Request) -> Request:
    return records.request_of(raw(keys.request(request.id)))


def test_a_table_that_lost_everything_has_it_all_again(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    request = confirmed(openhour)
    before = standing()
    copy_table()
    lose_everything()
    assert run(openhour) == 0
    assert f"  lost: REQUEST#{request.id}, confirmed in version 2" in capsys.readouterr().out
    assert standing() == before
    assert Repairs(openhour).found() == []
    assert run(openhour) == 0
    said = capsys.readouterr().out
    assert "0 items to be put back: 0 requests lost, 0 damaged" in said
    assert standing() == before


def test_what_is_shown_is_written_only_once_the_person_agrees(openhour: Openhour) -> None:
    confirmed(openhour)
    copy_table()
    lose_everything()
    assert run(openhour, "--dry-run") == 0
    assert run(openhour, answer="n") == 1
    assert items() == []


def test_what_people_did_since_stays(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    request = openhour.submit()
    copy_table()
    openhour.answer(request, Decision.DECLINE)
    assert run(openhour) == 0
    assert "0 requests lost, 0 damaged" in capsys.readouterr().out
    assert stored(request).status is Status.DECLINED


def test_a_damaged_request_is_as_it_was(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    request = confirmed(openhour)
    copy_table()
    alter(keys.request(request.id), status={"S": "pending"})
    assert run(openhour) == 0
    assert f"damaged: REQUEST#{request.id}" in capsys.readouterr().out
    assert stored(request) == request
    alter(keys.request(request.id), start={"S": "half past nine"})
    assert run(openhour) == 0
    assert stored(request) == request


def test_history_that_was_lost_comes_back_and_a_mail_that_was_sent_stays_sent(openhour: Openhour) -> None:
    request = openhour.submit()
    copy_table()  # both mails are due in it
    openhour.mailing.send_owed(request.id, 1)
    drop(keys.event(request.id, 1))
    drop(keys.mail(request.id, 1, "client"))
    assert run(openhour) == 0
    assert raw(keys.event(request.id, 1))
    assert raw(keys.mail(request.id, 1, "client"))["state"] == {"S": "due"}
    assert raw(keys.mail(request.id, 1, "provider"))["state"] == {"S": "sent"}


def test_it_says_how_many_mails_go_out(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    openhour.submit()
    copy_table()
    lose_everything()
    assert run(openhour, "--dry-run") == 0
    assert "2 mails go out then" in capsys.readouterr().out


def test_whoever_was_forgotten_since_stays_forgotten(openhour: Openhour) -> None:
    request = openhour.submit()
    openhour.answer(request, Decision.DECLINE)
    for version in (1, 2):
        openhour.mailing.send_owed(request.id, version)
    copy_table()
    openhour.erasing(DynamoDBArchive(Table(boto3.client("dynamodb"), TABLE))).forget(request.client.id)
    after = sorted(map(str, items()))
    assert run(openhour) == 0
    assert sorted(map(str, items())) == after


def test_what_is_remembered_of_a_client_comes_back_with_their_requests_and_not_without(openhour: Openhour) -> None:
    request = confirmed(openhour)
    for client in (request.client.id, "s" * 26):
        pk, sk = keys.profile(client)
        put({"pk": {"S": pk}, "sk": {"S": sk}, "epoch": {"N": "3"}})
    copy_table()
    for client in (request.client.id, "s" * 26):
        drop(keys.profile(client))
    assert run(openhour) == 0
    assert keys.profile(request.client.id) in stored_keys()
    assert keys.profile("s" * 26) not in stored_keys()


def stored_keys() -> set[keys.Key]:
    return {(item["pk"]["S"], item["sk"]["S"]) for item in items()}


def test_after_an_interruption_the_rest_follows(openhour: Openhour) -> None:
    request = confirmed(openhour)
    before = standing()
    copy_table()
    lose_everything()
    put(next(item for item in boto3.client("dynamodb").scan(TableName=COPY)["Items"] if item["sk"]["S"] == "REQUEST"))
    assert stored(request)
    assert run(openhour) == 0
    assert standing() == before


def test_nothing_is_written_over_that_somebody_has_changed_meanwhile(
    openhour: Openhour, capsys: pytest.CaptureFixture[str]
) -> None:
    request = openhour.submit()
    copy_table()
    alter(keys.request(request.id), note={"S": "something else"})

    def meanwhile(_: str) -> str:
        openhour.answer(request, Decision.DECLINE)
        return "y"

    status = main(["restore", "--from", COPY, "--table", TABLE], now=openhour.clock.now, ask=meanwhile)
    assert status == 1
    assert "1 have been written by others meanwhile" in capsys.readouterr().out
    assert stored(request).status is Status.DECLINED


def test_aws_copies_the_moment_and_the_copy_is_found_again(
    openhour: Openhour, capsys: pytest.CaptureFixture[str]
) -> None:
    request = confirmed(openhour)
    client = boto3.client("dynamodb")
    client.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    at = (NOW - timedelta(minutes=5)).isoformat()
    assert run(openhour, "--at", at, answer="n") == 1
    assert run(openhour, "--at", at) == 0
    name = f"{TABLE}-at-{NOW - timedelta(minutes=5):%Y%m%dT%H%M%SZ}"
    assert name in client.list_tables()["TableNames"]
    drop(keys.request(request.id))
    assert run(openhour, "--at", at, "--yes") == 0
    assert stored(request) == request
    assert f"delete-table --table-name {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [(), ("--at", "now"), ("--at", "2026-01-01T00:00:00"), ("--at", "2999-01-01T00:00:00Z")]
)
def test_a_moment_is_one_of_the_past_with_its_offset(openhour: Openhour, arguments: tuple[str, ...]) -> None:
    assert main(["restore", "--table", TABLE, *arguments], now=openhour.clock.now) == 2
