"""The present."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The present."""

    def now(self) -> datetime:
        """The present as an aware UTC instant in whole seconds."""
