"""Slot lookup against the straight reference implementation, in one process, in alternating rounds.

Openhour's compiled opening hours are cached per provider version, as in production; bookings are worked through in
every round. The cold figure beside it is that of a function's first look-up: every cache is empty.
"""

import gc
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from bench import reference_slots, workloads
from openhour.domain import schedule, slots
from openhour.domain.ledger import instant_of
from openhour.domain.slots import Case, free_starts, free_starts_of_all, rfc3339
from openhour.domain.values import MINUTES_PER_DAY

ROUNDS = {"W1": 500, "W2": 150, "W3": 80}
TARGETS = {"W1": 3.0, "W2": 5.0, "W3": 10.0}
COLD_TARGETS = {"W1": 2.4, "W2": 3.2, "W3": 2.4}
EXPECTED = {"W1": 300, "W2": 2786, "W3": 640}
"""How many starts each workload has."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of one workload, in seconds."""

    starts: int
    reference: float
    lookup: float
    cold: float
    body: float


def report() -> bool:
    """Print the figures of all workloads and return whether each lookup is as much faster as it has to be."""
    print("slot lookup: medians in ms, and how many times faster than the reference")
    print(
        f"{'':4}{'starts':>7}{'reference':>11}{'warm':>9}{'ratio':>8}{'target':>8}{'cold':>9}{'ratio':>8}{'target':>8}"
        f"{'JSON':>8}"
    )
    met = [_report(name) for name in workloads.NAMES]
    return all(met)


def _report(name: str) -> bool:
    figures = measure(name)
    ratio, cold_ratio = figures.reference / figures.lookup, figures.reference / figures.cold
    met = ratio >= TARGETS[name] and cold_ratio >= COLD_TARGETS[name]
    print(
        f"{name:4}{figures.starts:7}{figures.reference * 1e3:11.3f}{figures.lookup * 1e3:9.3f}{ratio:8.1f}"
        f"{TARGETS[name]:8.1f}{figures.cold * 1e3:9.3f}{cold_ratio:8.1f}{COLD_TARGETS[name]:8.1f}"
        f"{figures.body * 1e3:8.3f}{'' if met else '  TOO SLOW'}"
    )
    return met


def measure(name: str) -> Figures:
    """Time a workload, after asserting that reference and lookup agree."""
    workload = workloads.load(name)
    first = workload["from_min"]
    now = first - 2 * MINUTES_PER_DAY  # so that the notice rules nothing out
    reference = partial(reference_slots.lookup, workload, now)
    lookup = _lookup(workload, now, "1")
    starts = lookup()
    assert starts == reference()
    assert len(starts) == EXPECTED[name]
    rounds = ROUNDS[name]
    warm = _medians(rounds, reference, lookup, partial(_body, starts))
    (cold,) = _medians(rounds, lookup, before=_forget)
    return Figures(len(starts), warm[0], warm[1], cold, warm[2])


def _forget() -> None:
    """Empty every cache of the rules, as in a process that has just started."""
    for cached in [*vars(schedule).values(), *vars(slots).values()]:
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()


def _lookup(workload: workloads.Workload, now: int, version: str) -> Callable[[], list[int]]:
    cases, moment = workloads.cases(workload, version), instant_of(now)
    span = workload["from_min"], workload["to_min"]
    if len(cases) == 1:
        case: Case = cases[0]
        return lambda: free_starts(case.provider, case.wanted, case.entries, case.external, moment, *span)
    return lambda: free_starts_of_all(cases, moment, *span).union


def _body(starts: list[int]) -> str:
    return json.dumps({"slots": [rfc3339(start) for start in starts]}, separators=(",", ":"))


def _medians(rounds: int, *functions: Callable[[], object], before: Callable[[], object] = lambda: None) -> list[float]:
    times: list[list[float]] = [[] for _ in functions]
    gc.disable()  # as timeit does: a collection would fall on whichever happens to run
    for _ in range(rounds):
        for function, taken in zip(functions, times, strict=True):
            before()
            begin = perf_counter()
            function()
            taken.append(perf_counter() - begin)
    gc.enable()
    return [median(taken) for taken in times]
