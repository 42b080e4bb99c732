"""The table of a stack, as far as setting up a practice needs it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from openhour.adapters import keys
from openhour.adapters.snapshots import practice_from_json, provider_from_json
from openhour.domain.ledger import Entry, minute_of
from openhour.domain.values import Practice, Provider
from operate.aws import aws_errors
from operate.errors import CloudError, OperatorError
from operate.practice.errors import (
    ChangedMeanwhileError,
    PartlyWrittenError,
    TooManyChangesError,
)
from operate.practice.plan import Change, DirectoryChange, Kind, Stored, Text

if TYPE_CHECKING:
    from types_boto3_dynamodb.service_resource import Table

MOST_ITEMS = 99  # of one TransactWriteItems; the limit is 100, of which one is the directory's
MOST_BYTES = 3_500_000  # of one TransactWriteItems; the limit is 4 MB, with keys, names and up to 0.39 MB of directory

# Guards against overwriting what somebody else wrote since it was read.
STILL_AS_READ = "version = :read"
# Guards against overwriting an item that somebody else added since none was found.
STILL_ABSENT = "attribute_not_exists(pk)"

_DIRECTORY = "the directory of all providers"

type Action = dict[str, Any]


class PracticeTable:
    """Reads what is set up, what stands in the ledgers, and writes changes."""

    def __init__(self, table: "Table", progress: Callable[[str], None] = lambda _: None) -> None:
        """`progress` hears how far a long writing is."""
        self._table = table
        self._progress = progress

    @property
    def name(self) -> str:
        """The table's name."""
        return self._table.name

    def stored(self) -> Stored:
        """The practice and its providers as they are now, and as they were last applied. Raises CloudError."""
        partitions = (keys.practice()[0], keys.applied_practice()[0], keys.directory()[0])
        items = (item for partition in partitions for item in self._query(Key(keys.PK).eq(partition)))
        texts = {(item[keys.PK], item[keys.SK]): Text(item["document"], item["version"]) for item in items}
        directory = texts.pop(keys.directory(), None)
        return Stored(
            practice=_practice(texts.get(keys.practice())),
            providers=_providers(texts, keys.practice()),
            applied_practice=_practice(texts.get(keys.applied_practice())),
            applied=_providers(texts, keys.applied_practice()),
            texts=texts,
            directory=directory.version if directory else None,
        )

    def entries(self, provider_ids: Sequence[str], now: datetime) -> dict[str, list[Entry]]:
        """Live ledger entries of the providers that end after `now` (aware). Raises CloudError."""
        return {provider_id: self._live_entries(provider_id, now) for provider_id in provider_ids}

    def check_fits(self, changes: Sequence[Change], *, in_parts: bool) -> None:
        """Raise TooManyChangesError when the changes take several transactions, and that is not allowed."""
        parts = list(parts_of(changes))
        if len(parts) > 1 and not in_parts:
            raise TooManyChangesError(len(changes), len(parts))

    def check_unchanged(self, changes: Sequence[Change], directory: DirectoryChange) -> None:
        """Raise ChangedMeanwhileError when an item that is to be changed is not what it was when it was read."""
        now = self.stored()
        versions = {key: text.version for key, text in now.texts.items()}
        changed = [change.label for change in changes if versions.get(change.key) != change.version]
        if changed or (directory.is_due and directory.version != now.directory):
            changed = changed or [_DIRECTORY]
            raise ChangedMeanwhileError(changed)

    def write(self, changes: Sequence[Change], directory: DirectoryChange, *, in_parts: bool = False) -> None:
        """Write all changes and the directory in one transaction, or none.

        In several parts the first one takes the directory away and the last one brings it back: meanwhile, and where a
        part fails until the command is run again, providers are read one by one, as they are.
        Raises TooManyChangesError when they do not fit into one and `in_parts` is not set, ChangedMeanwhileError,
        CloudError, and PartlyWrittenError when a later part fails.
        """
        self.check_fits(changes, in_parts=in_parts)
        # The practice comes last: its record says that every provider has been recorded too.
        parts = list(parts_of(sorted(changes, key=lambda change: change.key == keys.practice())))
        if not parts and directory.is_due:
            parts = [[]]
        beside = self._directory_actions(directory, len(parts))
        for done, part in enumerate(parts):
            if len(parts) > 1:
                self._progress(f"writing part {done + 1} of {len(parts)}")
            try:
                self._write_part(part, beside[done])
            except OperatorError as error:
                if done:
                    raise PartlyWrittenError(done, len(parts), error) from error
                raise

    def _directory_actions(self, change: DirectoryChange, parts: int) -> list[list[Action]]:
        """What each part does to the directory."""
        beside: list[list[Action]] = [[] for _ in range(parts)]
        if not change.is_due:
            return beside
        standing = change.version
        if standing is not None and (parts > 1 or change.wanted is None):
            beside[0].append(self._put_or_delete(keys.directory(), standing, None))
            standing = None
        if change.wanted is not None:
            new = {"document": change.wanted.document, "version": change.wanted.version}
            beside[-1].append(self._put_or_delete(keys.directory(), standing, new))
        return beside

    def _write_part(self, part: Sequence[Change], directory: Sequence[Action]) -> None:
        client = self._table.meta.client
        labels = [change.label for change in part for _ in range(weight_of(change)[0])] + [_DIRECTORY] * len(directory)
        actions = [action for change in part for action in self._actions(change)] + [*directory]
        try:
            with aws_errors(f"table {self.name}"):
                client.transact_write_items(TransactItems=actions)  # type: ignore[arg-type]
        except client.exceptions.TransactionCanceledException as error:
            raise _cancelled(labels, error.response) from error

    def _actions(self, change: Change) -> list[Action]:
        """What a change is to DynamoDB: the item, and unless that is right already, the record of it."""
        item = self._action(change.key, change.version, None if change.kind is Kind.KEEP else change)
        if change.record.is_right:
            return [item]
        return [item, self._action(change.record.key, change.record.version, change)]

    def _action(self, key: keys.Key, version: str | None, change: Change | None) -> Action:
        """Put or delete an item as the change says; without one only check that it is as it was read."""
        if change is None:
            return {"ConditionCheck": {"Key": _named(key), **self._guard(version)}}
        if change.document is None:
            return self._put_or_delete(key, version, None)
        return self._put_or_delete(key, version, {"document": change.document, "version": change.new_version})

    def _put_or_delete(self, key: keys.Key, version: str | None, attributes: dict[str, Any] | None) -> Action:
        if attributes is None:
            return {"Delete": {"Key": _named(key), **self._guard(version)}}
        return {"Put": {"Item": _named(key) | attributes, **self._guard(version)}}

    def _guard(self, version: str | None) -> dict[str, Any]:
        if version is None:
            return {"TableName": self.name, "ConditionExpression": STILL_ABSENT}
        read = {":read": version}
        return {"TableName": self.name, "ConditionExpression": STILL_AS_READ, "ExpressionAttributeValues": read}

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
    items = size = 0
    for change in changes:
        more_items, more_size = weight_of(change)
        if part and (items + more_items > MOST_ITEMS or size + more_size > MOST_BYTES):
            yield part
            part, items, size = [], 0, 0
        part.append(change)
        items, size = items + more_items, size + more_size
    if part:
        yield part


def weight_of(change: Change) -> tuple[int, int]:
    """How many items a change writes or checks, and the bytes of their texts."""
    size = len((change.document or "").encode())
    written = (change.kind is not Kind.KEEP) + (not change.record.is_right)
    return 1 + (not change.record.is_right), size * written


def _named(key: keys.Key) -> dict[str, Any]:
    return dict(zip((keys.PK, keys.SK), key, strict=True))


def _practice(text: Text | None) -> Practice | None:
    return practice_from_json(text.document, text.version) if text else None


def _providers(texts: Mapping[keys.Key, Text], profile: keys.Key) -> dict[str, Provider]:
    """The providers beside a profile, by id."""
    found = (text for key, text in texts.items() if key[0] == profile[0] and key != profile)
    providers = (provider_from_json(text.document, text.version) for text in found)
    return {provider.id: provider for provider in providers}


def _cancelled(labels: Sequence[str], response: Any) -> OperatorError:
    """`labels` name what each action of the transaction belongs to."""
    reasons = [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]
    failed = (label for label, reason in zip(labels, reasons, strict=False) if reason == "ConditionalCheckFailed")
    if changed := list(dict.fromkeys(failed)):
        return ChangedMeanwhileError(changed)
    named = ", ".join(sorted({reason for reason in reasons if reason != "None"}))
    return CloudError(f"DynamoDB refused the transaction ({named or 'no reason given'}). Run the command again.")


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
