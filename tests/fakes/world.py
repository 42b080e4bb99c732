"""The rest of the world in memory: time, ids, keys, the bus and the mail service."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from openhour.application.ports.bus import NotPublishedError
from openhour.application.ports.post import NotDeliveredError
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Event, Mail, Request
from openhour.domain.values import Practice, Provider
from tests.builders import NOW


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    present: datetime = NOW

    def now(self) -> datetime:
        return self.present

    def move(self, **span: float) -> None:
        self.present += timedelta(**span)


class FakeIdentity:
    """Ids by plain hash."""

    def client_id(self, email: str) -> str:
        return _hash("client", email.casefold())

    def request_id(self, email: str, idempotency_key: str) -> str:
        return _hash("request", email.casefold(), idempotency_key)

    def caller_id(self, address: str) -> str:
        return _hash("caller", address)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:26]


@dataclass
class FakeBus:
    """Remembers what was published; `refusing` is how many calls it will refuse."""

    published: list[Event] = field(default_factory=list)
    refusing: int = 0

    def publish(self, events: Iterable[Event]) -> None:
        batch = list(events)
        if batch and self.refusing:
            self.refusing -= 1
            raise NotPublishedError(len(batch), ["InternalFailure"])
        self.published += batch


@dataclass
class FakePost:
    """Remembers what was sent; `refusing` is how many mails it will refuse."""

    delivered: list[Mail] = field(default_factory=list)
    refusing: int = 0
    let_through_again: list[str] = field(default_factory=list)

    def let_through(self, email: str) -> None:
        self.let_through_again.append(email)

    def deliver(
        self, mail: Mail, request: Request, practice: Practice, provider: Provider, around: Neighbours | None = None
    ) -> None:
        if self.refusing:
            self.refusing -= 1
            raise NotDeliveredError("SES: Throttling")
        self.delivered.append(mail)


def no_pause(_attempt: int) -> None:
    """Waits for nothing."""
