"""How CloudWatch decides about an alarm, as far as template.yaml uses it: recorded minutes in, what is told out.

See "Using Amazon CloudWatch alarms" and "Configuring how CloudWatch alarms treat missing data" in its user guide.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

type Minutes = Sequence[float | None]
"""What was recorded each minute; None where nothing was."""

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Maximum": max,
    "Minimum": min,
    "Sum": sum,
    "SampleCount": len,
    "Average": lambda values: sum(values) / len(values),
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_FILLED_SUM = re.compile(r"FILL\(\w+, 0\)( \+ FILL\(\w+, 0\))*")
_LOOKS_FURTHER_BACK = 2
"""CloudWatch reads some more periods than it evaluates, in case that some are missing."""


class State(StrEnum):
    """What an alarm is in."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


_ACTIONS = {
    State.OK: "OKActions",
    State.ALARM: "AlarmActions",
    State.INSUFFICIENT_DATA: "InsufficientDataActions",
}


def told(alarm: Mapping[str, Any], recorded: Mapping[str, Minutes]) -> list[State]:
    """The changes of state that whoever listens hears of, from the alarm's creation on, which is the first minute.

    `recorded` has a series for each metric that had any, by `name_of`.
    """
    period, points = _datapoints(alarm, recorded)
    assert period % 60 == 0
    state, heard = State.INSUFFICIENT_DATA, []
    for number in range(len(points) + 1):
        before, state = state, state_of(alarm, points[:number])
        if state is not before and _ACTIONS[state] in alarm:
            heard.append(state)
    return heard


def state_of(alarm: Mapping[str, Any], points: Minutes) -> State:
    """The state by the periods so far, oldest first; before the first one there is nothing."""
    wanted = int(alarm["EvaluationPeriods"])
    enough = int(alarm.get("DatapointsToAlarm", wanted))
    lately = [*[None] * (wanted + _LOOKS_FURTHER_BACK), *points][-(wanted + _LOOKS_FURTHER_BACK) :]
    real = [_breaches(alarm, point) for point in lately if point is not None][-wanted:]
    missing = wanted - len(real)
    match alarm.get("TreatMissingData", "missing"):
        case "breaching":
            real += [True] * missing
        case "notBreaching":
            real += [False] * missing
        case "missing" if not real:
            return State.INSUFFICIENT_DATA
        case "missing":
            enough = min(enough, len(real))  # what there is decides
        case other:
            raise AssertionError(f"teach tests/unit/cloudwatch.py what {other} means")
    return State.ALARM if sum(real) >= enough else State.OK


def metrics_of(alarm: Mapping[str, Any]) -> list[str]:
    """The names of the series that an alarm looks at."""
    if "Metrics" not in alarm:
        return [name_of(alarm)]
    return [name_of(each["MetricStat"]["Metric"]) for each in alarm["Metrics"] if "MetricStat" in each]


def name_of(metric: Mapping[str, Any]) -> str:
    """`5xx of HttpApi`: the metric and the resource, or what else its one dimension is."""
    (dimension,) = metric["Dimensions"]
    (value,) = dimension["Value"].values()
    return f"{metric['MetricName']} of {value.partition('.')[0]}"


def _breaches(alarm: Mapping[str, Any], value: float) -> bool:
    return _COMPARISONS[alarm["ComparisonOperator"]](value, float(alarm["Threshold"]))


def _datapoints(alarm: Mapping[str, Any], recorded: Mapping[str, Minutes]) -> tuple[int, Minutes]:
    if "Metrics" not in alarm:
        return int(alarm["Period"]), _by_period(recorded.get(name_of(alarm), ()), alarm["Statistic"], alarm["Period"])
    (expression,) = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
    assert _FILLED_SUM.fullmatch(expression), f"teach tests/unit/cloudwatch.py what {expression} means"
    parts = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    (period,) = {int(part["Period"]) for part in parts}
    minutes = max(map(len, recorded.values()), default=0)
    series = [_by_period(recorded.get(name_of(part["Metric"]), ()), part["Stat"], period, minutes) for part in parts]
    return period, [sum(value or 0 for value in values) for values in zip(*series, strict=True)]


def _by_period(minutes: Minutes, statistic: str, period: Any, length: int = 0) -> list[float | None]:
    each = int(period) // 60
    filled = [*minutes, *[None] * (length - len(minutes))]
    found = []
    for start in range(0, len(filled) - each + 1, each):
        values = [value for value in filled[start : start + each] if value is not None]
        found.append(_STATISTICS[statistic](values) if values else None)
    return found
