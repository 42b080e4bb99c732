"""What a step writes to the day ledgers, and which ledgers must not have changed meanwhile.

Two requests of one provider overlap only if both are written without seeing each other. Every step therefore writes
the ledgers of the dates its times start on, and checks the version of each neighbour its times could touch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openhour.domain.ledger import DayLedger, Days, Entry, minute_of
from openhour.domain.requests import Request, Step
from openhour.domain.transitions import Status
from openhour.domain.values import LONGEST_BUFFER, LONGEST_SESSION


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """`writes` carry the version they will have, `checks` the version that was seen (0: nothing there)."""

    writes: tuple[DayLedger, ...]
    checks: tuple[DayLedger, ...]


def entries_of(request: Request | None) -> tuple[Entry, ...]:
    """The times a request keeps: its own, or those offered in its place."""
    if request is None or not request.status.keeps_time:
        return ()
    if request.status is Status.OFFERED:
        return tuple(_entry(request, start, number) for number, start in enumerate(request.offered, start=1))
    return (_entry(request, request.start, 0),)


def _entry(request: Request, start: datetime, number: int) -> Entry:
    first = minute_of(start)
    service = request.service
    return Entry(
        id=f"{request.id}.{number}" if number else request.id,
        request=request.id,
        service=service.id,
        start=first,
        end=first + service.duration,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        local_date=start.astimezone(ZoneInfo(request.provider.time_zone)).date().isoformat(),
        deadline=None if request.deadline is None else int(request.deadline.timestamp()),
        replaces=request.replaces,
        location=request.location.id,
        forum=request.forum,
    )


def day_of(entry: Entry) -> date:
    """The UTC date whose ledger holds the entry."""
    return datetime.fromtimestamp(entry.start * 60, UTC).date()


def window(day: date) -> tuple[date, date]:
    """The UTC dates to read for a time that starts on `day`: no time reaches further than a day."""
    return day - timedelta(days=1), day + timedelta(days=1)


def ledger_change(
    before: Request | None, after: Request, days: Days, now: datetime, beside: Step | None = None
) -> LedgerChange:
    """What writing the step from `before` to `after` does to the ledgers in `days`; lapsed entries are pruned.

    `beside` is the step of another request that gives up its time in the same transaction.
    """
    wanted = entries_of(after)
    given_up = beside.before if beside else None
    gone = {after.id} if given_up is None else {after.id, given_up.id}
    touched = sorted({day_of(entry) for entry in (*entries_of(before), *entries_of(given_up), *wanted)})
    writes = tuple(_rewritten(days.ledger(day), gone, wanted, int(now.timestamp())) for day in touched)
    near = {day for entry in wanted for day in _reach(entry, after.provider.time_zone)}
    return LedgerChange(writes, tuple(days.ledger(day) for day in sorted(near.difference(touched))))


def _rewritten(ledger: DayLedger, gone: set[str], wanted: tuple[Entry, ...], now_second: int) -> DayLedger:
    kept = {
        entry.id: entry for entry in ledger.entries.values() if entry.request not in gone and entry.live(now_second)
    }
    own = {entry.id: entry for entry in wanted if day_of(entry) == ledger.day}
    return DayLedger(ledger.day, ledger.version + 1, kept | own)


def _reach(entry: Entry, time_zone: str) -> Iterator[date]:
    """The UTC dates that hold what could overlap the entry, and what counts on its local date."""
    local = date.fromisoformat(entry.local_date)
    midnight, next_midnight = (
        minute_of(datetime.combine(day, time(), ZoneInfo(time_zone))) for day in (local, local + timedelta(days=1))
    )
    first = min(entry.start - LONGEST_SESSION - LONGEST_BUFFER, midnight)
    last = max(entry.end + LONGEST_BUFFER, next_midnight) - 1
    day = datetime.fromtimestamp(first * 60, UTC).date()
    while day <= datetime.fromtimestamp(last * 60, UTC).date():
        yield day
        day += timedelta(days=1)
