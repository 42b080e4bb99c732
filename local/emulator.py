"""The emulated AWS."""

import os
from collections.abc import Mapping
from pathlib import Path

from local import aws
from local.ports import HOST, Ports
from local.programs import Program

PYTHON = Path(".local-cloud/venv/bin/python")
"""An environment of its own: functions run on the emulator's interpreter, and in the tools' environment they would find
packages that the layer lacks."""


def start(ports: Ports, directory: Path, log: Path, *, enforce_permissions: bool) -> Program:
    """Start the emulator; it keeps all its files below `directory`."""
    command = [str(PYTHON.absolute()), "-m", "ministack"]
    return Program("The emulated AWS", command, _environment(ports, directory, enforce_permissions), log)


def wait_until_ready(emulator: Program, ports: Ports) -> None:
    """Wait until the emulator takes calls."""
    emulator.wait_until_answers(f"{aws.endpoint(ports.cloud)}/_ministack/health")


def _environment(ports: Ports, directory: Path, enforce_permissions: bool) -> Mapping[str, str]:
    for name in ("state", "s3", "tmp"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    return {
        # Nothing else of the caller's environment: the functions inherit it.
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "AUTH": str(enforce_permissions).lower(),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(ports.cloud),
        "IOT_MTLS_ENABLED": "0",  # It would listen on every address of the machine.
        "MINISTACK_REGION": aws.REGION,
        "S3_DATA_DIR": str(directory / "s3"),
        "SMTP_HOST": f"{HOST}:{ports.smtp}",
        "STATE_DIR": str(directory / "state"),
        "TMPDIR": str(directory / "tmp"),
    }
