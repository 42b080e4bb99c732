"""Writes that met somebody else's."""

from collections.abc import Callable

type Pause = Callable[[int], None]
"""Waits before attempt n + 1 (full jitter in production, nothing in tests)."""


class ContentionError(Exception):
    """A write did not happen because of somebody else's: read again and decide anew."""
