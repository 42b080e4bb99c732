"""The settings that functions read are those that the template gives them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from openhour.wiring import environment
from tests.cloud import template
from tests.handlers.gateway import variables_of
from tests.handlers.stack import Invocation, Stack, forget
from tests.handlers.test_events import FILES, event

_OF_LIBRARIES = {"POWERTOOLS_LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "PYTHONTZPATH"}
_OF_LOGS = {"RELEASE"}
_OF_ALL = set(template()["Globals"]["Function"]["Environment"]["Variables"])


class _Reads:
    """The environment, remembering which names were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.environ = self

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return os.environ.get(name, default)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The names that the wiring asks for."""
    recorder = _Reads()
    monkeypatch.setattr(environment, "os", recorder)
    forget()
    return recorder.names


@pytest.mark.parametrize("function", sorted({file.partition(".")[0] for file in FILES}))
def test_a_function_reads_each_setting_that_it_is_given_and_no_other(
    stack: Stack, reads: set[str], function: str
) -> None:
    for file in FILES:
        if file.startswith(f"{function}."):
            stack.invoke(function, event(file), Invocation())
    given = set(variables_of(function))
    assert reads <= given
    assert given - _OF_ALL <= reads


def test_all_that_is_given_to_every_function_is_read_by_some(stack: Stack, reads: set[str]) -> None:
    stack.invoke("list_slots", event("list_slots.json"))
    os.environ["STAGE"] = "local"
    environment.clock()
    assert {"STAGE", "CLOCK_OFFSET_SECONDS"} | _OF_LIBRARIES | _OF_LOGS == _OF_ALL
    assert {"STAGE", "CLOCK_OFFSET_SECONDS"} <= reads


@pytest.mark.parametrize(("stage", "offset"), [("local", 3600), ("dev", 0), ("prod", 0)])
def test_only_a_local_stage_moves_the_clock(monkeypatch: pytest.MonkeyPatch, stage: str, offset: int) -> None:
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("CLOCK_OFFSET_SECONDS", "3600")
    assert environment.clock()._offset.total_seconds() == offset
