"""The table of a stack, as far as comparing and mending need it.

Reading everything is a Scan. Nothing that serves anybody scans; this is for an operator, page by page and no faster
than a given rate. What was seen in it is no moment of the table, so whoever finds a difference looks at it again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table
from openhour.application.ports.contention import ContentionError
from openhour.domain.agenda import Agenda
from openhour.domain.booking import day_of, entries_of
from openhour.domain.requests import Request
from operate.aws import aws_errors
from operate.repair.differences import Difference, Mend
from operate.repair.directory import directory_difference
from operate.repair.mending import writes_of
from operate.repair.standing import CLIENTS, ITSELF, PROVIDERS, REQUESTS, Standing, dates_around, standing_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ITEMS_OF_A_PAGE = 500
_ITEMS_OF_A_BATCH = 100

_WHAT_IS_ABOUT_REQUESTS: Mapping[str, Any] = {
    # Sign-in links have addresses in them and are nobody's business here.
    "FilterExpression": "begins_with(pk, :requests) OR begins_with(pk, :providers) OR begins_with(pk, :clients)",
    "ExpressionAttributeValues": {
        ":requests": {"S": REQUESTS},
        ":providers": {"S": PROVIDERS},
        ":clients": {"S": CLIENTS},
    },
}


@dataclass(frozen=True, slots=True)
class Suspect:
    """A request that something differed about, with all that was seen of it and has to be looked at again.

    `request` is empty for items that belong to none.
    """

    request: str
    others: frozenset[str]
    keys: frozenset[keys.Key]


def suspect_of(standing: Standing, request_id: str, differences: Iterable[Difference]) -> Suspect:
    """The suspect behind the differences that were seen from one request."""
    found = list(differences)
    seen = {
        *(keys.day(provider, day) for provider, day, _ in standing.entries.get(request_id, ())),
        *standing.rows.get(request_id, ()),
        *(keys.agenda(client) for client in standing.notes.get(request_id, ())),
        *(difference.key for difference in found),
    }
    return Suspect(request_id, frozenset(other for each in found for other in each.others), frozenset(seen))


class RepairTable:
    """Reads all of a table, looks again at parts of it, and writes what mends them."""

    def __init__(
        self, client: "DynamoDBClient", name: str, units_a_second: float, wait: Callable[[float], None]
    ) -> None:
        """`units_a_second` are read units that reading everything may take; `wait` takes seconds."""
        self._client = client
        self._table = Table(client, name)
        self._units_a_second = units_a_second
        self._wait = wait

    def everything(self) -> Iterator[Item]:
        """All items that are about requests, each as it was when its page was read. Raises CloudError."""
        start: Any = {}
        while True:
            page = self._page(start)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
            consumed = page.get("ConsumedCapacity", {})  # an emulator may not count
            self._wait(consumed.get("CapacityUnits", 0) / self._units_a_second)

    def _page(self, start: Mapping[str, Any]) -> Any:
        with aws_errors(f"table {self._table.name}"):
            return self._client.scan(
                TableName=self._table.name,
                ConsistentRead=True,
                Limit=ITEMS_OF_A_PAGE,
                ReturnConsumedCapacity="TOTAL",
                **_WHAT_IS_ABOUT_REQUESTS,
                **start,
            )

    def look(self, suspect: Suspect) -> Standing:
        """All that is about a request, of one moment: it did not move on while this was read.

        Raises ContentionError when it did, and CloudError.
        """
        with aws_errors(f"table {self._table.name}"):
            items = self._partition(suspect.request)
            own = standing_of(items.values()).requests.get(suspect.request)
            request = None if own is None else own.request
            items |= self._many({*suspect.keys, *_keys_around(request), *map(keys.request, suspect.others)})
            items |= self._many(map(keys.request, _named_by(request, items)))
            requests = {key for key in items if key[1] == ITSELF}
            requests |= {keys.request(suspect.request)} if suspect.request else set()
            again = self._many(requests)
        if any(items.get(key) != again.get(key) for key in requests):
            raise ContentionError(suspect.request)
        return standing_of(items.values())

    def _partition(self, request_id: str) -> dict[keys.Key, Item]:
        if not request_id:
            return {}
        found = self._table.query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": keys.request(request_id)[0]}},
            ConsistentRead=True,
        )
        return {(item[keys.PK]["S"], item[keys.SK]["S"]): item for item in found}

    def _many(self, wanted: Iterable[keys.Key]) -> dict[keys.Key, Item]:
        found: dict[keys.Key, Item] = {}
        for batch in batched(sorted(set(wanted)), _ITEMS_OF_A_BATCH, strict=False):
            found |= self._table.get_many(batch)
        return found

    def directory_difference(self) -> Difference | None:
        """What is wrong with the directory. Raises ContentionError when it was written meanwhile, and CloudError."""
        with aws_errors(f"table {self._table.name}"):
            return directory_difference(self._table)

    def mend(self, request: Request | None, mend: Mend) -> None:
        """Write what mends one difference, if the request and what is written over are still as they were read.

        Raises ContentionError when they are not, and nothing is written then; and CloudError.
        """
        name = self._table.name
        with aws_errors(f"table {name}"):
            self._table.transact(writes_of(name, request, mend))


def _keys_around(request: Request | None) -> set[keys.Key]:
    """Where a request should have left its traces."""
    if request is None:
        return set()
    days = dates_around(day_of(entry) for entry in entries_of(request))
    return {
        *(keys.day(request.provider.id, day) for day in days),
        records.appointment_key(request),
        keys.agenda(request.client.id),
        *([] if request.replaces is None else [keys.request(request.replaces)]),
    }


def _named_by(request: Request | None, items: Mapping[keys.Key, Item]) -> Sequence[str]:
    """The request that the client's `OPEN` item says would replace the same appointment."""
    if request is None or request.replaces is None:
        return ()
    agenda = standing_of(items.values()).agendas.get(request.client.id, Agenda())
    return [own for own, held in agenda.held.items() if held.replaces == request.replaces]
