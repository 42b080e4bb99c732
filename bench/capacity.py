"""Measures what each access to the table costs, and writes it into `docs/access-patterns.md`.

    python -m bench.capacity --endpoint-url http://127.0.0.1:4566
    python -m bench.capacity                                        (on AWS, with its own credentials)

It makes a table of its own as `template.yaml` describes it, runs the real use cases on the real adapters, adds up what
DynamoDB (or what emulates it) answers as consumed capacity, and deletes the table.
"""

import argparse
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import yaml

from bench import capacity_crowd
from bench.capacity_scenes import SCENES, Stage

type Item = Mapping[str, Mapping[str, Any]]

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "access-patterns.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"

_READ_UNIT_BYTES = 4096
_READS = frozenset({"get_item", "batch_get_item", "query"})
_NAMES = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "query": "Query",
    "update_item": "UpdateItem",
    "transact_write_items": "TransactWriteItems",
}


@dataclass
class Meter:
    """A DynamoDB client that asks every call what it consumed, and adds it up."""

    client: Any
    calls: list[str] = field(default_factory=list)
    read: float = 0.0
    written: float = 0.0
    items: int = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The client's method of that name, metered."""

        def call(**arguments: Any) -> Any:
            answer = getattr(self.client, name)(**arguments, ReturnConsumedCapacity="TOTAL")
            self._note(name, arguments, answer)
            return answer

        return call

    def _note(self, name: str, arguments: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        consumed = answer.get("ConsumedCapacity", [])
        units = sum(table["CapacityUnits"] for table in (consumed if isinstance(consumed, list) else [consumed]))
        if name == "batch_get_item" and not units:  # the emulator has no figure for it
            units = batch_units(arguments["RequestItems"], answer["Responses"])
        self.calls.append(name)
        self.items += len(arguments.get("TransactItems", ()))
        if name in _READS:
            self.read += units
        else:
            self.written += units

    def reset(self) -> None:
        """Start from nothing."""
        self.calls, self.read, self.written, self.items = [], 0.0, 0.0, 0


def batch_units(asked: Mapping[str, Any], found: Mapping[str, Sequence[Item]]) -> int:
    """Read units of a consistent BatchGetItem: one per started 4 KB of each item, one for each that is not there."""
    keys = sum(len(table["Keys"]) for table in asked.values())
    items = [item for table in found.values() for item in table]
    return keys - len(items) + sum(-(-size_of(item) // _READ_UNIT_BYTES) for item in items)


def size_of(item: Item) -> int:
    """Bytes of an item by DynamoDB's rules: names and values in UTF-8, numbers two digits a byte."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "B":
            return len(content)
        case "S":
            return len(content.encode())
        case "N":
            return len(content.strip("-").replace(".", "")) // 2 + 2
        case "M":
            return 3 + size_of(content) + len(content)
        case "L":
            return 3 + sum(_size_of_value(element) + 1 for element in content)
    return 1  # BOOL and NULL; nothing else is stored


@dataclass(frozen=True)
class Measured:
    """What one scene took: calls in their order, capacity units, and how many items its transactions had."""

    scene: str
    calls: tuple[str, ...]
    read: float
    written: float
    items: int


class _Template(yaml.SafeLoader):
    """CloudFormation's short forms resolve to nothing: the table's description has none."""


_Template.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description="Measure consumed capacity into docs/access-patterns.md.")
    parser.add_argument("--endpoint-url", metavar="URL", help="where DynamoDB is emulated; else AWS")
    options = parser.parse_args(arguments)
    rows = measure(boto3.client("dynamodb", endpoint_url=options.endpoint_url))
    DOCUMENT.write_text(with_table(DOCUMENT.read_text(encoding="utf-8"), rows), encoding="utf-8")
    print(table(rows))


def measure(client: Any) -> list[Measured]:
    """Run every scene on a table of its own, which is deleted afterwards."""
    name = f"openhour-capacity-{uuid.uuid4().hex[:8]}"
    client.create_table(TableName=name, **table_description())
    try:
        client.get_waiter("table_exists").wait(TableName=name)
        return list(_measured(Meter(client), name))
    finally:
        client.delete_table(TableName=name)


def _measured(meter: Meter, name: str) -> Iterator[Measured]:
    stage = Stage(meter, name)
    stage.prepare()
    for scene in (*SCENES, *capacity_crowd.SCENES):
        act = scene.prepare(stage)
        meter.reset()
        act()
        yield Measured(scene.title, tuple(meter.calls), meter.read, meter.written, meter.items)


def table_description() -> dict[str, Any]:
    """The table of the template, without what costs nothing to measure without: streams, backups, encryption."""
    template = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), _Template)  # noqa: S506 - a SafeLoader
    properties = template["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {key: properties[key] for key in wanted}


def with_table(text: str, rows: Sequence[Measured]) -> str:
    """The page with the measured table between its marks. Raises ValueError when they are missing."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(rows)}\n{END}{after}"


def table(rows: Sequence[Measured]) -> str:
    """The measured table as Markdown."""
    head = "| What happens | Calls | Items written | Read units | Write units |\n| --- | --- | ---: | ---: | ---: |\n"
    return head + "".join(f"{line(row)}\n" for row in rows)


def line(row: Measured) -> str:
    """One row of the table."""
    figures = (f"{row.items or ''}", _units(row.read), _units(row.written))
    return f"| {row.scene} | {spelled(row.calls)} | {' | '.join(figures)} |"


def spelled(calls: Sequence[str]) -> str:
    """Calls in their order, repeated ones counted: `Query, 3 x Query`."""
    counts: list[tuple[str, int]] = []
    for call in calls:
        if counts and counts[-1][0] == call:
            counts[-1] = (call, counts[-1][1] + 1)
        else:
            counts.append((call, 1))
    return ", ".join(f"{count} x {_NAMES[call]}" if count > 1 else _NAMES[call] for call, count in counts)


def _units(value: float) -> str:
    return f"{value:g}" if value else ""


if __name__ == "__main__":
    main()
