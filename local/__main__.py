"""Runs the local cloud in the foreground (`up`), brings changed code onto it (`dev`), builds what it runs (`build`)."""

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from local import deployment, site
from local.cloud import DIRECTORY, PRACTICE, Cloud
from local.errors import LocalCloudError, NotRunningError
from local.ports import Ports
from local.progress import printing
from local.redeployment import Redeployment, changes

RUNNING = DIRECTORY / "running.json"
"""Names the process and the ports of the local cloud that runs in this directory."""


def main() -> int:
    """Run one of the commands; 0 after an orderly end, an interruption among them."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = {"up": up, "dev": dev, "build": build}
    parser.add_argument("command", choices=commands)
    # Whoever asks to stop, by whatever signal, gets an orderly end.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        commands[parser.parse_args().command]()
    except LocalCloudError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def up() -> None:
    """Start the local cloud, say where it is, and keep it until an interruption."""
    progress = printing()
    try:
        with Cloud(ports=Ports.from_environment(), practice=PRACTICE, progress=progress) as cloud, _announced(cloud):
            progress("ready")
            print(_addresses(cloud), flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped; nothing is left running.", flush=True)


def dev() -> None:
    """Bring each change of the code onto the local cloud that runs in this directory, until an interruption."""
    redeployment = Redeployment(_running_ports())
    print("Watching functions/, layers/, site/ and template.yaml. Stop with Ctrl-C.", flush=True)
    for changed in changes():
        started_at = time.monotonic()
        print(f"  {', '.join(sorted(changed))} changed", flush=True)
        try:
            redeployment.of(changed)
        except LocalCloudError as error:
            print(error, file=sys.stderr, flush=True)
            continue
        print(f"  redeployed in {time.monotonic() - started_at:.1f} s", flush=True)


def build() -> None:
    """Build the pages, and the functions and layers for this machine."""
    progress = printing()
    progress("building the pages")
    site.build()
    progress("building the functions and their layers")
    deployment.build()
    progress("built into build/site and .aws-sam/build")


def _addresses(cloud: Cloud) -> str:
    lines = {
        "API": f"{cloud.public_api_url}/v1/providers",
        "Pages": cloud.site_url,
        "Mailbox": cloud.mailbox.url,
        "AWS": f"AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url {cloud.endpoint_url} ...",
        "Table": cloud.table_name,
        "Change": "`make dev`, in another terminal, brings changed code here in seconds",
        "Stop": f"Ctrl-C, or kill {os.getpid()}",
    }
    return "\n" + "\n".join(f"  {name:<8} {value}" for name, value in lines.items() if value) + "\n"


@contextlib.contextmanager
def _announced(cloud: Cloud) -> Iterator[None]:
    RUNNING.write_text(json.dumps({"process": os.getpid(), "ports": dataclasses.asdict(cloud.ports)}), encoding="utf-8")
    try:
        yield
    finally:
        RUNNING.unlink(missing_ok=True)


def _running_ports(announcement: Path = RUNNING) -> Ports:
    try:
        said = json.loads(announcement.read_text(encoding="utf-8"))
        os.kill(said["process"], 0)
    except (FileNotFoundError, ProcessLookupError):
        raise NotRunningError from None
    return Ports(**said["ports"])


if __name__ == "__main__":
    sys.exit(main())
