"""Each contract is checked on the table in memory and on the real adapters over moto."""

from typing import Any

import pytest

from tests.builders import practice, provider
from tests.cloud import MotoStore
from tests.fakes.store import InMemoryStore
from tests.repairs import Repairs
from tests.use_cases import Openhour


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Any:
    """A store with one practice and one provider."""
    if request.param == "memory":
        made: Any = InMemoryStore()
    else:
        request.getfixturevalue("aws")
        made = MotoStore()
    made.seed(practice(), provider())
    return made


@pytest.fixture
def moto_store(aws: None) -> MotoStore:
    """The real adapters over moto, with one practice and one provider."""
    made = MotoStore()
    made.seed(practice(), provider())
    return made


@pytest.fixture
def repairs(openhour: Openhour) -> Repairs:
    """The command that compares and mends, on what a test gives to people."""
    return Repairs(openhour)
