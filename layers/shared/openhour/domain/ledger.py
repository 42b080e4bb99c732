"""What keeps a provider's time: the entries of day ledgers, and time that other calendars say is busy.

Minutes are UTC epoch minutes (`minute_of`); deadlines are UTC epoch seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from openhour.domain.values import Forum


def minute_of(instant: datetime) -> int:
    """The UTC epoch minute of an aware instant, rounded down."""
    return int(instant.timestamp()) // 60


def instant_of(minute: int) -> datetime:
    """The aware UTC instant of an epoch minute."""
    return datetime.fromtimestamp(minute * 60, UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One time that a request keeps: its hold while open, its appointment once confirmed.

    `id` is the request's id, or `<request>.<n>` for the nth other time a provider offered. `deadline` (UTC epoch
    seconds) is set while the request is open; at that instant the entry has lapsed. `local_date` is the start's
    date in the provider's zone, ISO format: daily limits count by it. `replaces` is the request that this one
    would take the place of; the two count once. `location` (an id) and `forum` say where; entries that were written
    before ledgers said it have neither.
    """

    id: str
    request: str
    service: str
    start: int
    end: int
    buffer_before: int
    buffer_after: int
    local_date: str
    deadline: int | None = None
    replaces: str | None = None
    location: str | None = None
    forum: Forum | None = None

    def live(self, now_second: int) -> bool:
        """Whether it still keeps its time: confirmed, or open with its deadline ahead."""
        return self.deadline is None or now_second < self.deadline


@dataclass(frozen=True, slots=True)
class DayLedger:
    """The entries of one provider that start on one UTC date. Version 0 means that nothing was ever written."""

    day: date
    version: int = 0
    entries: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Days:
    """A provider's time over some UTC dates: ledgers, and external busy times as (start, end) epoch minutes."""

    ledgers: Mapping[date, DayLedger] = field(default_factory=dict)
    external: tuple[tuple[int, int], ...] = ()

    def ledger(self, day: date) -> DayLedger:
        """The ledger of a UTC date; an empty one of version 0 when none was written yet."""
        return self.ledgers.get(day) or DayLedger(day)

    def live_entries(self, now_second: int, ignoring: Iterable[str] = ()) -> list[Entry]:
        """Entries that keep their time at `now_second`, without those of the requests in `ignoring`."""
        left_out = frozenset(ignoring)
        return [
            entry
            for ledger in self.ledgers.values()
            for entry in ledger.entries.values()
            if entry.live(now_second) and entry.request not in left_out
        ]
