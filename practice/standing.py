"""Appointments and open requests that a change would leave behind. Dates and numbers only, no personal data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openhour.domain.ledger import Entry
from openhour.domain.values import Provider

type Standing = Mapping[str, Sequence[Entry]]
"""Live entries that have not ended yet, by the id of their provider."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a plan does to people who have a time already: `orphans` forbid it, `notes` are to be read."""

    orphans: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def consequences(before: Mapping[str, Provider], after: Iterable[Provider], standing: Standing) -> Consequences:
    """Who would be left without a provider, and which services and locations in use would go."""
    wanted = {provider.id: provider for provider in after}
    removed = [before[name] for name in before if name not in wanted]
    kept = [(before[name], wanted[name]) for name in before if name in wanted]
    return Consequences(
        orphans=tuple(line for provider in removed for line in orphan_lines(provider.id, standing)),
        notes=tuple(line for old, new in kept for line in _notes(old, new, standing.get(new.id, ()))),
    )


def orphan_lines(provider_id: str, standing: Standing) -> Iterator[str]:
    """The times of a provider, counted by date: a line for the provider and one for each of its dates."""
    entries = standing.get(provider_id, ())
    if entries:
        yield f"provider {provider_id} still has {_counted(entries)}:"
    for day in sorted({entry.local_date for entry in entries}):
        yield f"    {day}: {_counted([entry for entry in entries if entry.local_date == day])}"


def _notes(before: Provider, after: Provider, entries: Sequence[Entry]) -> Iterator[str]:
    for service in before.services.keys() - after.services.keys():
        if used := [entry for entry in entries if entry.service == service]:
            yield f"provider {after.id}: service {service} goes, but {_counted(used)} for it stand as they are."
    for location in sorted(before.locations.keys() - after.locations.keys()):
        if entries:
            yield (
                f"provider {after.id}: location {location} goes, but {_counted(entries)} stand as they are, "
                "some of them perhaps there."
            )


def _counted(entries: Sequence[Entry]) -> str:
    """`2 appointments and 1 open request`; the times that one request holds count once."""
    confirmed = {entry.request: entry.deadline is None for entry in entries}
    counts = Counter(confirmed.values())
    parts = [_number(counts[True], "appointment"), _number(counts[False], "open request")]
    return " and ".join(part for part in parts if part)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' if count > 1 else ''}" if count else ""
