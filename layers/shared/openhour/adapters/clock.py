"""The present, and waiting."""

import random
import time
from datetime import UTC, datetime, timedelta

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 0.8


class SystemClock:
    """The port Clock on the machine's clock; `offset_seconds` moves it, for a local stage only."""

    def __init__(self, offset_seconds: int = 0) -> None:
        """`offset_seconds` may be negative."""
        self._offset = timedelta(seconds=offset_seconds)

    def now(self) -> datetime:
        """See Clock.now."""
        return datetime.now(UTC).replace(microsecond=0) + self._offset


def full_jitter(attempt: int) -> None:
    """Wait a random time below a bound that doubles with each attempt, from 50 ms up to 0.8 s."""
    bound = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1))
    time.sleep(random.uniform(0, bound))  # noqa: S311 - spreads callers, guards nothing
