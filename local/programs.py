"""Programs that the local cloud starts. Each leads a process group, so that whatever it starts ends with it."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from local.errors import ProgramFailedError

NODE = Path(".local-cloud/bin/node")  # where tools/install.sh puts the one it chose
_GRACE_SECONDS = 5.0


class Program:
    """A program that runs until it is stopped; what it prints goes to `log`, which is written anew."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_until_answers(self, url: str, seconds: float = 60) -> None:
        """Wait until a GET of `url` is answered, whatever the answer says.

        Raises:
            ProgramFailedError: the program ended, or `seconds` passed.

        """
        until = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError):
                _get(url)
                return
            time.sleep(0.05)
        raise ProgramFailedError(self.name, self.log)

    def finish(self) -> None:
        """Wait for the program's own end.

        Raises:
            ProgramFailedError: it ended with another status than 0.

        """
        if self._process.wait() != 0:
            raise ProgramFailedError(self.name, self.log)

    def stop(self) -> None:
        """End the program and all that it started: asked first, made to after five seconds. May be repeated."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def run(name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run a program to its end; an interruption ends it, too. Temporary files that it forgets are removed.

    Raises:
        ProgramFailedError: it failed.

    """
    with (
        tempfile.TemporaryDirectory(prefix="openhour-") as temporary,
        Program(name, command, {**environment, "TMPDIR": temporary}, log) as program,
    ):
        program.finish()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let nothing interrupt the tidying up: an impatient second Ctrl-C would leave programs behind."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _get(url: str) -> None:
    with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 — our own
        pass
