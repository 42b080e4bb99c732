"""Whether the parts of a file fit together: names that lead somewhere, and no two entries for the same thing.

The first half looks at the raw data, so that one misspelt value does not hide a wrong reference elsewhere.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from operate.practice.errors import Path, Problem
from operate.practice.model import OverridePart, ProviderPart
from operate.practice.words import guess

type Group = dict[str, Any]


def reference_problems(data: Any) -> Iterator[Problem]:
    """Repeated ids, and services and locations that are named but not there. Passes over what has another shape."""
    for section in ("locations", "services", "providers"):
        yield from _repeated_ids(_groups(data, (section,)))
    services, locations = _ids(data, "services"), _ids(data, "locations")
    for path, provider in _groups(data, ("providers",)):
        yield from _unknown(provider, (*path, "services"), services, "services")
        offered = [name for _, name in _names(provider, path, "services")]
        for hours_path, hours in _hours(path, provider):
            yield from _unknown(hours, (*hours_path, "location"), locations, "locations")
            yield from _not_offered(hours, hours_path, services, offered)
        yield from _override_locations(path, provider, locations)


def schedule_problems(path: Path, provider: ProviderPart) -> Iterator[Problem]:
    """Weekly hours that stand twice, and overrides that contradict themselves or each other."""
    for position, block in enumerate(provider.availability):
        if (first := provider.availability.index(block)) < position:
            yield Problem((*path, "availability", position), f"is the same as availability[{first}]; remove one")
    for position, override in enumerate(provider.overrides):
        if override.closed == bool(override.hours):
            yield Problem((*path, "overrides", position), "needs either `closed: true` or `hours`, and not both")
        elif not dates_of(override, provider):
            yield Problem((*path, "overrides", position), _meaning_nothing(override))
    yield from _colliding_overrides(path, provider)


def dates_of(override: OverridePart, provider: ProviderPart) -> list[date]:
    """Every date that the override replaces, in order.

    A range of hours is never meant for weekdays without any, unless it names them.
    """
    length = ((override.until or override.date) - override.date).days
    dates = [override.date + timedelta(days=offset) for offset in range(length + 1)]
    weekdays = override.days
    if weekdays is None and override.until is not None and override.hours:
        weekdays = weekdays_with_hours(provider, override.location)
    return dates if weekdays is None else [day for day in dates if day.isoweekday() in weekdays]


def weekdays_with_hours(provider: ProviderPart, location: str | None) -> frozenset[int]:
    """The ISO weekdays with weekly hours at a location, or anywhere."""
    blocks = [block for block in provider.availability if location in {None, block.location}]
    return frozenset(day for block in blocks for day in block.days)


def _meaning_nothing(override: OverridePart) -> str:
    if override.days is not None:
        return "none of these dates falls on one of its days"
    return "none of these dates has weekly hours that it could replace; name the weekdays with days"


def _groups(parent: Any, path: Path) -> list[tuple[Path, Group]]:
    """The groups of keys in the list under the last part of `path`, each with its path."""
    entries = parent.get(path[-1]) if isinstance(parent, dict) else None
    entries = entries if isinstance(entries, list) else []
    return [((*path, position), entry) for position, entry in enumerate(entries) if isinstance(entry, dict)]


def _ids(data: Any, section: str) -> list[str] | None:
    """The ids of a section; None when it is not there at all, which is said elsewhere and once."""
    if not isinstance(data, dict) or not isinstance(data.get(section), list):
        return None
    return [group["id"] for _, group in _groups(data, (section,)) if isinstance(group.get("id"), str)]


def _repeated_ids(groups: list[tuple[Path, Group]]) -> Iterator[Problem]:
    first_paths: dict[object, Path] = {}
    for path, group in groups:
        name = group.get("id")
        if isinstance(name, str) and name in first_paths:
            section, position = first_paths[name]
            yield Problem((*path, "id"), f"{name!r} is already the id of {section}[{position}]")
        elif isinstance(name, str):
            first_paths[name] = path


def _hours(path: Path, provider: Group) -> Iterator[tuple[Path, Group]]:
    """Weekly hours and the hours of overrides, each with its path."""
    yield from _groups(provider, (*path, "availability"))
    for override_path, override in _groups(provider, (*path, "overrides")):
        yield from _groups(override, (*override_path, "hours"))


def _names(group: Group, path: Path, key: str) -> list[tuple[Path, str]]:
    """The names under a key that holds one name or a list of them, each with its path."""
    value = group.get(key)
    if isinstance(value, str):
        return [((*path, key), value)]
    entries = value if isinstance(value, list) else []
    return [((*path, key, position), name) for position, name in enumerate(entries) if isinstance(name, str)]


def _unknown(group: Group, path: Path, known: list[str] | None, section: str) -> Iterator[Problem]:
    for name_path, name in _names(group, path[:-1], str(path[-1])):
        if known is not None and name not in known:
            yield Problem(name_path, f"{name!r} is not the id of anything under {section}{guess(name, known)}")


def _not_offered(hours: Group, path: Path, services: list[str] | None, offered: list[str]) -> Iterator[Problem]:
    yield from _unknown(hours, (*path, "services"), services, "services")
    for name_path, name in _names(hours, path, "services"):
        if name in (services or ()) and name not in offered:
            yield Problem(name_path, f"{name!r} is not among the provider's own services; add it there too")


def _override_locations(path: Path, provider: Group, locations: list[str] | None) -> Iterator[Problem]:
    for override_path, override in _groups(provider, (*path, "overrides")):
        yield from _unknown(override, (*override_path, "location"), locations, "locations")
        for hours_path, hours in _groups(override, (*override_path, "hours")):
            yield from _hours_location(hours_path, hours.get("location"), override.get("location"))


def _hours_location(path: Path, own: object, overrides: object) -> Iterator[Problem]:
    if own is None and overrides is None:
        yield Problem((*path, "location"), "is missing")
    elif own is not None and overrides is not None and own != overrides:
        yield Problem((*path, "location"), f"must be {overrides!r}, the location that the override replaces")


def _colliding_overrides(path: Path, provider: ProviderPart) -> Iterator[Problem]:
    taken: dict[date, dict[str | None, int]] = {}
    for position, override in enumerate(provider.overrides):
        for day in dates_of(override, provider):
            others = taken.setdefault(day, {})
            rivals = [
                at for place, at in others.items() if None in (place, override.location) or place == override.location
            ]
            if rivals:
                yield Problem((*path, "overrides", position), f"overrides[{rivals[0]}] already replaces {day}")
                break
            others[override.location] = position
