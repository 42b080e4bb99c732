"""The table of a stack, as far as setting up a practice needs it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from openhour.adapters import keys
from openhour.adapters.snapshots import practice_from_json, provider_from_json
from openhour.domain.ledger import Entry, minute_of
from practice.aws import aws_errors
from practice.errors import ChangedMeanwhileError, PartlyWrittenError, PracticeError, TableError, TooManyChangesError
from practice.plan import Change, Kind, Stored
from practice.standing import Standing

if TYPE_CHECKING:
    from types_boto3_dynamodb.service_resource import Table

MOST_ITEMS = 100  # of one TransactWriteItems
MOST_BYTES = 3_500_000  # of one TransactWriteItems; the limit is 4 MB, keys and attribute names included

# Guards against overwriting what somebody else wrote since it was read.
STILL_AS_READ = "version = :read"
# Guards against overwriting an item that somebody else added since none was found.
STILL_ABSENT = "attribute_not_exists(pk)"


class PracticeTable:
    """Reads what is set up, what stands in the ledgers, and writes changes."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    @property
    def name(self) -> str:
        """The table's name."""
        return self._table.name

    def stored(self) -> Stored:
        """The practice and its providers as they are now. Raises TableError."""
        items = self._query(Key(keys.PK).eq(keys.practice()[0]))
        by_sort_key = {item[keys.SK]: item for item in items}
        profile = by_sort_key.pop(keys.practice()[1], None)
        providers = [provider_from_json(item["document"], item["version"]) for item in by_sort_key.values()]
        return Stored(
            practice_from_json(profile["document"], profile["version"]) if profile else None,
            {provider.id: provider for provider in providers},
        )

    def standing(self, provider_ids: Sequence[str], now: datetime) -> Standing:
        """Live ledger entries of the providers that end after `now` (aware). Raises TableError."""
        return {provider_id: self._live_entries(provider_id, now) for provider_id in provider_ids}

    def write(self, changes: Sequence[Change], *, in_parts: bool = False) -> None:
        """Write all changes in one transaction, or none.

        Raises TooManyChangesError when they do not fit into one and `in_parts` is not set, ChangedMeanwhileError,
        TableError, and PartlyWrittenError when a later part fails.
        """
        parts = list(parts_of(changes))
        if len(parts) > 1 and not in_parts:
            raise TooManyChangesError(len(changes), len(parts))
        for done, part in enumerate(parts):
            try:
                self._write_part(part)
            except PracticeError as error:
                if done:
                    raise PartlyWrittenError(done, len(parts), error) from error
                raise

    def _write_part(self, part: Sequence[Change]) -> None:
        client = self._table.meta.client
        try:
            with aws_errors(f"table {self.name}"):
                client.transact_write_items(TransactItems=[self._action(change) for change in part])
        except client.exceptions.TransactionCanceledException as error:
            raise _cancelled(part, error.response) from error

    def _action(self, change: Change) -> Any:
        guard: dict[str, Any] = {"TableName": self.name, "ConditionExpression": STILL_ABSENT}
        if change.version is not None:
            guard |= {"ConditionExpression": STILL_AS_READ, "ExpressionAttributeValues": {":read": change.version}}
        key = dict(zip((keys.PK, keys.SK), change.key, strict=True))
        if change.kind is Kind.REMOVE:
            return {"Delete": {"Key": key, **guard}}
        return {"Put": {"Item": key | {"document": change.document, "version": change.new_version}, **guard}}

    def _live_entries(self, provider_id: str, now: datetime) -> list[Entry]:
        yesterday = now.astimezone(UTC).date() - timedelta(days=1)  # a session may have begun before midnight
        partition, first = keys.day(provider_id, yesterday)
        _, beyond = keys.day(provider_id, datetime.max.date())
        items = self._query(Key(keys.PK).eq(partition) & Key(keys.SK).between(first, beyond))
        entries = (_entry(name, fields) for item in items for name, fields in item.get("entries", {}).items())
        return [entry for entry in entries if entry.live(int(now.timestamp())) and entry.end > minute_of(now)]

    def _query(self, condition: Any) -> Iterator[dict[str, Any]]:
        pages: dict[str, Any] = {"KeyConditionExpression": condition, "ConsistentRead": True}
        while True:
            with aws_errors(f"table {self.name}"):
                answer = self._table.query(**pages)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            pages["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def parts_of(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes in order, in as few transactions as DynamoDB's limits allow (100 items, 4 MB)."""
    part: list[Change] = []
    size = 0
    for change in changes:
        weight = len((change.document or "").encode())
        if len(part) == MOST_ITEMS or (part and size + weight > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(change)
        size += weight
    if part:
        yield part


def _cancelled(part: Sequence[Change], response: Any) -> PracticeError:
    reasons = [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
    if changed := [
        change.label for change, reason in zip(part, reasons, strict=False) if reason == "ConditionalCheckFailed"
    ]:
        return ChangedMeanwhileError(changed)
    named = ", ".join(sorted({reason for reason in reasons if reason != "None"}))
    return TableError(f"DynamoDB refused the transaction ({named or 'no reason given'}). Run the command again.")


def _entry(name: str, fields: dict[str, Any]) -> Entry:
    deadline = fields.get("deadline")
    return Entry(
        id=name,
        request=fields["request"],
        service=fields["service"],
        start=int(fields["start"]),
        end=int(fields["end"]),
        buffer_before=int(fields["buffer_before"]),
        buffer_after=int(fields["buffer_after"]),
        local_date=fields["local_date"],
        deadline=None if deadline is None else int(deadline),
    )
