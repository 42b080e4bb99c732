"""`practice.yaml` applied again and again: what was changed elsewhere, exporting, those who leave, known clients."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from openhour.adapters import keys
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.adapters.snapshots import provider_from_json, provider_to_json, version_of
from openhour.application.provider.answer import Decision
from openhour.domain.transitions import Status
from operate.__main__ import main
from operate.practice import load
from tests.builders import NOW, at
from tests.cloud import TABLE, MotoStore
from tests.use_cases import Openhour

EXAMPLE = Path(__file__).parents[2] / "practice.yaml"
HOURS = {"days": "mon-fri", "start": "09:00", "end": "17:00", "location": "marylebone", "forums": "in_person"}
KEYS = json.dumps({"identity": "for tests", "signing": []})

type Command = Callable[..., int]


def provider(name: str, **more: Any) -> dict[str, Any]:
    profile = {"id": name, "name": name.title(), "title": "Psychologist", "email": f"{name}@example.org"}
    return profile | {"self_schedule": "public", "services": ["talk"], "availability": [dict(HOURS)]} | more


def practice_data(*providers: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"id": "harbour", "name": "Harbour Psychology", "neutral_name": "Harbour Office", "contact": "Call us."}
    return {
        "practice": named | {"time_zone": "Europe/London", "verify": False} | more,
        "locations": [{"id": "marylebone", "name": "Rooms", "address": "4 Nottingham Place"}],
        "services": [
            {"id": "talk", "name": "Talk", "duration": 50, "horizon_days": 60},
            {"id": "call", "name": "Call", "duration": 20},
        ],
        "providers": list(providers),
    }


BOTH = practice_data(provider("maya-okafor"), provider("bob"))
BOB_ALONE = practice_data(provider("bob"))
_MORNINGS = [{"start": "10:00", "end": "12:00", "location": "marylebone", "forums": "in_person"}]
A_WEEKEND = [
    {"date": "2027-07-16", "until": "2027-07-18", "days": ["fri", "sat", "sun"], "hours": _MORNINGS},
    {"date": "2027-08-01", "until": "2027-08-31", "hours": _MORNINGS},
]


@pytest.fixture
def openhour(moto_store: MotoStore, run: Command) -> Openhour:
    """The use cases on the table that the file was applied to."""
    assert run(BOTH, "--yes", "--overwrite") == 0
    return Openhour(moto_store)


@pytest.fixture
def run(aws: None, tmp_path: Path) -> Command:
    def command(data: dict[str, Any], *options: str) -> int:
        path = tmp_path / "practice.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return main(["practice", "apply", str(path), "--table", TABLE, *options], now=lambda: NOW)

    return command


def stored(name: str) -> Any:
    pk, sk = keys.provider(name)
    item: Any = boto3.resource("dynamodb").Table(TABLE).get_item(Key={"pk": pk, "sk": sk}).get("Item")
    return None if item is None else provider_from_json(item["document"], item["version"])


def changed_elsewhere(name: str, **fields: Any) -> None:
    pk, sk = keys.provider(name)
    document = json.loads(provider_to_json(stored(name))) | fields
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    item = {"pk": pk, "sk": sk, "document": text, "version": version_of(text)}
    boto3.resource("dynamodb").Table(TABLE).put_item(Item=item)


# What was changed elsewhere


def test_what_was_changed_elsewhere_is_not_overwritten_silently(
    openhour: Openhour, run: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    changed_elsewhere("bob", title="Coach")
    before = openhour.store.items()
    capsys.readouterr()
    assert run(BOTH | {"providers": [provider("maya-okafor", title="Dr"), provider("bob")]}, "--yes") == 1
    error = capsys.readouterr().err
    for line in ("providers.bob.title", "last applied: Psychologist", "stands now:   Coach", "file says:    Psych"):
        assert line in error
    assert openhour.store.items() == before


@pytest.mark.parametrize("path", [(), ("providers",), ("providers.bob",), ("providers.bob.title",)])
def test_the_file_wins_where_it_is_told_to(openhour: Openhour, run: Command, path: tuple[str, ...]) -> None:
    changed_elsewhere("bob", title="Coach")
    assert run(BOTH, "--yes", "--overwrite", *path) == 0
    assert stored("bob").title == "Psychologist"


def test_it_wins_nowhere_else(openhour: Openhour, run: Command) -> None:
    changed_elsewhere("bob", title="Coach")
    assert run(BOTH, "--yes", "--overwrite", "providers.bo") == 1
    assert stored("bob").title == "Coach"


def test_what_both_changed_alike_is_no_conflict(openhour: Openhour, run: Command) -> None:
    changed_elsewhere("bob", title="Coach")
    assert run(practice_data(provider("maya-okafor"), provider("bob", title="Coach")), "--yes") == 0
    changed_elsewhere("bob", title="Mentor")
    assert run(practice_data(provider("maya-okafor"), provider("bob", title="Coach")), "--yes") == 1


def test_a_provider_who_was_removed_elsewhere_does_not_come_back_silently(
    openhour: Openhour, run: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pk, sk = keys.provider("bob")
    boto3.resource("dynamodb").Table(TABLE).delete_item(Key={"pk": pk, "sk": sk})
    capsys.readouterr()
    assert run(BOTH, "--yes") == 1
    assert "stands now:   not there" in capsys.readouterr().err
    assert run(BOTH, "--yes", "--overwrite", "providers.bob") == 0
    assert stored("bob") is not None


# Exporting


@pytest.mark.parametrize("source", ["sample", "small", "weekend"])
def test_what_is_exported_can_be_applied_and_changes_nothing(
    source: str, moto_store: MotoStore, run: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = None if source == "sample" else yaml.safe_load(yaml.safe_dump(BOTH))
    if source == "weekend":
        data["providers"][0]["overrides"] = A_WEEKEND
    if data is None:
        arguments = ["practice", "apply", str(EXAMPLE), "--table", TABLE, "--yes", "--overwrite", "--allow-orphans"]
        assert main(arguments, now=lambda: NOW) == 0
    else:
        assert run(data, "--yes", "--overwrite") == 0
    before = moto_store.items()
    written = tmp_path / "exported.yaml"
    assert main(["practice", "export", "--table", TABLE, "--output", str(written)], now=lambda: NOW) == 0
    assert "cannot say" not in capsys.readouterr().err
    assert main(["practice", "apply", str(written), "--table", TABLE], now=lambda: NOW) == 0
    assert "nothing to change" in capsys.readouterr().out
    assert moto_store.items() == before


def test_it_holds_what_was_changed_elsewhere(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    changed_elsewhere("bob", title="Coach")
    capsys.readouterr()
    assert main(["practice", "export", "--table", TABLE], now=lambda: NOW) == 0
    exported = yaml.safe_load(capsys.readouterr().out)
    assert {each["id"]: each["title"] for each in exported["providers"]} == {
        "maya-okafor": "Psychologist",
        "bob": "Coach",
    }


def test_a_file_that_is_there_is_not_replaced(openhour: Openhour, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("# mine", encoding="utf-8")
    assert main(["practice", "export", "--table", TABLE, "--output", str(path)], now=lambda: NOW) == 1
    assert path.read_text(encoding="utf-8") == "# mine"


def test_a_table_without_a_practice_has_nothing_to_export(
    moto_store: MotoStore, capsys: pytest.CaptureFixture[str]
) -> None:
    boto3.resource("dynamodb").Table(TABLE).delete_item(Key=dict(zip(("pk", "sk"), keys.practice(), strict=True)))
    assert main(["practice", "export", "--table", TABLE], now=lambda: NOW) == 1
    assert "nothing was applied to it yet" in capsys.readouterr().err


# Those who leave


def test_with_both_wishes_open_requests_are_declined_and_appointments_cancelled_by_mail(
    openhour: Openhour, run: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = openhour.submit()
    booked = openhour.answer(openhour.submit(at(9, 9), key="key-00000002"), Decision.CONFIRM).request
    assert run(BOB_ALONE, "--yes") == 1
    assert stored("maya-okafor") is not None
    capsys.readouterr()
    assert run(BOB_ALONE, "--yes", "--decline-open", "--cancel-confirmed", "--reason", "Maya has retired.") == 0
    assert "1 declined and 1 cancelled; their clients are told by mail." in capsys.readouterr().out
    assert stored("maya-okafor") is None
    for request, status in ((asked, Status.DECLINED), (booked, Status.CANCELLED)):
        now = openhour.store.request(request.id)
        assert (now.status, now.reason) == (status, "Maya has retired.")
    kinds = [item["kind"]["S"] for item in openhour.store.items() if item["sk"]["S"].startswith("MAIL#")]
    assert {"declined", "cancelled"} <= {kind.lower() for kind in kinds}


def test_one_wish_alone_does_nothing_to_the_other_kind_and_writes_nothing(openhour: Openhour, run: Command) -> None:
    openhour.submit()
    openhour.answer(openhour.submit(at(9, 9), key="key-00000002"), Decision.CONFIRM)
    before = openhour.store.items()
    assert run(BOB_ALONE, "--yes", "--decline-open", "--reason", "Gone.") == 1
    assert openhour.store.items() == before


def test_a_service_that_goes_ends_what_was_asked_for_it_alone(openhour: Openhour, run: Command) -> None:
    asked = openhour.submit()
    called = practice_data(provider("maya-okafor", services=["call"]), provider("bob"))
    assert run(called, "--yes") == 1
    assert run(called, "--yes", "--decline-open", "--reason", "No more talks.") == 0
    assert openhour.store.request(asked.id).status is Status.DECLINED


def test_a_dry_run_of_it_ends_nothing(openhour: Openhour, run: Command, capsys: pytest.CaptureFixture[str]) -> None:
    openhour.submit()
    before = openhour.store.items()
    assert run(BOB_ALONE, "--dry-run", "--decline-open", "--reason", "Gone.") == 0
    assert "to be declined or cancelled, with a mail to the client: 1 open request" in capsys.readouterr().out
    assert openhour.store.items() == before


def test_ending_needs_a_reason(run: Command) -> None:
    assert run(BOB_ALONE, "--yes", "--decline-open") == 2


# Known clients


@pytest.fixture
def secret(moto_store: MotoStore) -> str:
    arn: str = boto3.client("secretsmanager").create_secret(Name="keys", SecretString=KEYS)["ARN"]
    return arn


def client_id(email: str) -> str:
    return HashedIdentity(lambda: Keyring.parse(KEYS)).client_id(email)


def known(*emails: str) -> set[tuple[str, str]]:
    return {
        key for email in emails for key in (keys.known_client(client_id(email)), keys.applied_client(client_id(email)))
    }


def listed(store: MotoStore) -> set[tuple[str, str]]:
    found = {(item["pk"]["S"], item["sk"]["S"]) for item in store.items()}
    return {key for key in found if key[1] == "KNOWN" or key[0] == "KNOWN"}


def test_the_list_adds_and_removes_clients_without_keeping_an_address(
    moto_store: MotoStore, run: Command, secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = practice_data(provider("bob"), known_clients_only=True, known_clients_file="clients.txt")
    (tmp_path / "clients.txt").write_text("# mine\nAna@Client.example\nbo@client.example  # since May\n\n", "utf-8")
    assert run(data, "--yes", "--overwrite", "--secret", secret) == 0
    assert "2 added, 0 removed" in capsys.readouterr().out
    assert listed(moto_store) == known("ana@client.example", "bo@client.example")
    (tmp_path / "clients.txt").write_text("cy@client.example\nbo@client.example\n", "utf-8")
    assert run(data, "--yes", "--secret", secret) == 0
    output = capsys.readouterr().out
    assert "1 added, 1 removed, 1 stay" in output
    assert listed(moto_store) == known("cy@client.example", "bo@client.example")
    assert "client.example" not in output + json.dumps(moto_store.items())


def test_who_was_removed_elsewhere_is_a_conflict_named_by_its_line(
    moto_store: MotoStore, run: Command, secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = practice_data(provider("bob"), known_clients_only=True, known_clients_file="clients.txt")
    (tmp_path / "clients.txt").write_text("ana@client.example\nbo@client.example\n", "utf-8")
    assert run(data, "--yes", "--overwrite", "--secret", secret) == 0
    pk, sk = keys.known_client(client_id("bo@client.example"))
    boto3.resource("dynamodb").Table(TABLE).delete_item(Key={"pk": pk, "sk": sk})
    capsys.readouterr()
    assert run(data, "--yes", "--secret", secret) == 1
    error = capsys.readouterr().err
    assert "practice.known_clients_file.line 2" in error
    assert "bo@" not in error


def test_a_line_that_is_no_address_is_named_and_not_shown(
    run: Command, secret: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = practice_data(provider("bob"), known_clients_file="clients.txt")
    (tmp_path / "clients.txt").write_text("ana@client.example\nMrs Smith\n", "utf-8")
    assert run(data, "--yes", "--secret", secret) == 2
    error = capsys.readouterr().err
    assert "line 2" in error
    assert "Smith" not in error


def test_without_the_secret_a_list_cannot_be_applied(
    moto_store: MotoStore, run: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clients.txt").write_text("ana@client.example\n", "utf-8")
    assert run(practice_data(provider("bob"), known_clients_file="clients.txt"), "--yes", "--overwrite") == 1
    assert "--secret" in capsys.readouterr().err
    assert listed(moto_store) == set()


def test_the_sample_has_no_list_and_so_leaves_known_clients_alone(moto_store: MotoStore, run: Command) -> None:
    moto_store.list_client("somebody")
    assert run(BOTH, "--yes", "--overwrite") == 0
    assert ("CLIENT#somebody", "KNOWN") in listed(moto_store)
    assert load(EXAMPLE)[0].known_clients_only is False
