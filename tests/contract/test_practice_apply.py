import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from openhour.adapters import keys
from openhour.adapters.snapshots import practice_from_json, provider_from_json
from openhour.domain.ledger import minute_of
from operate import practice
from operate.__main__ import main
from operate.practice import table as table_module

REGION = "eu-west-2"
TABLE = "openhour-test"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOURS = {"days": "mon-fri", "start": "09:00", "end": "17:00", "location": "quay", "forums": "in_person"}

type Command = Callable[..., int]


def provider(name: str, **more: Any) -> dict[str, Any]:
    profile = {"id": name, "name": name.title(), "title": "Psychologist", "email": f"{name}@example.org"}
    return profile | {"self_schedule": "public", "services": ["session"], "availability": [dict(HOURS)]} | more


def practice_data(*providers: dict[str, Any]) -> dict[str, Any]:
    return {
        "practice": {
            "id": "harbour",
            "name": "Harbour Psychology",
            "neutral_name": "Harbour Office",
            "contact": "Call us.",
            "time_zone": "Europe/London",
        },
        "locations": [
            {"id": "quay", "name": "The Quay", "address": "1 Quay Lane"},
            {"id": "hof", "name": "Hof", "address": "Hof 1", "time_zone": "Europe/Berlin"},
        ],
        "services": [
            {"id": "session", "name": "Session", "duration": 50},
            {"id": "call", "name": "Call", "duration": 20},
        ],
        "providers": list(providers),
    }


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Any:
    return boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    )


@pytest.fixture
def apply(table: Any, tmp_path: Path) -> Command:
    def run(
        data: dict[str, Any], *options: str, ask: Callable[[str], str] = lambda _: "y", where: Sequence[str] = ()
    ) -> int:
        path = tmp_path / "practice.yaml"
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
        return main(
            ["practice", "apply", str(path), *(where or ("--table", TABLE)), *options], now=lambda: NOW, ask=ask
        )

    return run


def items(table: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(item["pk"], item["sk"]): item for item in table.scan()["Items"]}


def records(*provider_ids: str) -> set[keys.Key]:
    """The keys of what is kept of the file that was applied last."""
    return {keys.applied_practice(), *map(keys.applied_provider, provider_ids)}


def book(table: Any, name: str, start: datetime, minutes: int = 50, **more: Any) -> None:
    first = minute_of(start)
    entry = {"request": f"r{first}", "service": "session", "start": first, "end": first + minutes}
    rest = {"buffer_before": 0, "buffer_after": 10, "local_date": start.date().isoformat()}
    pk, sk = keys.day(name, start.date())
    entries = table.get_item(Key={"pk": pk, "sk": sk}).get("Item", {}).get("entries", {})
    entry = entry | rest | more
    table.put_item(Item={"pk": pk, "sk": sk, "version": 1, "entries": entries | {f"e{first}": entry}})


def never(question: str) -> str:
    pytest.fail(f"asked: {question}")


def test_the_first_application_stores_the_practice_and_every_provider(table: Any, apply: Command) -> None:
    assert apply(practice_data(provider("anna"), provider("bob")), "--yes", ask=never) == 0
    stored = items(table)
    standing = {keys.practice(), keys.provider("anna"), keys.provider("bob"), keys.directory()}
    assert set(stored) == standing | records("anna", "bob")
    for item in stored.values():
        assert set(item) == {"pk", "sk", "document", "version"}


def test_what_is_stored_reads_back_as_the_values_of_the_file(table: Any) -> None:
    example = Path(__file__).parents[2] / "practice.yaml"
    assert main(["practice", "apply", str(example), "--table", TABLE, "--yes"], now=lambda: NOW, ask=never) == 0
    harbour, providers = practice.load(example)
    stored = {key: item for key, item in items(table).items() if key[0] == keys.practice()[0]}
    profile = stored.pop(keys.practice())
    assert practice_from_json(profile["document"], profile["version"]) == harbour
    read = [provider_from_json(item["document"], item["version"]) for item in stored.values()]
    assert sorted(read, key=lambda each: each.id) == sorted(providers, key=lambda each: each.id)


def test_applying_the_same_file_again_changes_nothing(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna")), "--yes")
    before = items(table)
    assert apply(practice_data(provider("anna")), ask=never) == 0
    assert "is up to date: nothing to change" in capsys.readouterr().out
    assert items(table) == before


def test_a_dry_run_shows_the_changes_and_writes_nothing(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(practice_data(provider("anna")), "--dry-run", ask=never) == 0
    output = capsys.readouterr().out
    assert "+ provider anna (Anna)" in output
    assert "    hours: mon-fri 09:00-17:00 at quay, in person: session" in output
    assert "2 to add." in output
    assert items(table) == {}


def test_a_file_with_problems_writes_nothing_and_ends_with_2(table: Any, apply: Command) -> None:
    assert apply(practice_data(provider("anna", email="?")), "--yes") == 2
    assert items(table) == {}


@pytest.mark.parametrize("answer", ["n", "", "no", "maybe"])
def test_without_a_yes_nothing_is_written(table: Any, apply: Command, answer: str) -> None:
    assert apply(practice_data(provider("anna")), ask=lambda _: answer) == 1
    assert items(table) == {}


def test_without_a_terminal_it_says_that_yes_is_needed(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(_: str) -> str:
        raise EOFError

    assert apply(practice_data(provider("anna")), ask=closed) == 1
    assert "--yes" in capsys.readouterr().err
    assert items(table) == {}


def test_changes_are_shown_field_by_field_in_plain_words(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    holidays = [{"date": "2027-12-24", "until": "2028-01-01", "closed": True}, {"date": "2027-04-15", "closed": True}]
    apply(practice_data(provider("anna", overrides=holidays), provider("bob"), provider("carl")), "--yes")
    later = HOURS | {"end": "18:00", "forums": ["in_person", "telehealth"]}
    other = [{"date": "2027-04-15", "hours": [HOURS | {"start": "14:00"}]}]
    del other[0]["hours"][0]["days"]  # type: ignore[attr-defined]
    anna = provider(
        "anna", title="Psychotherapist", services=["session", "call"], availability=[later], overrides=other
    )
    data = practice_data(anna, provider("bob"), provider("dora"))
    data["practice"]["contact"] = "Ring us."
    data["services"][0] |= {"duration": 60, "price": "£85"}
    capsys.readouterr()
    assert apply(data, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Changes to table {TABLE}:",
        "~ practice harbour",
        "    contact: Call us. -> Ring us.",
        "~ provider anna (Anna)",
        "    title: Psychologist -> Psychotherapist",
        "    service call: added",
        "    service session: duration: 50 min -> 60 min",
        "    service session: price: none -> £85",
        "    hours removed: mon-fri 09:00-17:00 at quay, in person: session",
        "    hours added: mon-fri 09:00-18:00 at quay, in person or telehealth: call, session",
        "    2027-04-15: closed -> 14:00-17:00 at quay, in person: call, session",
        "    2027-12-24 to 2028-01-01: closed -> usual hours",
        "~ provider bob (Bob)",
        "    service session: duration: 50 min -> 60 min",
        "    service session: price: none -> £85",
        "+ provider dora (Dora)",
        "    Psychologist, dora@example.org, self_schedule public",
        "    services: session",
        "    hours: mon-fri 09:00-17:00 at quay, in person: session",
        "- provider carl (Carl)",
        "1 to add, 3 to change, 1 to remove.",
        "Dry run: nothing was written.",
    ]


def test_a_change_that_reads_the_same_for_many_providers_is_told_once(
    apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    data = practice_data(provider("anna"), provider("bob"))
    apply(data, "--yes")
    data["services"][0]["duration"] = 60
    capsys.readouterr()
    apply(data, "--dry-run")
    assert capsys.readouterr().out.count("duration: 50 min -> 60 min") == 1


def test_only_what_changed_is_written(table: Any, apply: Command) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    before = items(table)
    apply(practice_data(provider("anna", title="Psychotherapist"), provider("bob")), "--yes")
    after = items(table)
    assert {key for key in after if after[key] != before[key]} == {
        keys.provider("anna"),
        keys.applied_provider("anna"),
        keys.directory(),
    }
    assert json.loads(after[keys.provider("anna")]["document"])["title"] == "Psychotherapist"


def test_a_provider_that_the_file_no_longer_names_is_removed(table: Any, apply: Command) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    assert apply(practice_data(provider("anna")), "--yes") == 0
    assert set(items(table)) == {keys.practice(), keys.provider("anna"), keys.directory()} | records("anna")


@pytest.mark.parametrize(
    "meanwhile",
    [
        practice_data(provider("anna", title="Coach"), provider("bob")),
        practice_data(provider("anna"), provider("bob", title="Coach")),
        practice_data(provider("anna")),
        practice_data(provider("anna"), provider("bob"), provider("carl", title="Coach")),
    ],
    ids=["changed what I change", "changed what I remove", "removed what I remove", "added what I add"],
)
def test_of_two_people_applying_at_once_the_second_is_told_and_writes_nothing(
    table: Any, apply: Command, meanwhile: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    seen: dict[str, Any] = {}

    def while_i_think(_: str) -> str:
        assert apply(meanwhile, "--yes") == 0
        seen.update(items=items(table))
        return "y"

    mine = practice_data(provider("anna", title="Psychotherapist"), provider("carl"))
    assert apply(mine, ask=while_i_think) == 1
    assert "changed by somebody else since they were read: provider" in capsys.readouterr().err
    assert items(table) == seen["items"]


def test_two_people_setting_up_an_empty_table_at_once_do_not_overwrite_each_other(table: Any, apply: Command) -> None:
    def while_i_think(_: str) -> str:
        apply(practice_data(provider("anna", title="Coach")), "--yes")
        return "y"

    assert apply(practice_data(provider("anna")), ask=while_i_think) == 1
    assert json.loads(items(table)[keys.provider("anna")]["document"])["title"] == "Coach"


def test_a_provider_with_appointments_ahead_is_not_removed(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    book(table, "bob", datetime(2026, 12, 1, 9, tzinfo=UTC))
    book(table, "bob", datetime(2026, 12, 1, 10, tzinfo=UTC))
    book(table, "bob", datetime(2026, 12, 3, 9, tzinfo=UTC), deadline=int(NOW.timestamp()) + 60)
    before = items(table)
    assert apply(practice_data(provider("anna", title="Coach")), "--yes") == 1
    assert capsys.readouterr().err.splitlines()[2:5] == [
        "Not applied: provider bob still has 2 appointments and 1 open request:",
        "    2026-12-01: 2 appointments",
        "    2026-12-03: 1 open request",
    ]
    assert items(table) == before


def test_a_dry_run_tells_that_a_removal_would_be_refused(table: Any, apply: Command) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    book(table, "bob", datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert apply(practice_data(provider("anna")), "--dry-run") == 1


def test_with_allow_orphans_it_is_removed_and_its_ledger_stays(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    book(table, "bob", datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert apply(practice_data(provider("anna")), "--yes", "--allow-orphans") == 0
    assert "Note: provider bob still has 1 appointment:" in capsys.readouterr().out
    day = datetime(2026, 12, 1, tzinfo=UTC).date()
    standing = {keys.practice(), keys.provider("anna"), keys.directory()}
    assert set(items(table)) == standing | records("anna") | {keys.day("bob", day)}


@pytest.mark.parametrize(
    ("start", "more", "removed"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), {}, True),
        (datetime(2026, 11, 24, 11, 10, tzinfo=UTC), {}, True),
        (datetime(2026, 11, 24, 11, 11, tzinfo=UTC), {}, False),
        (datetime(2026, 11, 23, 23, 59, tzinfo=UTC), {"minutes": 722}, False),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), {"deadline": int(NOW.timestamp())}, True),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), {"deadline": int(NOW.timestamp()) + 1}, False),
    ],
    ids=["past", "just over", "running", "running since yesterday", "lapsed", "open"],
)
def test_only_times_that_are_live_and_not_over_keep_a_provider(
    table: Any, apply: Command, start: datetime, more: dict[str, Any], removed: bool
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    book(table, "bob", start, **more)
    assert apply(practice_data(provider("anna")), "--yes") == (0 if removed else 1)
    assert (keys.provider("bob") not in items(table)) is removed


def test_external_busy_times_keep_nobody(table: Any, apply: Command) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    pk, sk = keys.external("bob", datetime(2026, 12, 1, tzinfo=UTC).date())
    table.put_item(Item={"pk": pk, "sk": sk, "busy": [[1, 2]]})
    assert apply(practice_data(provider("anna")), "--yes") == 0


def test_a_request_that_comes_in_while_the_person_thinks_keeps_the_provider(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")

    def while_i_think(_: str) -> str:
        book(table, "bob", datetime(2026, 12, 1, 9, tzinfo=UTC), deadline=int(NOW.timestamp()) + 60)
        return "y"

    assert apply(practice_data(provider("anna", title="Coach")), ask=while_i_think) == 1
    assert "provider bob still has 1 open request" in capsys.readouterr().err
    assert keys.provider("bob") in items(table)
    assert json.loads(items(table)[keys.provider("anna")]["document"])["title"] == "Psychologist"


def test_a_request_that_comes_in_while_a_provider_is_removed_is_told(
    table: Any, apply: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna"), provider("bob")), "--yes")
    write = table_module.PracticeTable.write

    def meanwhile(self: Any, *changes: Any, **options: Any) -> None:
        book(table, "bob", datetime(2026, 12, 1, 9, tzinfo=UTC), deadline=int(NOW.timestamp()) + 60)
        write(self, *changes, **options)

    monkeypatch.setattr(table_module.PracticeTable, "write", meanwhile)
    assert apply(practice_data(provider("anna")), "--yes") == 0
    assert "Attention, this came in while the changes were written: provider bob" in capsys.readouterr().out


def test_a_service_that_goes_is_kept_by_the_appointments_for_it(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    apply(practice_data(provider("anna", services=["session", "call"])), "--yes")
    book(table, "anna", datetime(2026, 12, 1, 9, tzinfo=UTC))
    without = practice_data(provider("anna", services=["call"]))
    assert apply(without, "--yes") == 1
    assert "service session of provider anna still has 1 appointment" in capsys.readouterr().err
    assert apply(without, "--yes", "--allow-orphans") == 0
    assert "Note: service session of provider anna still has 1 appointment" in capsys.readouterr().out


def test_nothing_is_noted_when_nobody_has_a_time(apply: Command, capsys: pytest.CaptureFixture[str]) -> None:
    apply(practice_data(provider("anna", services=["session", "call"])), "--yes")
    assert apply(practice_data(provider("anna", services=["call"])), "--yes") == 0
    assert "Note" not in capsys.readouterr().out


def test_more_items_than_one_transaction_takes_are_refused(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(practice_data(*(provider(f"p{n}") for n in range(50))), "--yes") == 1
    assert "51 items would change" in capsys.readouterr().err
    assert items(table) == {}


def test_forty_eight_providers_go_in_one_transaction_with_the_practice_and_the_directory(
    table: Any, apply: Command
) -> None:
    assert apply(practice_data(*(provider(f"p{n}") for n in range(48))), "--yes") == 0
    assert len(items(table)) == 2 * 49 + 1


def test_with_in_parts_more_are_written_and_a_second_run_finds_nothing_left(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    data = practice_data(*(provider(f"p{n}") for n in range(250)))
    assert apply(data, "--yes", "--in-parts") == 0
    assert len(items(table)) == 2 * 251 + 1
    assert apply(data, ask=never) == 0
    assert "nothing to change" in capsys.readouterr().out


def test_documents_too_large_for_one_transaction_go_in_parts_too(
    table: Any, apply: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(table_module, "MOST_BYTES", 3000)
    data = practice_data(provider("anna"), provider("bob"), provider("carl"))
    assert apply(data, "--yes") == 1
    assert "--in-parts" in capsys.readouterr().err
    assert apply(data, "--yes", "--in-parts") == 0
    assert len(items(table)) == 2 * 4 + 1


def test_a_part_that_fails_says_how_many_stand(
    table: Any, apply: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(table_module, "MOST_ITEMS", 4)
    data = practice_data(provider("anna"), provider("bob"), provider("carl"))
    write = table_module.PracticeTable.write

    def meanwhile(self: Any, *changes: Any, **options: Any) -> None:
        pk, sk = keys.provider("carl")
        table.put_item(Item={"pk": pk, "sk": sk, "document": "{}", "version": "other"})
        write(self, *changes, **options)

    monkeypatch.setattr(table_module.PracticeTable, "write", meanwhile)
    assert apply(data, "--in-parts", "--yes") == 1
    assert "1 of 2 parts were written, then: changed by somebody else" in capsys.readouterr().err
    assert {keys.provider("anna"), keys.provider("bob")} < items(table).keys()
    assert keys.practice() not in items(table)


def test_a_practice_of_more_than_a_megabyte_is_read_to_its_end(
    apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = [{"date": f"{year}-01-01", "until": f"{year}-12-31", "closed": True} for year in range(2000, 2014)]
    data = practice_data(*(provider(f"p{n}", overrides=closed) for n in range(6)))
    apply(data, "--yes")
    capsys.readouterr()
    assert apply(data, ask=never) == 0
    assert "nothing to change" in capsys.readouterr().out


def test_an_address_of_aws_that_is_none_is_named(apply: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert apply(practice_data(provider("anna")), "--yes", "--endpoint-url", "localhost") == 1
    assert "Invalid endpoint: localhost" in capsys.readouterr().err


def test_a_snapshot_too_large_for_an_item_is_refused(
    table: Any, apply: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [
        {"date": f"{year}-01-01", "until": f"{year}-12-31", "location": place, "closed": True}
        for year in range(2000, 2012)
        for place in ("quay", "hof")
    ]
    assert apply(practice_data(provider("anna", overrides=days)), "--yes") == 1
    assert "provider anna takes" in capsys.readouterr().err
    assert items(table) == {}


def test_the_table_of_a_stack_is_its_output(table: Any, apply: Command) -> None:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"TableName": {"Value": TABLE}},
    }
    client = boto3.client("cloudformation", region_name=REGION)
    client.create_stack(StackName="openhour", TemplateBody=json.dumps(template))
    assert apply(practice_data(provider("anna")), "--yes", where=("--stack", "openhour")) == 0
    assert len(items(table)) == 2 * 2 + 1


def test_a_stack_without_that_output_is_named(apply: Command, capsys: pytest.CaptureFixture[str]) -> None:
    client = boto3.client("cloudformation", region_name=REGION)
    client.create_stack(StackName="other", TemplateBody=json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}))
    assert apply(practice_data(provider("anna")), "--yes", where=("--stack", "other")) == 1
    assert "stack other has no output TableName" in capsys.readouterr().err


@pytest.mark.parametrize("where", [("--stack", "gone"), ("--table", "gone")])
def test_a_stack_or_table_that_is_not_there_is_named(
    apply: Command, where: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert apply(practice_data(provider("anna")), "--yes", where=where) == 1
    assert f"{where[0].removeprefix('--')} gone:" in capsys.readouterr().err


def test_a_missing_region_is_named(
    apply: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert apply(practice_data(provider("anna")), "--yes") == 1
    assert "--region" in capsys.readouterr().err
    assert apply(practice_data(provider("anna")), "--yes", "--region", REGION) == 0
