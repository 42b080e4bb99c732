"""One local cloud for all tests: the built stack, deployed, with the sample practice."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cloud import Cloud
from tests.end_to_end.visitor import Visitor


def _say(text: str) -> None:
    print(f"  local cloud: {text}", file=sys.stderr, flush=True)


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """The local cloud, with the functions' policies enforced; what `make build` left is what runs."""
    with Cloud(practice=Path("practice.yaml"), build=False, progress=_say) as running:
        running.stop_schedule()  # a test that is about the schedule runs it
        yield running


@pytest.fixture
def visitor(cloud: Cloud) -> Visitor:
    """Somebody with a browser and a mailbox of their own."""
    return Visitor(cloud)
