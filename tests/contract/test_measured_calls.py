"""The costs that the documents show are those of the code."""

import boto3
import pytest

from bench import capacity, capacity_crowd, capacity_scenes
from tests.documents import ACCESS_PATTERNS, rows_of


def test_the_measured_table_shows_the_calls_that_the_code_makes(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openhour.adapters.dynamodb.directory._SIDE_BY_SIDE", 1)  # moto is not made for threads
    measured = capacity.measure(boto3.client("dynamodb"))
    shown = {row[0]: (row[1], row[2]) for row in rows_of(ACCESS_PATTERNS, "What happens | Calls")}
    assert shown == {row.scene: (capacity.spelled(row.calls), f"{row.items or ''}") for row in measured}
    assert len(shown) == len(capacity_scenes.SCENES) + len(capacity_crowd.SCENES)
