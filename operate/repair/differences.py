"""A difference between two places of the table, and what mends it. Ids only: nothing here names a person."""

from dataclasses import dataclass
from datetime import datetime

from openhour.adapters import keys
from openhour.adapters.packing import Packed
from openhour.domain.agenda import Agenda
from openhour.domain.booking import LedgerChange
from openhour.domain.requests import Mail, Request
from operate.repair.standing import StoredMail


@dataclass(frozen=True, slots=True)
class WriteLedgers:
    """Write a provider's ledgers as they should be."""

    provider: str
    change: LedgerChange


@dataclass(frozen=True, slots=True)
class PutRow:
    """Write the request's row in its client's list."""

    request: Request


@dataclass(frozen=True, slots=True)
class DropRow:
    """Delete a row of a client's list."""

    key: keys.Key


@dataclass(frozen=True, slots=True)
class NoteOpen:
    """Write a client's `OPEN` item, which has the version `seen`, as it should be."""

    client: str
    seen: int
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """Give a request's item what it should have for the indexes of overdue and of kept requests, and nothing else."""


@dataclass(frozen=True, slots=True)
class OweMail:
    """Write the row of a mail that is owed and not there."""

    mail: Mail


@dataclass(frozen=True, slots=True)
class PublishMail:
    """Put an unsent mail into the index of unsent ones, to be published at `publish_at` (UTC).

    `take_back` ends the lease of a sender that is long gone.
    """

    seen: StoredMail
    publish_at: datetime
    take_back: bool


@dataclass(frozen=True, slots=True)
class SettleMail:
    """Take a mail that is settled out of the index of unsent ones."""

    seen: StoredMail


@dataclass(frozen=True, slots=True)
class SupersedeMail:
    """Settle a mail that nobody is to get any more."""

    seen: StoredMail


@dataclass(frozen=True, slots=True)
class WriteDirectory:
    """Write the directory over the one of version `seen`; None for `wanted` deletes it, None for `seen` adds it."""

    seen: str | None
    wanted: Packed | None


type Mend = (
    WriteLedgers
    | PutRow
    | DropRow
    | NoteOpen
    | IndexRequest
    | OweMail
    | PublishMail
    | SettleMail
    | SupersedeMail
    | WriteDirectory
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is wrong with the item of a key, and what would be done about it.

    `request` is the id of the request it is seen from (empty for an item that cannot be read), `others` are those that
    it cannot be seen without. Without a `mend`, `remedy` says why nothing is written, or what a person has to decide.
    """

    request: str
    key: keys.Key
    wrong: str
    remedy: str
    mend: Mend | None = None
    others: tuple[str, ...] = ()

    def is_same(self, other: "Difference") -> bool:
        """Whether both say the same of the same item."""
        return (self.request, self.key, self.wrong) == (other.request, other.key, other.wrong)
