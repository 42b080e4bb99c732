"""The tables: the copy that AWS makes of an earlier moment, and the stack's own, which gets back what it has lost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item
from operate.aws import aws_errors
from operate.errors import OperatorError
from operate.restore.planning import APPLIED, PRACTICE, Put

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ITEMS_OF_A_PAGE = 500
_LOOKS_EVERY = 15.0
_UNGUARDED: Mapping[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}

# Sign-in links have addresses in them, and what counts callers is of today: neither is read.
_WANTED: Mapping[str, Any] = {
    "FilterExpression": "begins_with(pk, :requests) OR begins_with(pk, :providers) OR begins_with(pk, :clients) "
    "OR pk IN (:practice, :applied)",
    "ExpressionAttributeValues": {
        ":requests": {"S": keys.request("")[0]},
        ":providers": {"S": "PROVIDER#"},
        ":clients": {"S": keys.profile("")[0]},
        ":practice": {"S": PRACTICE},
        ":applied": {"S": APPLIED},
    },
}


class RestoreError(OperatorError):
    """Nothing, or not everything, was put back. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The stack's table and its copies. `wait` takes seconds, `progress` says how far it is."""

    client: "DynamoDBClient"
    name: str
    units_a_second: float
    wait: Callable[[float], None]
    progress: Callable[[str], None]

    def copy_name(self, at: datetime) -> str:
        """What the copy of a moment is called, so that running the command again finds it. `at` is aware."""
        return f"{self.name[:200]}-at-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def state(self, name: str) -> str | None:
        """`ACTIVE`, `CREATING` and the like; None where there is no table of that name. Raises CloudError."""
        with aws_errors(f"table {name}"):
            try:
                return str(self.client.describe_table(TableName=name)["Table"]["TableStatus"])
            except self.client.exceptions.ResourceNotFoundException:
                return None

    def make_copy(self, at: datetime) -> str:
        """The table as it was at a moment, under another name; one that is there or on its way is taken as it is.

        Raises RestoreError when it cannot be made, CloudError.
        """
        name = self.copy_name(at)
        if self.state(name) is None:
            with aws_errors(f"table {self.name} at {at:%Y-%m-%dT%H:%M:%SZ}"):
                self.client.restore_table_to_point_in_time(
                    SourceTableName=self.name, TargetTableName=name, RestoreDateTime=at
                )
        while (state := self.state(name)) in {"CREATING", "UPDATING", "RESTORING"}:
            self.progress(
                f"AWS makes {name}; that takes from minutes to hours. Ctrl-C, and run the command again later."
            )
            self.wait(_LOOKS_EVERY)
        if state != "ACTIVE":
            raise RestoreError(f"table {name} is {state or 'gone'}.")
        return name

    def items(self, name: str) -> Iterator[Item]:
        """All that could be put back, of a table, page by page. Raises CloudError."""
        start: dict[str, Any] = {}
        read = 0
        while True:
            with aws_errors(f"table {name}"):
                page = self.client.scan(
                    TableName=name,
                    ConsistentRead=True,
                    Limit=ITEMS_OF_A_PAGE,
                    ReturnConsumedCapacity="TOTAL",
                    **_WANTED,
                    **start,
                )
            yield from page["Items"]
            read += page["ScannedCount"]
            self.progress(f"{read} items of {name} read")
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
            self.wait(page.get("ConsumedCapacity", {}).get("CapacityUnits", 0) / self.units_a_second)

    def put_back(self, put: Put) -> bool:
        """Write one item, if what stands in its place is still what was seen there; whether it did. CloudError."""
        guard = _UNGUARDED if put.over is None else _unchanged(put.over)
        with aws_errors(f"table {self.name}"):
            try:
                self.client.put_item(TableName=self.name, Item=put.item, **guard)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return False
        return True


def _unchanged(seen: Item) -> Mapping[str, Any]:
    """Guards against whoever has written the item since it was read: each step counts its version up."""
    names = {"#version": "version"}
    if "version" not in seen:
        return {"ConditionExpression": "attribute_not_exists(#version)", "ExpressionAttributeNames": names}
    return {
        "ConditionExpression": "#version = :seen",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":seen": seen["version"]},
    }
