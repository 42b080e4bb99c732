"""Building the stack and putting it onto the emulated AWS, with the SAM command line as for a real one."""

import contextlib
import fcntl
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local import aws, gateway, programs
from local.ports import HOST, Ports
from local.stack import NAME, Stack

SENDER = "appointments@openhour.example"
LOGS = Path(".local-cloud/logs")

_TOOLS = Path(sys.executable).parent
_BUCKET = "openhour-artifacts"


def build(log: Path = LOGS / "build.log") -> None:
    """Run `sam build`, cached, and finish what it built.

    Raises:
        ProgramFailedError: either failed.

    """
    # `sam build` looks for python3.13 on PATH; the one it must find is the tools' own.
    environment = {**os.environ, "PATH": f"{_TOOLS}{os.pathsep}{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
    with build_directory_to_oneself():
        programs.run(
            "sam build",
            [*_sam("build"), "--parameter-overrides", f"Architecture={_architecture()}"],
            environment,
            log,
        )
        programs.run("The end of the build", [sys.executable, "-m", "tools.finish_build"], environment, _beside(log))


def deploy(ports: Ports, log: Path) -> Stack:
    """Put the last build onto the emulated AWS at `ports`, with the API's address and CORS and the sender's identity.

    Raises:
        ProgramFailedError: `sam deploy` failed.

    """
    aws.client("s3", ports.cloud).create_bucket(Bucket=_BUCKET)
    with build_directory_to_oneself():
        programs.run("sam deploy", _deploy_command(ports), aws.environment(ports.cloud), log)
    stack = Stack(ports.cloud)
    gateway.complete(aws.client("apigatewayv2", ports.cloud), stack)
    aws.client("ses", ports.cloud).verify_email_identity(EmailAddress=SENDER)
    return stack


@contextlib.contextmanager
def build_directory_to_oneself() -> Iterator[None]:
    """Wait until nobody builds, deploys or reads .aws-sam/build, and let nobody else do so meanwhile."""
    lock = Path(".local-cloud/build.lock")
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def api_address(ports: Ports) -> str:
    """The API's address for browsers and curl."""
    return f"http://{gateway.DOMAIN}:{ports.cloud}"


def site_address(ports: Ports) -> str:
    """The address of the static pages."""
    return f"http://{HOST}:{ports.site}"


def _beside(log: Path) -> Path:
    return log.with_stem(f"{log.stem}-finish")


def _sam(command: str) -> list[str]:
    return [str(_TOOLS / "sam"), command, "--config-env", "local"]


def _deploy_command(ports: Ports) -> list[str]:
    overrides = [f"{name}={value}" for name, value in _parameters(ports).items()]
    return [*_sam("deploy"), "--stack-name", NAME, "--s3-bucket", _BUCKET, "--parameter-overrides", *overrides]


def _parameters(ports: Ports) -> Mapping[str, str]:
    return {
        "Stage": "local",
        "Architecture": _architecture(),
        "Sender": SENDER,
        "ApiUrl": api_address(ports),
        "SiteUrl": site_address(ports),
        "AllowedOrigins": f"http://{HOST}:{ports.site},http://localhost:{ports.site}",
        # Everybody calls from this one machine, and nobody here is a flood.
        "HourlyCap": "10000",
        "DailyCap": "10000",
        "ProofAfter": "10000",
    }


def _architecture() -> str:
    """The machine's own: the functions run on it, and pydantic's core is machine code."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
