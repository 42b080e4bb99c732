"""Providers and their time, for slot lookup."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item, Table
from openhour.adapters.dynamodb.ledgers import days_of
from openhour.adapters.packing import unpacked
from openhour.adapters.snapshots import practice_from_json, provider_from_json
from openhour.domain.ledger import Days
from openhour.domain.values import Practice, Provider

_SIDE_BY_SIDE = 16


def provider_of(item: Item | None) -> Provider | None:
    """A provider's snapshot item."""
    return None if item is None else provider_from_json(item["document"]["S"], item["version"]["S"])


def practice_of(item: Item | None) -> Practice | None:
    """The practice's profile item."""
    return None if item is None else practice_from_json(item["document"]["S"], item["version"]["S"])


def read_days(table: Table, provider_id: str, first: date, last: date) -> Days:
    """Ledgers and external busy times of UTC dates, both ends included, in one Query a megabyte."""
    partition, low = keys.day(provider_id, first)
    high = keys.external(provider_id, last)[1]
    items = table.query(
        KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
        ExpressionAttributeValues={":pk": {"S": partition}, ":low": {"S": low}, ":high": {"S": high}},
    )
    return days_of({(partition, item[keys.SK]["S"]): item for item in items})


class DynamoDBDirectory:
    """The port Directory on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def provider(self, provider_id: str) -> Provider | None:
        """See Directory.provider."""
        return provider_of(self._table.get(keys.provider(provider_id)))

    def practice_alone(self) -> Practice | None:
        """See Directory.practice_alone."""
        return practice_of(self._table.get(keys.practice(), consistent=False))

    def providers(self) -> tuple[Practice | None, Sequence[Provider]]:
        """See Directory.providers."""
        directory = self._table.get(keys.directory(), consistent=False)
        return self.one_by_one() if directory is None else unpacked(directory["document"]["B"])

    def one_by_one(self) -> tuple[Practice | None, Sequence[Provider]]:
        """From the items that the directory is made of, where there is none: it is being written, or was too large."""
        partition = keys.practice()[0]
        items: dict[str, Any] = {
            item[keys.SK]["S"]: item
            for item in self._table.query(
                KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": partition}}
            )
        }
        practice = practice_of(items.pop(keys.practice()[1], None))
        found = (provider_of(item) for item in items.values())
        return practice, [provider for provider in found if provider is not None]

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """See Directory.days."""
        return read_days(self._table, provider_id, first, last)

    def days_of_all(self, provider_ids: Sequence[str], first: date, last: date) -> Mapping[str, Days]:
        """See Directory.days_of_all."""
        if not provider_ids:
            return {}
        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(provider_ids))) as pool:
            found = pool.map(lambda provider_id: self.days(provider_id, first, last), provider_ids)
            return dict(zip(provider_ids, found, strict=True))
