"""Reading for slot lookup."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from openhour.domain.ledger import Days
from openhour.domain.values import Practice, Provider


class Directory(Protocol):
    """Reading for slot lookup."""

    def provider(self, provider_id: str) -> Provider | None:
        """One provider's snapshot. 1 call."""

    def practice_alone(self) -> Practice | None:
        """The practice without its providers. 1 call; eventually consistent."""

    def providers(self) -> tuple[Practice | None, Sequence[Provider]]:
        """The practice and all its providers, by id. 1 call; eventually consistent."""

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """A provider's time over UTC dates, both ends included. 1 call a megabyte; eventually consistent."""

    def days_of_all(self, provider_ids: Sequence[str], first: date, last: date) -> Mapping[str, Days]:
        """The same for several providers, side by side. 1 call each."""
