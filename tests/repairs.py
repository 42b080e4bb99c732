"""The repair command on a table in moto, and ways to damage what stands there."""

from dataclasses import dataclass, field
from typing import Any

import boto3

from openhour.adapters import keys
from operate.repair.repairing import Outcome, Repairing
from operate.repair.table import RepairTable
from tests.cloud import TABLE
from tests.use_cases import Openhour


@dataclass
class Repairs:
    """The command's inside: what it says, and its outcome."""

    openhour: Openhour
    lines: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    client: Any = None

    def run(self, *, fix: bool = False) -> Outcome:
        self.lines.clear()
        table = RepairTable(self.client or boto3.client("dynamodb"), TABLE, 500, self.waited.append)
        return Repairing(table, self.openhour.clock, lambda _: None, self.lines.append).run(fix=fix)

    def found(self, *, fix: bool = False) -> list[str]:
        self.run(fix=fix)
        return list(self.lines)


def raw(key: keys.Key) -> dict[str, Any]:
    return boto3.client("dynamodb").get_item(TableName=TABLE, Key=_key(key), ConsistentRead=True)["Item"]


def put(item: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=TABLE, Item=item)


def drop(key: keys.Key) -> None:
    raw(key)  # what is not there cannot be lost
    boto3.client("dynamodb").delete_item(TableName=TABLE, Key=_key(key))


def alter(key: keys.Key, **attributes: Any) -> None:
    """Set attributes in typed form; None removes one."""
    item = raw(key) | attributes
    put({name: value for name, value in item.items() if value is not None})


def alter_entry(key: keys.Key, entry_id: str, **attributes: Any) -> None:
    """The same in one entry of a day ledger; without attributes the entry is lost."""
    item = raw(key)
    entries = item["entries"]["M"]
    if not attributes:
        del entries[entry_id]
    else:
        changed = entries[entry_id]["M"] | attributes
        entries[entry_id] = {"M": {name: value for name, value in changed.items() if value is not None}}
    put(item)


def _key(key: keys.Key) -> dict[str, Any]:
    return {keys.PK: {"S": key[0]}, keys.SK: {"S": key[1]}}
