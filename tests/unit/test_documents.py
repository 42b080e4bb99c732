"""What the documents say is so: some are made from the code, the others are compared with it."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from bench import capacity
from describe import states
from describe.documents import documents
from openhour.adapters import keys
from openhour.domain.transitions import TABLE, Action, MailKind, Status
from operate.__main__ import openhour
from tests.cloud import template
from tests.documents import ACCESS_PATTERNS, DOCS, ROOT, rows_of
from tests.handlers.gateway import heads, routes

RECORDS = sorted((DOCS / "decisions").glob("*.md"))
OPERATING = (DOCS / "operating.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
WRITTEN = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_made_from_the_code_is_what_the_code_makes_now(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path], "run: make docs"


# States


def drawn_states() -> str:
    return states.texts()[DOCS / "states.md"]


def test_the_diagram_has_every_way_from_status_to_status() -> None:
    drawn = set(re.findall(r"^    (\S+) --> (\S+):", drawn_states(), re.MULTILINE))
    assert drawn == {(row.source or "[*]", row.target) for row in TABLE}


def test_the_diagram_ends_where_no_row_leads_on() -> None:
    ends = set(re.findall(r"^    (\w+) --> \[\*\]$", drawn_states(), re.MULTILINE))
    assert ends == set(Status) - {row.source for row in TABLE}


def test_the_use_cases_take_every_action_of_the_table() -> None:
    assert {Action.SUBMIT, *actions_of_the_use_cases()} == {row.action for row in TABLE}


def actions_of_the_use_cases() -> Iterator[Action]:
    """Every `Action.NAME` in what takes steps; submitting is a function of its own."""
    shared = ROOT / "layers/shared/openhour"
    for path in (*(shared / "application").rglob("*.py"), shared / "domain/requests.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action":
                yield Action[node.attr]


# Access patterns


def test_every_key_of_the_table_is_listed() -> None:
    listed = {(row[1], row[2]) for row in rows_of(ACCESS_PATTERNS, "Item")}
    assert listed == set(map(written_key, key_functions()))


def key_functions() -> list[Any]:
    functions = inspect.getmembers(keys, inspect.isfunction)
    return [function for _, function in functions if function.__module__ == keys.__name__]


def written_key(function: Any) -> tuple[str, str]:
    """A key as the page writes it: `<provider>` for what is filled in."""
    samples = {
        "provider_id": "<provider>",
        "request_id": "<request>",
        "client_id": "<client>",
        "utc_date": date(2027, 3, 8),
        "version": 1,
        "reader": "<reader>",
        "number": 0,
        "period": 1,
        "end": 2,
        "caller_id": "<caller>",
        "what": "<what>",
        "challenge": "<challenge>",
        "start": "<start>",
    }
    found: keys.Key = function(*(samples[name] for name in inspect.signature(function).parameters))
    for sample, name in (
        ("2027-03-08", "<UTC date>"),
        ("0000000001", "<period>"),
        ("0000000002", "<end>"),
        ("000001", "<version>"),
    ):
        found = (found[0].replace(sample, name), found[1].replace(sample, name))
    partition, sort = (f"`{text}`" for text in found)
    return partition, sort


def test_every_index_of_the_template_is_listed_with_its_keys() -> None:
    listed = {tuple(re.findall(r"`([a-z_]+)`", " ".join(row[:3]))) for row in rows_of(ACCESS_PATTERNS, "Index")}
    indexes = template()["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    assert (
        listed
        == {(index["IndexName"], *(key["AttributeName"] for key in index["KeySchema"])) for index in indexes}
        == {
            (keys.OVERDUE_INDEX, keys.OVERDUE_PK, keys.OVERDUE_SK),
            (keys.UNSENT_INDEX, keys.UNSENT_PK, keys.UNSENT_SK),
            (keys.KEPT_INDEX, keys.KEPT_PK, keys.KEPT_SK),
        }
    )


def test_every_scene_has_a_measured_cost() -> None:
    for row in rows_of(ACCESS_PATTERNS, "What happens | Calls"):
        assert float(row[3] or 0) + float(row[4] or 0) > 0, row[0]


def test_a_size_is_counted_as_dynamodb_counts_it() -> None:
    item = {"pk": {"S": "é"}, "n": {"N": "-1234"}, "m": {"M": {"a": {"L": [{"BOOL": True}]}}}}
    assert capacity.size_of(item) == (2 + 2) + (1 + 4) + (1 + 3 + (1 + (3 + 1 + 1)) + 1)


# Operating


def test_every_parameter_of_the_template_is_explained_with_its_default() -> None:
    explained = {row[0].strip("`"): row[1].strip("`") for row in rows_of(OPERATING, "Parameter")}
    declared = {name: str(given.get("Default", "")) for name, given in template()["Parameters"].items()}
    assert explained == declared


def test_every_alarm_of_the_template_is_explained() -> None:
    explained = {row[0].strip("`") for row in rows_of(OPERATING, "Alarm")}
    resources = template()["Resources"]
    assert explained == {name for name, one in resources.items() if one["Type"] == "AWS::CloudWatch::Alarm"}


def test_the_throttles_are_those_of_the_template() -> None:
    stage = template()["Resources"]["ApiStage"]["Properties"]
    everything, *rationed = stage["DefaultRouteSettings"], *stage["RouteSettings"].values()
    rate, burst = everything["ThrottlingRateLimit"], everything["ThrottlingBurstLimit"]
    assert f"{rate} a second, bursts of {burst}" in OPERATING
    assert {(route["ThrottlingRateLimit"], route["ThrottlingBurstLimit"]) for route in rationed} == {(10, 40), (5, 20)}
    assert "what writes 10 and 40, sign-in links 5 and 20" in OPERATING


# Decisions


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_its_three_parts(record: Path) -> None:
    text = record.read_text("utf-8")
    number = int(record.stem[:4])
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(record.stem[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize(
    "requirements", ["requirements.in", "layers/dependencies/requirements.in", "local/requirements.in"]
)
def test_every_dependency_has_its_reason(requirements: str) -> None:
    reasons = (DOCS / "decisions" / "0001-dependencies.md").read_text("utf-8")
    names = re.findall(r"^([a-z][a-z0-9-]*)", (ROOT / requirements).read_text("utf-8"), re.MULTILINE)
    part_of = {"botocore": "boto3", "aws-sam-translator": "aws-sam-cli"}
    assert {name for name in names if f"`{part_of.get(name, name)}`" not in reasons} == set()


# All of them


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.name)
def test_every_link_inside_a_document_leads_to_a_heading(document: Path) -> None:
    text = document.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


@pytest.mark.parametrize("document", WRITTEN, ids=lambda path: path.name)
def test_every_command_and_module_named_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    commands = re.findall(r"\bopenhour (practice|repair|keys|site)\b(?: ([a-z]+))?", text)
    for group, name in commands:
        command = openhour.commands[group]
        assert not isinstance(command, click.Group) or name in command.commands, f"openhour {group} {name}"
    for module in re.findall(r"python -m ((?:tools|operate|describe|local|bench)[a-z_.]*)", text):
        place = ROOT / module.rstrip(".").replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


# Mails


def test_the_page_of_mails_has_a_row_for_each() -> None:
    rows = rows_of((DOCS / "mails.md").read_text("utf-8"), "mail")
    assert sorted(row[0].strip("`") for row in rows) == sorted(MailKind)


# README


def test_the_readme_lists_exactly_the_calls_of_the_api() -> None:
    listed = {row[0].strip("`") for row in rows_of(README, "Call")}
    assert listed == set(routes()) - heads() - {"$default"}


def test_every_place_that_the_readme_names_is_there() -> None:
    for row in rows_of(README, "Place"):
        for place in re.findall(r"`([^`]+)`", row[0]):
            assert (ROOT / place).exists(), place


def test_the_sum_of_the_idle_cost_is_right_and_below_two_dollars() -> None:
    *parts, whole = [float(row[-1].strip("*")) for row in rows_of(README, "What | How much")]
    assert round(sum(parts), 2) == whole < 2
