"""Bring a table to what a file says: show the changes, see to those who have a time already, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhour.domain.values import Practice, Provider
from practice.errors import PracticeError
from practice.plan import Change, Kind, counted, plan
from practice.standing import Consequences, consequences, orphan_lines
from practice.table import PracticeTable


@dataclass(frozen=True, slots=True)
class Options:
    """How to apply: write nothing, leave appointments without their provider, write more than fits one transaction."""

    dry_run: bool = False
    allow_orphans: bool = False
    in_parts: bool = False


class OrphansError(PracticeError):
    """Providers that would be removed have appointments or open requests. `lines` lists them by date."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        super().__init__(
            "\n".join(lines) + "\nCancel or move these first, or keep the provider with `self_schedule: off`. "
            "With --allow-orphans the provider is removed and they stand without one."
        )


@dataclass(frozen=True, slots=True)
class Applying:
    """One application of a file to a table. `say` prints a line, `confirm` asks a question, `now` is aware."""

    table: PracticeTable
    say: Callable[[str], None]
    confirm: Callable[[str], bool]
    now: Callable[[], datetime]

    def run(self, practice: Practice, providers: Sequence[Provider], options: Options) -> bool:
        """Apply; True unless the person said no. Raises PracticeError, and then nothing was written.

        The one exception to that is PartlyWrittenError, which says how much was.
        """
        stored = self.table.stored()
        changes = plan(stored, practice, providers)
        if not changes:
            self.say(f"Table {self.table.name} is up to date: nothing to change.")
            return True
        self._show(changes)
        standing = self.table.standing(_touched(changes), self.now())
        self._see_to(consequences(stored.providers, providers, standing), options)
        if options.dry_run:
            self.say("Dry run: nothing was written.")
            return True
        return self._write(changes, options)

    def _show(self, changes: Sequence[Change]) -> None:
        self.say(f"Changes to table {self.table.name}:")
        for labels, change in _alike(changes):
            for label in labels:
                self.say(f"{change.kind} {label}")
            for line in change.lines or _without_lines(change):
                self.say(f"    {line}")
        self.say(f"{counted(changes)}.")

    def _see_to(self, effects: Consequences, options: Options) -> None:
        for note in effects.notes:
            self.say(f"Note: {note}")
        if effects.orphans and not options.allow_orphans:
            raise OrphansError(effects.orphans)
        for line in effects.orphans:
            self.say(f"Note: {line}")

    def _write(self, changes: Sequence[Change], options: Options) -> bool:
        if not self.confirm(f"Write these changes to table {self.table.name}?"):
            self.say("Nothing was written.")
            return False
        self.table.write(changes, in_parts=options.in_parts)
        self.say("Written.")
        if not options.allow_orphans:
            self._look_again([change for change in changes if change.kind is Kind.REMOVE])
        return True

    def _look_again(self, removals: Sequence[Change]) -> None:
        """A request may have come in between the look at the ledgers and the removal: then say so."""
        standing = self.table.standing(_touched(removals), self.now())
        for line in (line for provider_id in standing for line in orphan_lines(provider_id, standing)):
            self.say(f"Attention, this came in while the changes were written: {line}")


def _touched(changes: Sequence[Change]) -> list[str]:
    """The ids of providers that were there before and are changed or removed."""
    return [change.provider_id for change in changes if change.provider_id and change.version is not None]


def _alike(changes: Sequence[Change]) -> list[tuple[list[str], Change]]:
    """Changes that read the same, told once: a new price may touch every provider."""
    alike: dict[tuple[Kind, tuple[str, ...]], tuple[list[str], Change]] = {}
    for change in changes:
        alike.setdefault((change.kind, change.lines), ([], change))[0].append(change.label)
    return list(alike.values())


def _without_lines(change: Change) -> tuple[str, ...]:
    return ("stored in a new form, nothing else changes",) if change.kind is Kind.CHANGE else ()
