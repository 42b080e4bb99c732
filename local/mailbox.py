"""The mailbox that receives whatever the local cloud sends, to whomever it is addressed."""

import json
import os
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from local.ports import HOST, Ports
from local.programs import NODE, Program

PROGRAM = Path("node_modules/maildev/dist/bin/maildev.js")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Reads the mailbox at `url` (of its page, no trailing slash)."""

    url: str

    def messages(self) -> list[EmailMessage]:
        """All messages received, oldest first, parsed from their exact bytes."""
        return [self._message(entry["id"]) for entry in sorted(self._list(), key=lambda entry: str(entry["time"]))]

    def wait_for(self, wanted: Callable[[EmailMessage], bool], seconds: float = 20) -> EmailMessage:
        """Return the oldest message that `wanted` accepts, as soon as there is one.

        Raises:
            TimeoutError: none came within `seconds`; its text lists the subjects of those that came.

        """
        until = time.monotonic() + seconds
        while True:
            messages = self.messages()
            if found := next(filter(wanted, messages), None):
                return found
            if time.monotonic() > until:
                raise TimeoutError(
                    f"No such message within {seconds:.0f} s; received: {[m['Subject'] for m in messages]}"
                )
            time.sleep(0.1)

    def clear(self) -> None:
        """Throw all messages away."""
        self._call("/api/email/all", method="DELETE")

    def _list(self) -> list[dict[str, Any]]:
        return list(json.loads(self._call("/api/email")))

    def _message(self, identifier: str) -> EmailMessage:
        source = self._call(f"/api/email/{identifier}/source")
        return BytesParser(policy=policy.default).parsebytes(source)

    def _call(self, path: str, method: str = "GET") -> bytes:
        request = urllib.request.Request(self.url + path, method=method)  # noqa: S310 — always our own address
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 — as above
            return bytes(answer.read())


def start(ports: Ports, directory: Path, log: Path) -> Program:
    """Start the mailbox; it keeps messages in `directory`, so that a stopped one comes back with them."""
    directory.mkdir(parents=True, exist_ok=True)
    command = [str(NODE), str(PROGRAM.absolute()), "--ip", HOST, "--smtp", str(ports.smtp), "--web-ip", HOST]
    command += ["--web", str(ports.mailbox), "--mail-directory", str(directory)]
    return Program("The mailbox", command, os.environ, log)


def wait_until_ready(program: Program, ports: Ports) -> None:
    """Wait until the mailbox can be read, and so written to."""
    program.wait_until_answers(f"http://{HOST}:{ports.mailbox}/api/email")
