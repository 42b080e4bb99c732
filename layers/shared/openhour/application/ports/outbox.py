"""Mails that are owed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import Days
from openhour.domain.requests import Event, Mail, Request
from openhour.domain.values import Practice, Provider

REPUBLISHED_AFTER = timedelta(minutes=10)
"""How long a mail may stay unsent before its event is published again."""


class LeasedError(Exception):
    """Another worker is sending this mail right now."""


class Outbox(Protocol):
    """Mails that are owed, and the events that say so."""

    def owed(self, request_id: str, version: int) -> tuple[Request | None, Sequence[Mail]]:
        """A request as it stands, and the unsent mails of one of its versions. 1 consistent call."""

    def readers(self, provider_id: str) -> tuple[Practice | None, Provider | None]:
        """Who sends and who answers, for the text of a mail. 1 call."""

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """As Directory.days: for what lies around a request. 1 call."""

    def lease(self, mail: Mail, now: datetime) -> None:
        """Take a mail for 5 minutes. Raises LeasedError when somebody else has it or it is settled. 1 call."""

    def release(self, mail: Mail, failure: str) -> None:
        """Give a leased mail back, so that the next attempt need not wait, and note what failed. 1 call."""

    def sent(self, mail: Mail, now: datetime) -> None:
        """It is on its way. 1 call."""

    def superseded(self, mail: Mail, now: datetime) -> None:
        """Events have overtaken it; it will never be sent. 1 call."""

    def unsent(self, now: datetime) -> Iterator[Mail]:
        """Mails whose event is to be published by `now` and that are not settled. 1 call a page, 1 each hundred.

        That is a reminder's own time, and ten minutes after a transition for what it tells at once; oldest first.
        """

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 call."""

    def events(self, versions: Sequence[tuple[str, int]]) -> Sequence[Event]:
        """The events of up to a hundred versions of requests, as far as there are any. 1 call."""

    def postpone(self, mail: Mail, now: datetime) -> None:
        """It was published at `now`: do not look at it for the next ten minutes. 1 call."""
