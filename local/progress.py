"""Lines that tell what is being done, and how long it has been since the start."""

import os
import time
from collections.abc import Callable

type Progress = Callable[[str], None]


def silent(_message: str) -> None:
    """Say nothing."""


def printing() -> Progress:
    """Print each message behind the seconds since now; since the start of `make run`, where that set STARTED_AT."""
    started_at = float(os.environ.get("STARTED_AT") or time.time())

    def say(message: str) -> None:
        print(f"  {time.time() - started_at:4.0f}s  {message}", flush=True)

    return say
