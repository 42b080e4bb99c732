"""What a function makes while it starts, and that nothing is made where no function starts."""

import gc
from collections.abc import Iterator

import pytest

from openhour.adapters import starting


@pytest.fixture(autouse=True)
def _own_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(starting, "_parts", [])
    yield
    gc.unfreeze()


def test_a_function_makes_its_parts_in_order_and_the_collector_leaves_them_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    starting.at_start(lambda: made.append("table"))
    starting.at_start(lambda: made.append("secret"))
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "list_slots")
    frozen_before = gc.get_freeze_count()
    starting.start()
    assert made == ["table", "secret"]
    assert gc.get_freeze_count() > frozen_before


def test_elsewhere_importing_a_handler_calls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    starting.at_start(lambda: made.append("table"))
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)
    starting.start()
    assert made == []


def test_a_part_that_cannot_be_made_keeps_no_other_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    @starting.at_start
    def _unreachable() -> None:
        raise ConnectionError

    starting.at_start(lambda: made.append("secret"))
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "list_slots")
    starting.start()
    assert made == ["secret"]
