"""Appointments and open requests that a change would leave behind. Dates and numbers only, no personal data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openhour.domain.values import Provider


class State(StrEnum):
    """How a time stands that somebody has."""

    CONFIRMED = "confirmed"
    OPEN = "open"
    RUNNING = "running"
    UNVERIFIED = "unverified"


_WORDS = {
    State.CONFIRMED: ("appointment", "appointments"),
    State.OPEN: ("open request", "open requests"),
    State.RUNNING: ("session that has begun", "sessions that have begun"),
    State.UNVERIFIED: ("request of an unproven address", "requests of unproven addresses"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A time that somebody has with a provider. `location` is None where the session is online, or not known."""

    request: str
    service: str
    location: str | None
    local_date: str
    state: State


type Standing = Mapping[str, Sequence[Held]]
"""Times that have not ended yet, by the id of their provider."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A provider, or a service or location of a provider, that goes while somebody has a time there."""

    label: str
    provider: str
    held: tuple[Held, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for all of it and one for each date."""
        dates = sorted({each.local_date for each in self.held})
        by_date = (f"    {day}: {counted(each for each in self.held if each.local_date == day)}" for day in dates)
        return (f"{self.label} still has {counted(self.held)}:", *by_date)

    def only(self, states: Iterable[State]) -> "Departure | None":
        """The part of it that is in one of these states; None when nothing is."""
        wanted = frozenset(states)
        held = tuple(each for each in self.held if each.state in wanted)
        return Departure(self.label, self.provider, held) if held else None


def with_departures(before: Mapping[str, Provider], after: Iterable[Provider]) -> list[str]:
    """The ids of the providers who leave, or lose a service or a location."""
    wanted = {provider.id: provider for provider in after}
    return [name for name, provider in before.items() if name not in wanted or any(_lost(provider, wanted[name]))]


def departures(before: Mapping[str, Provider], after: Iterable[Provider], standing: Standing) -> list[Departure]:
    """Who and what goes while somebody has a time there: providers first, then services and locations of others.

    A location counts for those who would meet there; online sessions do not need it.
    """
    wanted = {provider.id: provider for provider in after}
    removed = [Departure(f"provider {name}", name, tuple(standing.get(name, ()))) for name in before.keys() - wanted]
    kept = [
        departure
        for name, provider in before.items()
        if name in wanted
        for departure in _of_parts(provider, wanted[name], standing.get(name, ()))
    ]
    return [departure for departure in [*sorted(removed, key=lambda each: each.provider), *kept] if departure.held]


def counted(held: Iterable[Held]) -> str:
    """`2 appointments and 1 open request`; the times that one request holds count once."""
    counts = Counter({each.request: each.state for each in held}.values())
    parts = [_number(counts[state], state) for state in State]
    return " and ".join(part for part in parts if part)


def _of_parts(before: Provider, after: Provider, held: Sequence[Held]) -> Iterator[Departure]:
    services, locations = _lost(before, after)
    of_provider = f"of provider {after.id}"
    for name in services:
        yield Departure(f"service {name} {of_provider}", after.id, tuple(each for each in held if each.service == name))
    for name in locations:
        there = tuple(each for each in held if each.location == name)
        yield Departure(f"location {name} {of_provider}", after.id, there)


def _lost(before: Provider, after: Provider) -> tuple[list[str], list[str]]:
    """The services and the locations that go."""
    return sorted(before.services.keys() - after.services), sorted(before.locations.keys() - after.locations)


def _number(count: int, state: State) -> str:
    singular, plural = _WORDS[state]
    return f"{count} {singular if count == 1 else plural}" if count else ""
