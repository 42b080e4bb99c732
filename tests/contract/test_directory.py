"""The one item that has the practice and all its providers: never other than they say, and mended where it is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from openhour.adapters import keys
from openhour.adapters.packing import unpacked
from openhour.adapters.snapshots import provider_to_json, version_of
from operate.__main__ import main
from operate.practice import table as table_module
from tests.builders import at, practice, provider
from tests.cloud import TABLE, MotoStore, create_table
from tests.contract.test_practice_apply import NOW, practice_data
from tests.contract.test_practice_apply import provider as written
from tests.use_cases import Openhour

MISSING = "DIRECTORY ALL: it is missing"
OTHER = "DIRECTORY ALL: it does not say what the practice and its providers say"

type Command = Callable[..., int]


@pytest.fixture
def apply(aws: None, tmp_path: Path) -> Command:
    create_table()

    def run(data: dict[str, Any], *options: str) -> int:
        path = tmp_path / "practice.yaml"
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
        return main(["practice", "apply", str(path), "--table", TABLE, "--yes", *options], now=lambda: NOW)

    return run


def table() -> Any:
    return boto3.resource("dynamodb").Table(TABLE)


def key(of: keys.Key) -> dict[str, str]:
    return {"pk": of[0], "sk": of[1]}


def directory() -> Any:
    item = table().get_item(Key=key(keys.directory())).get("Item")
    return None if item is None else unpacked(item["document"].value)


def without_directory() -> None:
    """As code left a table that did not know of it."""
    table().delete_item(Key=key(keys.directory()))


def titles() -> dict[str, str]:
    return {each.id: each.title for each in directory()[1]}


def change_title(name: str) -> None:
    """Elsewhere, and by somebody who does not know of the directory."""
    item = table().get_item(Key=key(keys.provider(name)))["Item"]
    text = json.dumps(json.loads(item["document"]) | {"title": "Coach"}, sort_keys=True, separators=(",", ":"))
    table().put_item(Item=item | {"document": text, "version": version_of(text)})


def repair(*options: str) -> int:
    return main(["repair", "--table", TABLE, *options], now=lambda: NOW)


# Reading


def test_all_providers_are_one_read_of_the_directory_and_the_same_as_one_by_one(moto_store: MotoStore) -> None:
    moto_store.seed(practice(), *(provider(id=f"p{number}") for number in range(3)))
    packed = moto_store.providers()
    without_directory()
    moto_store.calls.made.clear()
    assert moto_store.providers() == packed
    assert moto_store.calls.made == ["get_item", "query"]
    moto_store.seed(practice())
    moto_store.calls.made.clear()
    assert moto_store.providers() == packed
    assert moto_store.calls.made == ["get_item"]


def test_the_practice_alone_is_one_read_without_its_providers(moto_store: MotoStore) -> None:
    moto_store.calls.made.clear()
    assert moto_store.practice_alone() == moto_store.providers()[0]
    assert moto_store.calls.made == ["get_item", "get_item"]


def test_a_table_without_a_practice_has_neither(aws: None) -> None:
    store = MotoStore()
    assert store.practice_alone() is None
    assert store.providers() == (None, [])


def test_without_a_directory_slots_of_any_take_one_call_more(moto_store: MotoStore) -> None:
    without_directory()
    openhour = Openhour(moto_store)
    moto_store.calls.made.clear()
    openhour.any_slots(at(1, 0), at(14, 0))
    assert moto_store.calls.made == ["get_item", "query", "query"]


# Writing


def test_each_application_brings_the_directory_to_what_the_providers_say(apply: Command) -> None:
    assert apply(practice_data(written("bob"), written("anna"))) == 0
    assert titles() == {"anna": "Psychologist", "bob": "Psychologist"}
    assert apply(practice_data(written("anna", title="Coach"))) == 0
    assert titles() == {"anna": "Coach"}


def test_applying_what_stands_already_adds_the_directory_that_is_missing(apply: Command) -> None:
    data = practice_data(written("anna"))
    apply(data)
    without_directory()
    assert apply(data, "--dry-run") == 0
    assert directory() is None
    assert apply(data) == 0
    assert titles() == {"anna": "Psychologist"}


def test_a_transaction_that_fails_leaves_providers_and_directory_as_they_were(
    apply: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(written("anna")))
    write = table_module.PracticeTable.write

    def meanwhile(self: Any, *changes: Any, **options: Any) -> None:
        table().update_item(
            Key=key(keys.directory()),
            UpdateExpression="SET version = :other",
            ExpressionAttributeValues={":other": "other"},
        )
        write(self, *changes, **options)

    monkeypatch.setattr(table_module.PracticeTable, "write", meanwhile)
    assert apply(practice_data(written("anna", title="Coach"))) == 1
    assert "changed by somebody else since they were read: the directory" in capsys.readouterr().err
    assert titles() == {"anna": "Psychologist"}
    assert json.loads(table().get_item(Key=key(keys.provider("anna")))["Item"]["document"])["title"] == "Psychologist"


def test_what_is_written_in_parts_has_no_directory_until_all_of_it_stands(
    apply: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(practice_data(written("anna")))
    monkeypatch.setattr(table_module, "MOST_ITEMS", 4)
    write = table_module.PracticeTable._write_part
    parts: list[Any] = []

    def failing(self: Any, *part: Any) -> None:
        parts.append(part)
        if len(parts) == 2:
            raise table_module.CloudError("The connection was lost.")
        write(self, *part)

    wanted = practice_data(*(written(name, title="Coach") for name in ("anna", "bob", "carl")))
    monkeypatch.setattr(table_module.PracticeTable, "_write_part", failing)
    assert apply(wanted, "--in-parts") == 1
    assert directory() is None
    assert apply(wanted, "--in-parts") == 0
    assert titles() == {"anna": "Coach", "bob": "Coach", "carl": "Coach"}


def test_a_practice_that_fits_into_no_item_has_no_directory_and_goes_on_without(
    apply: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(practice_data(written("anna")))
    monkeypatch.setattr("openhour.adapters.packing.LARGEST", 100)
    assert apply(practice_data(written("anna"), written("bob"))) == 0
    assert directory() is None
    assert repair() == 0


# Repairing


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (without_directory, MISSING),
        (lambda: change_title("anna"), OTHER),
        (lambda: table().delete_item(Key=key(keys.provider("anna"))), OTHER),
        (
            lambda: table().put_item(Item=key(keys.directory()) | {"document": b"no directory", "version": "some"}),
            OTHER,
        ),
    ],
    ids=["missing", "a provider changed elsewhere", "a provider removed elsewhere", "unreadable"],
)
def test_repair_tells_of_a_directory_that_is_not_what_the_providers_say_and_mends_it(
    apply: Command, damage: Callable[[], object], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(written("anna"), written("bob")))
    damage()
    capsys.readouterr()
    assert repair() == 1
    assert f"{line}; --fix would write it as they say" in capsys.readouterr().out
    assert repair("--fix") == 0
    assert f"{line}; done: write it as they say" in capsys.readouterr().out
    assert repair() == 0
    assert "nothing differs" in capsys.readouterr().out


def test_repair_writes_nothing_where_a_provider_cannot_be_read(
    apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(written("anna")))
    table().put_item(Item=key(keys.provider("bob")) | {"document": "{}", "version": "some"})
    assert repair("--fix") == 1
    assert "needs a person's decision" in capsys.readouterr().out
    assert titles() == {"anna": "Psychologist"}


# Three hundred providers


def test_three_hundred_providers_take_a_tenth_of_an_item(moto_store: MotoStore) -> None:
    everyone = [
        replace(provider(id=f"p{number:03}"), photo_url=f"https://a.example/{number:040}") for number in range(300)
    ]
    moto_store.seed(practice(), *everyone)
    document = table().get_item(Key=key(keys.directory()))["Item"]["document"].value
    assert len(document) < 40_000 < sum(len(provider_to_json(each)) for each in everyone)
    moto_store.calls.made.clear()
    assert len(moto_store.providers()[1]) == 301
    assert moto_store.calls.made == ["get_item"]
