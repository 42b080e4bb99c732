"""How the local cloud's own tools reach the emulated AWS, and nothing but it."""

import os
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from local.ports import HOST

REGION = "us-east-1"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}  # The emulator's root user.

type Client = Any
"""A boto3 client; the type stubs of the services used in here alone are not installed."""


def endpoint(port: int) -> str:
    """The address of the emulated AWS."""
    return f"http://{HOST}:{port}"


def environment(port: int, inherited: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Environment of a program that talks to the emulated AWS: nobody's real account is within its reach."""
    without_accounts = {
        name: value for name, value in inherited.items() if not name.startswith(("AWS_", "SAM_", "PYTHONPATH"))
    }
    return {
        **without_accounts,
        **_CREDENTIALS,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint(port),
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
    }


def client(service: str, port: int) -> Client:
    """Make a client of an emulated service; it answers late rather than failing while the machine is busy."""
    session = boto3.Session(
        _CREDENTIALS["AWS_ACCESS_KEY_ID"], _CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION
    )
    patient = Config(connect_timeout=5, read_timeout=120, retries={"total_max_attempts": 2})
    return session.client(service, endpoint_url=endpoint(port), config=patient)  # type: ignore[call-overload]
