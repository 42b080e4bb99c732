"""Calls to DynamoDB, with contention and throttling translated in one place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as LostConnectionError

from openhour.adapters import aws
from openhour.adapters.keys import PK, SK, Key, practice
from openhour.application.ports.contention import ContentionError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

type Item = dict[str, Any]

_BUSY_CODES = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_CONTENDED_REASONS = frozenset(
    {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)
_BATCH_ATTEMPTS = 3
_LONGEST_PK, _LONGEST_SK = 2048, 1024  # bytes


def dynamodb_client() -> "DynamoDBClient":
    """The one DynamoDB client of a function: short timeouts, so that a caller hears 503 before the gateway gives up."""
    config = Config(
        connect_timeout=1,
        read_timeout=3,
        max_pool_connections=50,  # days_of_all reads up to 50 providers side by side
        retries={"mode": "standard", "total_max_attempts": 3},
        tcp_keepalive=True,
    )
    client: DynamoDBClient = aws.client("dynamodb", config)
    return client


@contextmanager
def contention() -> Iterator[None]:
    """Translate what passes by itself (conflicts, throttling, lost connections) to ContentionError."""
    try:
        yield
    except ClientError as error:
        if not _passes(error):
            raise
        raise ContentionError(error.response["Error"]["Code"]) from error
    except (LostConnectionError, HTTPClientError) as error:
        raise ContentionError(type(error).__name__) from error


def _passes(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code != "TransactionCanceledException":
        return code in _BUSY_CODES
    reasons: Sequence[Mapping[str, str]] = error.response.get("CancellationReasons", ())  # type: ignore[assignment]
    return all(reason.get("Code", "None") in _CONTENDED_REASONS for reason in reasons)


def raise_unless_condition(error: ClientError) -> None:
    """Raise what failed for another reason than the condition of a conditional write."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error


class Table:
    """One table: keys in, items out, in DynamoDB's own typed form."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        """`name` is the table's name or ARN."""
        self._client = client
        self.name = name

    def connect(self) -> None:
        """Open a connection by reading something small, so that the first call need not."""
        self._client.get_item(TableName=self.name, Key=typed(practice()), ProjectionExpression=PK)

    def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """One item, read consistently, or for half of that as it may have been a moment ago.

        None for a key that is too long to be anything's.
        """
        if not _fits(key):
            return None
        with contention():
            return self._client.get_item(TableName=self.name, Key=typed(key), ConsistentRead=consistent).get("Item")

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Up to 100 items, read consistently in one call; what DynamoDB leaves out is asked for again.

        Keys that are too long to be anything's find nothing.
        """
        found: dict[Key, Item] = {}
        wanted = [typed(key) for key in keys if _fits(key)]
        if not wanted:
            return found
        left: Any = {self.name: {"Keys": wanted, "ConsistentRead": True}}
        for _ in range(_BATCH_ATTEMPTS):
            with contention():
                answer = self._client.batch_get_item(RequestItems=left)
            for item in answer["Responses"].get(self.name, ()):
                found[item[PK]["S"], item[SK]["S"]] = item
            left = answer.get("UnprocessedKeys")
            if not left:
                return found
        raise ContentionError("UnprocessedKeys")

    def query(self, **arguments: Any) -> Iterator[Item]:
        """All items of a Query, page after page."""
        start: Any = {}
        while True:
            with contention():
                page = self._client.query(TableName=self.name, **arguments, **start)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def due(self, index: str, partition: Key, sort: str, until: str) -> Iterator[Item]:
        """The keys in a sparse index whose instant has come, oldest first.

        `partition` is the name and the one value of the index's partition key, `sort` the name of its instants; `until`
        is included.
        """
        return self.query(
            IndexName=index,
            KeyConditionExpression="#partition = :partition AND #sort <= :until",
            ExpressionAttributeNames={"#partition": partition[0], "#sort": sort},
            ExpressionAttributeValues={":partition": {"S": partition[1]}, ":until": {"S": until}},
        )

    def page(self, **arguments: Any) -> tuple[list[Item], bool]:
        """One page of a Query, and whether there are more."""
        with contention():
            page = self._client.query(TableName=self.name, **arguments)
        return list(page["Items"]), "LastEvaluatedKey" in page

    def update(self, key: Key, **arguments: Any) -> None:
        """One conditional write."""
        with contention():
            self._client.update_item(TableName=self.name, Key=typed(key), **arguments)

    def transact(self, writes: Sequence[Mapping[str, Any]]) -> None:
        """Write all or nothing. botocore adds a ClientRequestToken, so that its own retries write once."""
        with contention():
            self._client.transact_write_items(TransactItems=list(writes))  # type: ignore[arg-type]


def _fits(key: Key) -> bool:
    """Whether DynamoDB takes it: ids in paths are as long as anybody likes, and longer keys are refused."""
    return len(key[0].encode()) <= _LONGEST_PK and len(key[1].encode()) <= _LONGEST_SK


def typed(key: Key) -> dict[str, Any]:
    """A key in DynamoDB's typed form."""
    return {PK: {"S": key[0]}, SK: {"S": key[1]}}
