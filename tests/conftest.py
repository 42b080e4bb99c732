"""Settings for every test: no test reaches the network or real credentials."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # The fast tests need not wait for what these import.
    from collections.abc import Iterator

    from local.cloud import Cloud
    from tests.end_to_end.visitor import Visitor

os.environ.update(
    {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
)
os.environ.pop("AWS_PROFILE", None)


@pytest.fixture
def aws() -> Iterator[None]:
    """AWS by moto."""
    from moto import mock_aws

    with mock_aws():
        yield


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """One local cloud for all tests: the built stack, deployed, with the sample practice and its policies enforced.

    What `make build` left is what runs.
    """
    from local.cloud import Cloud

    def say(text: str) -> None:
        print(f"  local cloud: {text}", file=sys.stderr, flush=True)

    with Cloud(practice=Path("practice.yaml"), build=False, progress=say) as running:
        running.stop_schedule()  # a test that is about the schedule runs it
        yield running


@pytest.fixture
def visitor(cloud: Cloud) -> Visitor:
    """Somebody with a mailbox of their own."""
    from tests.end_to_end.visitor import Visitor

    return Visitor(cloud)
