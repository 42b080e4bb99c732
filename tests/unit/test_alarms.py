"""Every alarm of the template against recorded situations: when it fires, and when it must not."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import template
from tests.unit.cloudwatch import State, metrics_of, state_of, told

FIRING = {State.ALARM, State.INSUFFICIENT_DATA}
FILE = Path(__file__).with_name("alarm_situations.toml")
SITUATIONS: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["situation"]


@cache
def alarms() -> dict[str, dict[str, Any]]:
    resources = template()["Resources"]
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::CloudWatch::Alarm"}


def series(text: str) -> list[float | None]:
    """`3x1 2x-`: three minutes with 1, two without a datapoint."""
    runs = [run.split("x") for run in text.split()]
    return [None if value == "-" else float(value) for times, value in runs for _ in range(int(times))]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: str(situation["name"]))
def test_an_alarm_tells_of_a_situation_what_it_should(situation: dict[str, Any]) -> None:
    recorded = {name: series(text) for name, text in situation["recorded"].items()}
    assert told(alarms()[situation["alarm"]], recorded) == situation["tells"]


@pytest.mark.parametrize("name", sorted(alarms()))
def test_every_alarm_has_a_situation_in_which_it_fires_and_one_in_which_it_must_not(name: str) -> None:
    tells = [set(map(State, each["tells"])) for each in SITUATIONS if each["alarm"] == name]
    advice = f"add situations for {name} to {FILE.name}; its series: {', '.join(metrics_of(alarms()[name]))}"
    assert any(FIRING & told for told in tells), f"nothing fires it: {advice}"
    assert any(not FIRING & told for told in tells), f"nothing is named in which it must not fire: {advice}"


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: str(situation["name"]))
def test_a_situation_records_only_what_its_alarm_looks_at(situation: dict[str, Any]) -> None:
    assert set(situation["recorded"]) <= set(metrics_of(alarms()[situation["alarm"]]))


@pytest.mark.parametrize("name", sorted(alarms()))
def test_an_alarm_tells_when_it_is_over(name: str) -> None:
    alarm = alarms()[name]
    assert (
        alarm["AlarmActions"]
        == alarm["OKActions"]
        == {"If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
    )


def test_a_new_stack_in_which_nothing_happened_yet_rings_no_alarm() -> None:
    for alarm in alarms().values():
        assert not FIRING & set(told(alarm, {name: [None] * 60 for name in metrics_of(alarm)}))


X, O, _ = 1.0, 0.0, None  # noqa: E741 - breaching, not breaching and missing, as CloudWatch's own table writes them
TABLE = [
    # datapoints to alarm, the five latest points, then the state with missing data as missing, breaching, notBreaching
    (3, [O, _, X, _, X], "OK OK OK"),
    (3, [O, _, _, _, _], "OK OK OK"),
    (3, [_, _, _, _, _], "INSUFFICIENT_DATA ALARM OK"),
    (3, [O, X, X, _, X], "ALARM ALARM ALARM"),
    (3, [_, _, X, _, _], "ALARM ALARM OK"),
    (2, [O, _, X, _, X], "ALARM ALARM ALARM"),
    (2, [O, O, X, O, X], "ALARM ALARM ALARM"),
    (2, [O, _, X, _, _], "OK ALARM OK"),
    (2, [_, _, _, _, O], "OK ALARM OK"),
    (2, [_, _, _, X, _], "ALARM ALARM OK"),
]


@pytest.mark.parametrize(("enough", "points", "states"), TABLE)
def test_missing_data_is_treated_as_cloudwatch_says(enough: int, points: list[float | None], states: str) -> None:
    common = {"EvaluationPeriods": 3, "DatapointsToAlarm": enough, "Threshold": 0}
    found = [
        state_of(common | {"ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": treatment}, points)
        for treatment in ("missing", "breaching", "notBreaching")
    ]
    assert found == states.split()
