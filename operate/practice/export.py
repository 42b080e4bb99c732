"""A practice file of what stands in a table: the way back from domain values to what people write.

Defaults are left out. Comments of an earlier file are not kept, for the table has none of them; nor are services and
locations that no provider has.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from openhour.domain.values import AnswerRules, Block, Location, Override, Practice, Provider, Service
from operate.practice.differences import MINUTES, practice_lines, provider_lines
from operate.practice.errors import PracticeError
from operate.practice.model import HoursPart, LocationPart, OverridePart, Part, PracticePart, ProviderPart, ServicePart
from operate.practice.plan import Stored
from operate.practice.reading import checked, values_of
from operate.practice.source import InOneLine, written_out
from operate.practice.words import clock, day_names, length

_HEAD = """\
# yaml-language-server: $schema=practice.schema.json
#
# Exported from table {table}. Comments are not kept, nor services and locations that no provider has,
# nor the list of known clients, of which the table has no addresses.

"""
_HOUR = 60  # minutes; whole hours and days are written as such
_LONGEST_RANGE = timedelta(days=366)

type Group = dict[str, Any]


def exported(stored: Stored, table: str) -> tuple[str, list[str]]:
    """The text of the file, and in words what of the table it cannot say.

    Raises PracticeError when nothing was ever set up, and PracticeFileError when what stands is no valid practice.
    """
    if stored.practice is None or not stored.providers:
        raise PracticeError(f"table {table} has no practice with providers; nothing was applied to it yet.")
    providers = list(stored.providers.values())
    text = _HEAD.format(table=table) + _spaced(written_out(_document(stored.practice, providers)))
    return text, list(_left_unsaid(stored, text))


def _left_unsaid(stored: Stored, text: str) -> Iterator[str]:
    """How the file differs from the table: settings changed elsewhere so that providers disagree about a service."""
    practice, providers = values_of(checked("the exported file", text))
    if stored.practice is not None:
        yield from practice_lines(stored.practice, practice)
    for provider in providers:
        lines = provider_lines(stored.providers[provider.id], provider)
        yield from (f"provider {provider.id}: {line}" for line in lines)


def _document(practice: Practice, providers: Sequence[Provider]) -> Group:
    services = _agreed([provider.services for provider in providers])
    locations = _agreed([provider.locations for provider in providers])
    return {
        "practice": _practice(practice, _most_common(provider.rules for provider in providers)),
        "locations": [_location(location, practice) for location in locations.values()],
        "services": [_group(ServicePart, service) for service in services.values()],
        "providers": [_provider(provider, practice) for provider in providers],
    }


def _agreed[Entry: (Service, Location)](groups: Sequence[Mapping[str, Entry]]) -> dict[str, Entry]:
    """Every entry once, as most providers have it, in an order that agrees with each provider's own."""
    versions: dict[str, list[Entry]] = {}
    for name, entry in (item for group in groups for item in group.items()):
        versions.setdefault(name, []).append(entry)
    return {name: _most_common(versions[name]) for name in _ordered(groups, versions)}


def _ordered(groups: Iterable[Mapping[str, object]], names: Iterable[str]) -> list[str]:
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
    for group in groups:
        own = list(group)
        for before, after in pairwise(own):
            order.add(after, before)
    try:
        return list(order.static_order())
    except CycleError:  # their orders contradict each other: no file could say both
        return list(names)


def _most_common[Value](found: Iterable[Value]) -> Value:
    return Counter(found).most_common(1)[0][0]


def _practice(practice: Practice, rules: AnswerRules) -> Group:
    group = _group(PracticePart, practice) | _group(PracticePart, rules)
    return _in_order_of(PracticePart, group)


def _location(location: Location, practice: Practice) -> Group:
    return _group(LocationPart, location, time_zone=practice.time_zone)


def _provider(provider: Provider, practice: Practice) -> Group:
    group = _group(ProviderPart, provider, time_zone=practice.time_zone, locale=practice.locale)
    group["services"] = InOneLine(provider.services)
    group["availability"] = [_availability(block, provider) for block in provider.blocks]
    group["overrides"] = [_override(run, provider) for run in _runs(provider.overrides)]
    return _in_order_of(ProviderPart, {name: value for name, value in group.items() if value != []})


def _group(part: type[Part], value: object, **inherited: object) -> Group:
    """The plain fields that the part has too, as they are written, without what it would have by default."""
    names = [item.name for item in fields(value) if item.name in part.model_fields]  # type: ignore[arg-type]
    plain = {name: _plain(name, getattr(value, name)) for name in names}
    defaults = {name: item.default for name, item in part.model_fields.items()} | inherited
    return {
        name: written
        for name, written in plain.items()
        if getattr(value, name) != defaults[name] and written != defaults[name]
    }


def _plain(name: str, value: Any) -> Any:
    """A value as it is written in a file; groups and lists of groups are left to others."""
    if name in MINUTES and value is not None:
        return length(value) if value and value % _HOUR == 0 else value
    if name == "locales":
        return InOneLine(value)
    return str(value) if isinstance(value, str) else value


def _in_order_of(part: type[Part], group: Group) -> Group:
    return {name: group[name] for name in part.model_fields if name in group}


def _availability(block: Block, provider: Provider) -> Group:
    return {"days": _days(block.days)} | _hours(block, provider)


def _days(weekdays: frozenset[int]) -> str | InOneLine:
    names = day_names(weekdays).split(", ")
    return names[0] if len(names) == 1 else InOneLine(names)


def _hours(block: Block, provider: Provider, location: str | None = None) -> Group:
    services = [name for name in provider.services if name in block.services]
    group = {
        "start": clock(block.start),
        "end": clock(block.end),
        "location": None if block.location == location else block.location,
        "forums": _one_or_more(sorted(block.forums)),
        "services": None if len(services) == len(provider.services) else _one_or_more(services),
    }
    return {name: group[name] for name in HoursPart.model_fields if group[name] is not None}


def _one_or_more(names: Sequence[str]) -> str | InOneLine:
    return str(names[0]) if len(names) == 1 else InOneLine(map(str, names))


def _runs(overrides: Sequence[Override]) -> Iterator[list[Override]]:
    """Overrides in their order, those of dates in a row that say the same together."""
    run: list[Override] = []
    for override in overrides:
        if run and not _continues(run, override):
            yield run
            run = []
        run.append(override)
    if run:
        yield run


def _continues(run: Sequence[Override], override: Override) -> bool:
    same = (override.blocks, override.location) == (run[0].blocks, run[0].location)
    return same and override.date - run[-1].date == timedelta(days=1) and override.date - run[0].date <= _LONGEST_RANGE


def _override(run: Sequence[Override], provider: Provider) -> Group:
    first, last = run[0], run[-1]
    group = {
        "date": str(first.date),
        "until": str(last.date) if len(run) > 1 else None,
        "days": _named_days(run, provider) if len(run) > 1 else None,
        "location": first.location,
        "closed": None if first.blocks else True,
        "hours": [_hours(block, provider, first.location) for block in first.blocks] or None,
    }
    return {name: group[name] for name in OverridePart.model_fields if group[name] is not None}


def _named_days(run: Sequence[Override], provider: Provider) -> str | InOneLine | None:
    """The weekdays of a range with hours, where it would not mean all of them anyway."""
    weekdays = frozenset(override.date.isoweekday() for override in run)
    weekly = {day for block in provider.blocks if run[0].location in {None, block.location} for day in block.days}
    return _days(weekdays) if run[0].blocks and not weekdays <= weekly else None


def _spaced(text: str) -> str:
    """A blank line before each section."""
    lines = text.splitlines()
    spaced = (f"\n{line}" if number and not line.startswith((" ", "-")) else line for number, line in enumerate(lines))
    return "\n".join(spaced) + "\n"
