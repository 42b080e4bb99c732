"""Where events are published."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from openhour.domain.requests import Event


class NotPublishedError(Exception):
    """The bus refused some events; publish all again. `refused` is how many, `codes` the bus's reasons."""

    def __init__(self, refused: int, codes: Sequence[str]) -> None:
        """`codes` are the bus's error codes, no event content."""
        super().__init__(f"{refused} events refused: {', '.join(sorted(set(codes)))}")
        self.refused = refused
        self.codes = tuple(codes)


class Bus(Protocol):
    """Where events are published."""

    def publish(self, events: Iterable[Event]) -> None:
        """Publish all of them. Raises NotPublishedError when the bus did not take every one."""
