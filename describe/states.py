"""The life of a request, drawn from its transition table into `docs/states.md`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from describe import ROOT
from openhour.domain.transitions import TABLE, Actor, Guard, Status, Transition

_INTRODUCTION = """# The life of a request

Drawn from the table in `layers/shared/openhour/domain/transitions.py` by `python -m describe`; change the
table, never this page.

A request is **open** while somebody still has to answer it. Open requests have a deadline and keep their time until
then: at that very instant they have expired, whether or not the scheduled job has written it down. Confirmed ones keep
their time for good, all others keep nothing.
"""

_NOTES = """Every row is one transaction: the request with its `version` one higher, day ledgers, event, mails, client's
row. A row that **revises** raises `revision` too, and answer links from before it open nothing any more. A mail is sent
only as long as the request still has the status and the revision that the mail tells of.
"""

# FHIR Appointment.status and iCalendar STATUS (RFC 5545, section 3.8.1.11).
_STANDARDS = {
    **dict.fromkeys((Status.UNVERIFIED, Status.PENDING, Status.OFFERED), ("pending", "TENTATIVE")),
    Status.CONFIRMED: ("booked", "CONFIRMED"),
    **dict.fromkeys(
        (Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN, Status.CANCELLED, Status.REPLACED),
        ("cancelled", "CANCELLED"),
    ),
}


def texts() -> dict[Path, str]:
    """The page as it is written, by where."""
    parts = [_INTRODUCTION, _diagram(), "## Transitions\n", _transitions(), _NOTES, "## Statuses\n", _statuses()]
    return {ROOT / "docs" / "states.md": "\n".join(parts)}


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", *(f"    {arrow}" for arrow in _arrows(TABLE)), "```", ""]
    return "\n".join(lines)


def _arrows(table: Iterable[Transition]) -> Iterator[str]:
    """One arrow between two statuses, with everything that leads along it."""
    labels: dict[tuple[str, str], list[str]] = {}
    for row in table:
        labels.setdefault((row.source or "[*]", row.target), []).append(_label(row))
    for (source, target), several in labels.items():
        yield f"{source} --> {target}: {' / '.join(dict.fromkeys(several))}"
    left = {row.source for row in table}
    yield from (f"{status} --> [*]" for status in Status if status not in left)


def _label(row: Transition) -> str:
    return _words(row.action) if row.actor is Actor.SYSTEM else f"{row.actor} {_third_person(_words(row.action))}"


def _third_person(verb: str) -> str:
    first, _, rest = verb.partition(" ")
    return " ".join(filter(None, (_inflected(first), rest)))


def _inflected(verb: str) -> str:
    if verb.endswith("y"):
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _transitions() -> str:
    head = ("From", "Who does what", "When", "To", "Event", "Mails", "Revises")
    return _table(head, (_row(row) for row in TABLE))


def _row(row: Transition) -> tuple[str, ...]:
    return (
        f"`{row.source}`" if row.source else "",
        f"{row.actor} {_third_person(_words(row.action))}",
        "" if row.guard is Guard.NONE else row.guard.value,
        f"`{row.target}`",
        f"`{row.event}`",
        ", ".join(f"{_words(kind)} → {reader}" for reader, kind in row.mails),
        "yes" if row.revises else "",
    )


def _statuses() -> str:
    head = ("Status", "Open", "Keeps its time", "FHIR Appointment", "iCalendar")
    return _table(head, (_status(status) for status in Status))


def _status(status: Status) -> tuple[str, ...]:
    fhir, icalendar = _STANDARDS[status]
    keeps = "until the deadline" if status.is_open else "yes" if status.keeps_time else ""
    return (f"`{status}`", "yes" if status.is_open else "", keeps, f"`{fhir}`", icalendar)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
