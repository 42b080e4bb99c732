"""Slot-lookup workloads, as the reference reads them and as Openhour's values.

A workload gives times in UTC epoch minutes and weekdays from 0 = Sunday. Its bookings and holds keep `buffer_after`
minutes free on both sides, which is what Openhour's one gap comes to when all services have the same buffer.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openhour.domain.ledger import Entry
from openhour.domain.slots import Case, Wanted
from openhour.domain.values import AnswerRules, Block, Forum, Location, Override, Provider, SelfSchedule, Service

type Workload = dict[str, Any]

NAMES = ("W1", "W2", "W3")
WANTED = Wanted("session", "room", Forum.IN_PERSON)
_HORIZON_DAYS = 500  # the reference has no horizon: this one lies beyond every workload


def load(name: str) -> Workload:
    """One of the workloads `NAMES`, parsed."""
    workload: Workload = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    return workload


def cases(workload: Workload, version: str) -> list[Case]:
    """Every provider of a workload with its entries; `version` is that of the providers (empty: not cached)."""
    return [Case(provider(workload, raw, version), WANTED, entries(workload, raw)) for raw in workload["providers"]]


def provider(workload: Workload, raw: Workload, version: str) -> Provider:
    """One of a workload's providers."""
    return Provider(
        id=raw["id"],
        name=raw["id"],
        title="",
        email="",
        time_zone=raw["tz"],
        self_schedule=SelfSchedule.PUBLIC,
        services={WANTED.service: _service(workload)},
        locations={WANTED.location: Location(WANTED.location, "Room", "", raw["tz"])},
        blocks=tuple(_block(rule["start"], rule["end"], rule["days"]) for rule in raw["rules"]),
        overrides=tuple(
            Override(date.fromisoformat(day), tuple(_block(start, end) for start, end in hours))
            for day, hours in raw["overrides"].items()
        ),
        rules=AnswerRules(0, 0),
        version=version,
    )


def entries(workload: Workload, raw: Workload) -> list[Entry]:
    """The bookings and holds of one of a workload's providers."""
    after = workload["buffer_after"]
    return [
        Entry(f"r{number}", f"r{number}", WANTED.service, start, end, 0, after, local_date="")
        for number, (start, end) in enumerate((*raw["bookings"], *raw["holds"]))
    ]


def _service(workload: Workload) -> Service:
    return Service(
        id=WANTED.service,
        name="Session",
        duration=workload["duration"],
        step=workload["step"],
        buffer_after=workload["buffer_after"],
        min_notice=workload["min_notice"],
        horizon_days=_HORIZON_DAYS,
    )


def _block(start: str, end: str, days: Iterable[int] = ()) -> Block:
    return Block(
        days=frozenset(day or 7 for day in days),
        start=_minutes(start),
        end=_minutes(end),
        location=WANTED.location,
        forums=frozenset({WANTED.forum}),
        services=frozenset({WANTED.service}),
    )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
