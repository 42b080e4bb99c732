"""The practice's own list of clients: a text file with one address a line, of which the table keeps keyed hashes.

Nothing here shows an address: what is told names lines of the file.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from openhour.adapters import keys
from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.characters import one_line
from openhour.adapters.written.deliverable import AddressError
from openhour.application.ports.identity import Identity
from operate.aws import aws_errors
from operate.errors import CloudError
from operate.practice.conflicts import Conflict
from operate.practice.errors import PracticeFileError, Problem

if TYPE_CHECKING:
    from types_boto3_dynamodb.service_resource import Table

PATH = ("practice", "known_clients_file")
_CLIENTS_OF_A_TRANSACTION = 50  # two items each; DynamoDB takes 100
_READ_AT_ONCE = 100
_COMMENT = re.compile(r"(^|\s)#.*")

type Lines = Mapping[str, int]
"""Addresses, each with the first line (from 1) that it stands on."""


def read_addresses(path: Path) -> Lines:
    """The addresses of a list; empty lines and what follows a `#` are passed over.

    A `#` within an address is part of it. Raises PracticeFileError with every line that is no address.
    """
    addresses: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        written = _COMMENT.sub("", one_line(line))
        try:
            if written:
                addresses.setdefault(read_address(written), number)
        except AddressError:
            problems.append(Problem((), "is not one email address such as jo@example.org", number))
    if problems:
        raise PracticeFileError(str(path), problems)
    return addresses


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PracticeFileError(str(path), [Problem((), f"is not UTF-8 text (byte {error.start})")]) from error
    except OSError as error:
        raise PracticeFileError(str(path), [Problem((), f"cannot be read: {error.strerror}")]) from error


@dataclass(frozen=True, slots=True)
class ClientChanges:
    """What applying a list does: ids of clients to add and to remove. `conflicts` were removed elsewhere."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    stays: int = 0
    conflicts: tuple[Conflict, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def line(self) -> str:
        """How many there are of each: `3 added, 1 removed, 40 stay`."""
        return f"{len(self.added)} added, {len(self.removed)} removed, {self.stays} stay"


class KnownClients:
    """The known clients in a table, by their ids."""

    def __init__(self, table: "Table", identity: Identity) -> None:
        """`identity` is that of the stack which the table belongs to."""
        self._table = table
        self._identity = identity

    def plan(self, addresses: Lines) -> ClientChanges:
        """What it takes for exactly these clients to be known. Raises CloudError."""
        wanted = {self._identity.client_id(address): line for address, line in addresses.items()}
        applied = self._applied()
        standing = self._standing({*wanted, *applied})
        return ClientChanges(
            added=tuple(sorted(wanted.keys() - (standing & applied))),
            removed=tuple(sorted(applied - wanted.keys())),
            stays=len(wanted.keys() & standing & applied),
            conflicts=tuple(
                Conflict((*PATH, f"line {line}"), "listed", "removed elsewhere", "listed")
                for client, line in wanted.items()
                if client in applied - standing
            ),
        )

    def add(self, clients: Iterable[str]) -> None:
        """Make these known; whoever is already, stays it. Raises CloudError."""
        self._write(clients, lambda key: {"Put": {"TableName": self._table.name, "Item": key}})

    def remove(self, clients: Iterable[str]) -> None:
        """Make these unknown. Raises CloudError."""
        self._write(clients, lambda key: {"Delete": {"TableName": self._table.name, "Key": key}})

    def _write(self, clients: Iterable[str], action: Callable[[dict[str, str]], Any]) -> None:
        """Each client's two items together, so that the record of the list never lies."""
        for some in batched(clients, _CLIENTS_OF_A_TRANSACTION, strict=False):
            both = (key for client in some for key in (keys.known_client(client), keys.applied_client(client)))
            self._transact([action(_named(key)) for key in both])

    def _transact(self, actions: Sequence[Any]) -> None:
        client = self._table.meta.client
        try:
            with aws_errors(f"table {self._table.name}"):
                client.transact_write_items(TransactItems=actions)
        except client.exceptions.TransactionCanceledException as error:
            raise CloudError("known clients are being changed by somebody else. Run the command again.") from error

    def _applied(self) -> set[str]:
        """Whom the list named when it was last applied."""
        partition, prefix = keys.applied_client("")
        found: set[str] = set()
        pages: dict[str, Any] = {"KeyConditionExpression": Key(keys.PK).eq(partition), "ConsistentRead": True}
        while True:
            with aws_errors(f"table {self._table.name}"):
                answer = self._table.query(**pages)
            found |= {str(item[keys.SK]).removeprefix(prefix) for item in answer["Items"]}
            if "LastEvaluatedKey" not in answer:
                return found
            pages["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _standing(self, clients: Iterable[str]) -> set[str]:
        """Who of them is known now."""
        found: set[str] = set()
        for some in batched(sorted(clients), _READ_AT_ONCE, strict=False):
            found |= self._standing_of(some)
        return found

    def _standing_of(self, clients: Sequence[str]) -> set[str]:
        by_key = {keys.known_client(client): client for client in clients}
        left: Any = {self._table.name: {"Keys": [_named(key) for key in by_key], "ConsistentRead": True}}
        found: set[str] = set()
        while left:
            with aws_errors(f"table {self._table.name}"):
                answer = self._table.meta.client.batch_get_item(RequestItems=left)
            items = answer["Responses"].get(self._table.name, [])
            found |= {by_key[str(item[keys.PK]), str(item[keys.SK])] for item in items}
            left = answer.get("UnprocessedKeys")
        return found


def _named(key: keys.Key) -> dict[str, str]:
    return dict(zip((keys.PK, keys.SK), key, strict=True))
