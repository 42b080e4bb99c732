"""Bring a table to what a file says: show the changes, see to those who have a time already, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from openhour.domain.values import Practice, Provider
from operate.errors import OperatorError
from operate.practice.clients import ClientChanges, KnownClients, Lines
from operate.practice.conflicts import Conflict, ConflictsError, conflicts
from operate.practice.leaving import Departing, Farewell
from operate.practice.plan import Change, DirectoryChange, Kind, Stored, counted, directory_change, plan, visible
from operate.practice.standing import Departure
from operate.practice.table import PracticeTable


@dataclass(frozen=True, slots=True)
class Options:
    """How to apply: write nothing, write more than fits one transaction, what to do with those who have a time.

    `overwrite` are the paths at and below which the file wins over what was changed elsewhere; the empty one is all.
    """

    dry_run: bool = False
    in_parts: bool = False
    overwrite: tuple[str, ...] = ()
    farewell: Farewell = field(default_factory=Farewell)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file says. Without a list of `clients`, those who are known stay it."""

    practice: Practice
    providers: Sequence[Provider]
    clients: Lines | None = None


@dataclass(frozen=True, slots=True)
class Applying:
    """One application of a file to a table. `say` prints a line, `confirm` asks a question."""

    table: PracticeTable
    departing: Departing
    say: Callable[[str], None]
    confirm: Callable[[str], bool]
    known_clients: KnownClients | None = None

    def run(self, wanted: Wanted, options: Options) -> bool:
        """Apply; True unless the person said no. Raises PracticeError, and then no setting was written.

        The one exception to that is PartlyWrittenError, which says how much was.
        """
        stored = self.table.stored()
        changes = plan(stored, wanted.practice, wanted.providers)
        directory = directory_change(stored, wanted.practice, wanted.providers)
        clients = self._clients(wanted)
        if not visible(changes) and not clients:
            return self._note_as_applied(changes, directory, options)
        self._show(visible(changes), clients)
        self._weigh([*conflicts(stored, wanted.practice, wanted.providers), *clients.conflicts], options)
        found = self.departing.look(stored.providers, wanted.providers)
        self.departing.check(found, options.farewell)
        for note in self.departing.notes(found, options.farewell):
            self.say(f"Note: {note}")
        if options.dry_run:
            self.say("Dry run: nothing was written.")
            return True
        if not self.confirm(f"Write these changes to table {self.table.name}?"):
            self.say("Nothing was written.")
            return False
        self._write(stored, wanted, changes, directory, clients, options)
        return True

    def _clients(self, wanted: Wanted) -> ClientChanges:
        if self.known_clients is None or wanted.clients is None:
            return ClientChanges()
        return self.known_clients.plan(wanted.clients)

    def _note_as_applied(self, changes: Sequence[Change], directory: DirectoryChange, options: Options) -> bool:
        """Nothing is different: at most it is new that the file, or the directory, says so too."""
        self.say(f"Table {self.table.name} is up to date: nothing to change.")
        if (changes or directory.is_due) and not options.dry_run:
            self.table.write(changes, directory, in_parts=True)
        return True

    def _show(self, changes: Sequence[Change], clients: ClientChanges) -> None:
        self.say(f"Changes to table {self.table.name}:")
        for labels, change in _alike(changes):
            for label in labels:
                self.say(f"{change.kind} {label}")
            for line in change.lines or _without_lines(change):
                self.say(f"    {line}")
        if clients:
            self.say(f"{Kind.CHANGE} known clients: {clients.line}")
        if changes:
            self.say(f"{counted(changes)}.")

    def _weigh(self, found: Sequence[Conflict], options: Options) -> None:
        """Tell what was changed elsewhere and is overwritten. Raises ConflictsError when that is not wanted."""
        if refused := [conflict for conflict in found if not conflict.covered_by(options.overwrite)]:
            raise ConflictsError(refused)
        for line in (line for conflict in found for line in conflict.lines()):
            self.say(f"Overwritten: {line}")

    def _write(
        self,
        stored: Stored,
        wanted: Wanted,
        changes: Sequence[Change],
        directory: DirectoryChange,
        clients: ClientChanges,
        options: Options,
    ) -> None:
        self.table.check_fits(changes, in_parts=options.in_parts)
        self.table.check_unchanged(changes, directory)
        self._settle(self.departing.look(stored.providers, wanted.providers), options.farewell)
        self.departing.check(self.departing.look(stored.providers, wanted.providers), options.farewell)
        self._write_clients(clients.added, KnownClients.add)  # before a setting that locks out whoever is not listed
        self.table.write(changes, directory, in_parts=options.in_parts)
        self._write_clients(clients.removed, KnownClients.remove)
        self.say("Written.")
        self._look_again(stored, wanted, options.farewell)

    def _write_clients(self, ids: Sequence[str], write: Callable[[KnownClients, Sequence[str]], None]) -> None:
        if self.known_clients is not None and ids:
            write(self.known_clients, ids)

    def _settle(self, found: Sequence[Departure], farewell: Farewell) -> None:
        """Before anything is written: whoever runs the command again after a failure finds the rest still there."""
        if told := self.departing.settle(found, farewell):
            self.say(told)

    def _look_again(self, stored: Stored, wanted: Wanted, farewell: Farewell) -> None:
        """A request may have come in between the look at the ledgers and the writing: see to it, or say so."""
        late = self.departing.look(stored.providers, wanted.providers)
        try:
            self._settle(late, farewell)
        except OperatorError as error:
            self.say(f"Attention: {error}")
        for departure in self.departing.look(stored.providers, wanted.providers):
            if part := departure.only(farewell.forbidding | farewell.ended):
                for line in part.lines:
                    self.say(f"Attention, this came in while the changes were written: {line}")


def _alike(changes: Sequence[Change]) -> list[tuple[list[str], Change]]:
    """Changes that read the same, told once: a new price may touch every provider."""
    alike: dict[tuple[Kind, tuple[str, ...]], tuple[list[str], Change]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.lines), ([], change))[0].append(change.label)
    return list(alike.values())


def _without_lines(change: Change) -> tuple[str, ...]:
    return ("stored in a new form, nothing else changes",) if change.kind is Kind.CHANGE else ()
