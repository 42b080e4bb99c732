"""What is different between two versions of a practice or a provider, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from openhour.domain.values import Block, Location, Override, Practice, Provider, Service
from operate.practice.words import clock, day_names, length

MINUTES = frozenset(
    {
        "duration",
        "step",
        "buffer_before",
        "buffer_after",
        "min_notice",
        "answer_lead",
        "answer_time",
        "cancellation_notice",
        "client_reminder",
    }
)
_DAYS = frozenset({"horizon_days", "keep_days"})
_NESTED = frozenset({"version", "services", "locations", "blocks", "overrides", "rules"})
_LONGEST_VALUE = 60

type _Place = str | None


def practice_lines(before: Practice | None, after: Practice) -> list[str]:
    """A line for every field of the practice that differs; all fields when there was none before."""
    if before is None:
        return [f"{_label(name)}: {shown(name, value)}" for name, value in values(after) if value is not None]
    return list(_field_lines(before, after))


def provider_lines(before: Provider | None, after: Provider) -> list[str]:
    """A line for everything about the provider that differs; profile and hours when there was none before."""
    if before is None:
        return list(_introduction(after))
    return [
        *_field_lines(before, after),
        *_field_lines(before.rules, after.rules),
        *_entry_lines("service", before.services, after.services),
        *_entry_lines("location", before.locations, after.locations),
        *_block_lines(before.blocks, after.blocks),
        *_override_lines(before.overrides, after.overrides),
    ]


def block_text(block: Block) -> str:
    """A weekly window, such as `mon-thu 09:00-12:30 at quay, in person: session`."""
    return f"{day_names(block.days)} {_hours_text(block)}"


def _introduction(provider: Provider) -> Iterator[str]:
    yield f"{provider.title}, {provider.email}, self_schedule {provider.self_schedule}"
    yield f"services: {', '.join(provider.services)}"
    yield from (f"hours: {block_text(block)}" for block in provider.blocks)
    yield from (f"{days}: {text}" for days, text in _runs(override_texts(provider.overrides)))


def values(item: object) -> Iterator[tuple[str, Any]]:
    """The plain fields of a dataclass with their names, without its version and what has fields of its own."""
    for each in fields(item):  # type: ignore[arg-type]  # every item here is a dataclass
        if each.name not in _NESTED:
            yield each.name, getattr(item, each.name)


def _field_lines(before: object, after: object) -> Iterator[str]:
    for (name, old), (_, new) in zip(values(before), values(after), strict=True):
        if old != new:
            yield f"{_label(name)}: {shown(name, old)} -> {shown(name, new)}"


def _entry_lines[Entry: (Service, Location)](
    word: str, before: Mapping[str, Entry], after: Mapping[str, Entry]
) -> Iterator[str]:
    yield from (f"{word} {name}: added" for name in after if name not in before)
    yield from (f"{word} {name}: removed" for name in before if name not in after)
    for name in before:
        if name in after:
            yield from (f"{word} {name}: {line}" for line in _field_lines(before[name], after[name]))


def _block_lines(before: Iterable[Block], after: Iterable[Block]) -> Iterator[str]:
    old, new = tuple(before), tuple(after)
    yield from (f"hours removed: {block_text(block)}" for block in old if block not in new)
    yield from (f"hours added: {block_text(block)}" for block in new if block not in old)


def _override_lines(before: Iterable[Override], after: Iterable[Override]) -> Iterator[str]:
    old, new = override_texts(before), override_texts(after)
    changed = {key: _change_of_date(old.get(key), new.get(key)) for key in old.keys() | new.keys()}
    yield from (f"{days}: {text}" for days, text in _runs(changed) if text)


def _change_of_date(before: str | None, after: str | None) -> str:
    if before == after:
        return ""
    if before is None:
        return f"{after} (new)"
    return f"{before} -> {after or 'usual hours'}"


def override_texts(overrides: Iterable[Override]) -> dict[tuple[date, _Place], str]:
    """The hours of each date that is replaced, at one place or (None) at all of them."""
    return {(item.date, item.location): "; ".join(map(_hours_text, item.blocks)) or "closed" for item in overrides}


def _runs(texts: Mapping[tuple[date, _Place], str]) -> Iterator[tuple[str, str]]:
    """The texts of dates, those of neighbouring dates that read the same as one: (`2027-07-19 to ...`, text)."""
    ordered = sorted(texts, key=lambda key: (key[1] or "", key[0]))
    numbered = enumerate(ordered)
    groups = groupby(numbered, lambda pair: (pair[1][1], texts[pair[1]], pair[1][0] - timedelta(days=pair[0])))
    runs = [(place, text, [day for _, (day, _) in pairs]) for (place, text, _), pairs in groups]
    for place, text, days in sorted(runs, key=lambda run: run[2][0]):
        span = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
        yield f"{span} at {place}" if place else span, text


def _hours_text(block: Block) -> str:
    forums = " or ".join(sorted(forum.value.replace("_", " ") for forum in block.forums))
    services = ", ".join(sorted(block.services))
    return f"{clock(block.start)}-{clock(block.end)} at {block.location}, {forums}: {services}"


def _label(name: str) -> str:
    return name if name == "self_schedule" else name.replace("_", " ")


def shown(name: str, value: object) -> str:
    """The value of a field in words, shortened to what fits a line."""
    match value:
        case None:
            return "none"
        case tuple():
            return ", ".join(map(str, value))
        case bool():
            return "yes" if value else "no"
        case int():
            return length(value) if name in MINUTES else f"{value} days" if name in _DAYS else str(value)
    text = str(value)
    return f"{text[:_LONGEST_VALUE]}..." if len(text) > _LONGEST_VALUE else text
