"""Compares everything, makes sure of each difference, reports it, and mends it where that is asked for."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item
from openhour.application.attempts import ATTEMPTS, persistently
from openhour.application.errors import TryAgainLaterError
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import ContentionError, Pause
from openhour.domain.requests import Request
from operate.repair.comparing import differences
from operate.repair.differences import Difference
from operate.repair.standing import REQUESTS, Standing, standing_of
from operate.repair.table import RepairTable, Suspect, suspect_of

_ITEMS_BETWEEN_NEWS = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many requests were compared, how many differences were found, how many of them are left or can be mended.

    `busy` counts the requests that moved on whenever they were looked at again.
    """

    requests: int = 0
    found: int = 0
    left: int = 0
    mendable: int = 0
    busy: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """Both together."""
        return Outcome(
            self.requests + other.requests,
            self.found + other.found,
            self.left + other.left,
            self.mendable + other.mendable,
            self.busy + other.busy,
        )

    @property
    def is_well(self) -> bool:
        """Whether nothing differs, or nothing any more."""
        return not self.left and not self.busy


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it stands, None when it is gone, and what differs about it."""

    request: Request | None
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Repairing:
    """The command with its ports; `say` takes the lines of the report, `progress` how far it is."""

    table: RepairTable
    clock: Clock
    pause: Pause
    say: Callable[[str], None]
    progress: Callable[[str], None] = lambda _: None

    def run(self, *, fix: bool) -> Outcome:
        """Report every difference, one line each, and with `fix` mend those that can be. Raises CloudError."""
        whole = standing_of(self._counted(self.table.everything()))
        suspects = self._suspects(whole)
        outcome = Outcome(len(whole.requests))
        for number, suspect in enumerate(suspects, 1):
            self.progress(f"looking again at request {number} of {len(suspects)} that something differs about")
            outcome += self._see_to(suspect, fix=fix)
        return outcome + self._see_to_directory(fix=fix)

    def _see_to_directory(self, *, fix: bool) -> Outcome:
        try:
            found = left = persistently(self.table.directory_difference, self.pause)
            if fix and found is not None and found.mend is not None:
                left = persistently(self._directory_mended, self.pause)
        except TryAgainLaterError:
            self.say(f"{' '.join(keys.directory())}: it changes whenever it is looked at; run the command again")
            return Outcome(left=1, found=1)
        if found is None:
            return Outcome()
        self.say(_line(found, fix=fix, is_left=left is not None))
        return Outcome(found=1, left=int(left is not None), mendable=int(found.mend is not None))

    def _directory_mended(self) -> Difference | None:
        """Mend what is wrong now, if anything still is; what is left. Raises ContentionError."""
        found = self.table.directory_difference()
        if found is not None and found.mend is not None:
            self.table.mend(None, found.mend)
        return self.table.directory_difference()

    def _counted(self, items: Iterable[Item]) -> Iterator[Item]:
        for number, item in enumerate(items, 1):
            if number % _ITEMS_BETWEEN_NEWS == 0:
                self.progress(f"{number} items read")
            yield item

    def _suspects(self, whole: Standing) -> list[Suspect]:
        by_request: dict[str, list[Difference]] = {}
        for difference in differences(whole, self.clock.now()):
            by_request.setdefault(difference.request, []).append(difference)
        return [suspect_of(whole, request_id, found) for request_id, found in by_request.items()]

    def _see_to(self, suspect: Suspect, *, fix: bool) -> Outcome:
        try:
            seen = self._see_again(suspect)
        except TryAgainLaterError:
            self.say(f"{REQUESTS}{suspect.request}: it changes whenever it is looked at; run the command again")
            return Outcome(busy=1)
        left = (self._mended(suspect, seen) if fix else seen).differences
        gone = [each for each in seen.differences if not any(each.is_same(other) for other in left)]
        found = [*gone, *left]
        for difference in found:
            self.say(_line(difference, fix=fix, is_left=difference in left))
        mendable = sum(difference.mend is not None for difference in found)
        return Outcome(found=len(found), left=len(left), mendable=mendable)

    def _see_again(self, suspect: Suspect) -> Seen:
        """The differences that are there when a request is read in one moment. Raises TryAgainLaterError."""

        def attempt() -> Seen:
            standing = self.table.look(suspect)
            found = differences(standing, self.clock.now())
            stored = standing.requests.get(suspect.request)
            return Seen(
                None if stored is None else stored.request, [each for each in found if each.request == suspect.request]
            )

        return persistently(attempt, self.pause)

    def _mended(self, suspect: Suspect, seen: Seen) -> Seen:
        """Mend one difference after another, looking again each time; what is left."""
        for attempt in range(1, len(seen.differences) + ATTEMPTS):
            mend = next((each.mend for each in seen.differences if each.mend), None)
            if mend is None or seen.request is None:
                break
            try:
                self.table.mend(seen.request, mend)
            except ContentionError:
                self.pause(attempt)
            try:
                seen = self._see_again(suspect)
            except TryAgainLaterError:
                break
        return seen


def _line(difference: Difference, *, fix: bool, is_left: bool) -> str:
    """The key, what is wrong with it, and what would be or was done."""
    done = difference.remedy
    if difference.mend is not None:
        done = f"done: {done}" if not is_left else f"--fix would {done}"
        if fix and is_left:
            done = "not mended, because it keeps changing: run the command again"
    elif not is_left:
        done = "gone meanwhile"
    return f"{' '.join(difference.key)}: {difference.wrong}; {done}"
