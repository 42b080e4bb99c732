"""Whether the directory says what the practice and its providers say, and what mends it.

The items of practice and providers are the truth. The directory repeats them in one item, for those who look up all.
"""

import zlib
from dataclasses import dataclass

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item, Table
from openhour.adapters.dynamodb.directory import practice_of, provider_of
from openhour.adapters.packing import Packed, packed, unpacked
from openhour.application.ports.contention import ContentionError
from openhour.domain.values import Practice, Provider
from operate.repair.differences import Difference, WriteDirectory

_UNREADABLE = (LookupError, TypeError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the items of practice and providers say together."""

    practice: Practice | None
    providers: list[Provider]


def directory_difference(table: Table) -> Difference | None:
    """What is wrong with the directory. Raises ContentionError when somebody wrote it while this was read."""
    before = table.get(keys.directory())
    wrong = _wrong(table, before)
    if _version(table.get(keys.directory())) != _version(before):
        raise ContentionError("DIRECTORY")
    return wrong


def _wrong(table: Table, directory: Item | None) -> Difference | None:
    try:
        told = _told(table)
    except _UNREADABLE:
        remedy = "needs a person's decision: apply the practice's file, or bring its items back from a backup"
        return Difference("", keys.practice(), "the practice or one of its providers cannot be read", remedy)
    wanted = None if told.practice is None else packed(told.practice, told.providers)
    if wanted is None:
        return None if directory is None else _difference(directory, None, "it is of nothing, or of too much")
    if directory is None:
        return _difference(None, wanted, "it is missing")
    if not _says(directory, told):
        return _difference(directory, wanted, "it does not say what the practice and its providers say")
    return None


def _difference(directory: Item | None, wanted: Packed | None, wrong: str) -> Difference:
    remedy = "delete it" if wanted is None else "write it as they say"
    return Difference("", keys.directory(), wrong, remedy, WriteDirectory(_version(directory), wanted))


def _told(table: Table) -> _Told:
    items = table.query(
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": keys.practice()[0]}},
        ConsistentRead=True,
    )
    by_key = {item[keys.SK]["S"]: item for item in items}
    practice = practice_of(by_key.pop(keys.practice()[1], None))
    providers = (provider_of(item) for item in by_key.values())
    return _Told(practice, [provider for provider in providers if provider is not None])


def _says(directory: Item, told: _Told) -> bool:
    """Whether it has these very values; a form that newer code would not write any more is right too."""
    try:
        practice, providers = unpacked(directory["document"]["B"])
    except _UNREADABLE:
        return False
    return (practice, providers) == (told.practice, sorted(told.providers, key=lambda provider: provider.id))


def _version(directory: Item | None) -> str | None:
    return None if directory is None else directory["version"]["S"]
