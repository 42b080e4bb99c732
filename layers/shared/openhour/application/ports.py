"""What the use cases need of the world. Each method says how many calls to the store it makes at most."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from openhour.domain.booking import LedgerChange
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import Days
from openhour.domain.requests import Event, Mail, Request, Step
from openhour.domain.values import Practice, Provider

REPUBLISHED_AFTER = timedelta(minutes=10)
"""How long a mail may stay unsent before its event is published again."""

type Pause = Callable[[int], None]
"""Waits before attempt n + 1 (full jitter in production, nothing in tests)."""


class ContentionError(Exception):
    """A write did not happen because of somebody else's: read again and decide anew."""


class LeasedError(Exception):
    """Another worker is sending this mail right now."""


class NotDeliveredError(Exception):
    """The mail service did not take the mail; it is still due."""


class Clock(Protocol):
    """The present."""

    def now(self) -> datetime:
        """The present as an aware UTC instant in whole seconds."""


class Identity(Protocol):
    """Ids that are keyed hashes: the same input gives the same id for the life of a stack."""

    def client_id(self, email: str) -> str:
        """The id of whoever reads this address; case does not matter."""

    def request_id(self, email: str, idempotency_key: str) -> str:
        """The id of the request that this address submits under this key."""

    def caller_id(self, address: str) -> str:
        """The id of whoever calls from this address of the network."""


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """A client's verified open requests: id -> deadline (UTC). Version 0 means that nothing was ever written.

    `replacing` maps a confirmed request to the open one that would replace it. `made` is how many verified requests
    the client made on the day `made_on` of UTC, the last one with any.
    """

    version: int = 0
    deadlines: Mapping[str, datetime] = field(default_factory=dict)
    replacing: Mapping[str, str] = field(default_factory=dict)
    made_on: date | None = None
    made: int = 0

    def made_today(self, now: datetime) -> int:
        """How many verified requests the client has made since midnight UTC."""
        return self.made if self.made_on == now.date() else 0

    def live(self, now: datetime) -> int:
        """How many still wait for an answer."""
        return sum(now < deadline for deadline in self.deadlines.values())

    def replacement_of(self, request_id: str, now: datetime) -> str | None:
        """The open request that would replace a confirmed one."""
        found = self.replacing.get(request_id)
        deadline = None if found is None else self.deadlines.get(found)
        return found if deadline is not None and now < deadline else None

    def lapsed(self, now: datetime) -> list[str]:
        """The requests that have expired by now."""
        return [request_id for request_id, deadline in self.deadlines.items() if deadline <= now]


@dataclass(frozen=True, slots=True)
class Submission:
    """All that a submission looks at, read consistently in one call."""

    practice: Practice | None
    provider: Provider | None
    days: Days
    request: Request | None
    open_requests: OpenRequests
    profile: ClientProfile = field(default_factory=ClientProfile)


@dataclass(frozen=True, slots=True)
class Near:
    """Where a link says its request is: lets the store read request and ledgers in one call. Only ever a hint."""

    provider: str
    day: date
    client: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A request as it stands and the time around it, read consistently.

    `replaced` is the confirmed request whose place it would take; its time is among `days`.
    """

    request: Request
    days: Days
    replaced: Request | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client's change looks at beside the request: the practice's rules, the provider's hours, the client."""

    found: Found
    practice: Practice | None
    provider: Provider | None
    open_requests: OpenRequests
    profile: ClientProfile


class Directory(Protocol):
    """Reading for slot lookup."""

    def provider(self, provider_id: str) -> Provider | None:
        """One provider's snapshot. 1 call."""

    def providers(self) -> tuple[Practice | None, Sequence[Provider]]:
        """The practice and all its providers, by id. 1 call a megabyte."""

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """A provider's time over UTC dates, both ends included. 1 call a megabyte; eventually consistent."""

    def days_of_all(self, provider_ids: Sequence[str], first: date, last: date) -> Mapping[str, Days]:
        """The same for several providers, side by side. 1 call each."""


class Requests(Protocol):
    """Requests with their ledgers."""

    def submission(self, request_id: str | None, client_id: str | None, provider_id: str, day: date) -> Submission:
        """What a submission for a start on the UTC date `day` looks at. 1 consistent call.

        Without a `request_id` or `client_id` no such request and no open requests are found.
        """

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """As Directory.days: for the alternatives. 1 call."""

    def request(self, request_id: str) -> Request | None:
        """A request as it stands. 1 consistent call."""

    def with_days(self, request_id: str, near: Near | None) -> Found | None:
        """A request and the ledgers around its start. 1 consistent call where `near` is right, else 2.

        1 more for a request that replaces another.
        """

    def with_surroundings(
        self, request_id: str, near: Near | None, dates: Sequence[date], *, client: bool = True
    ) -> Surroundings | None:
        """The same with the ledgers around further UTC dates, the provider, the practice and, if asked, the client."""

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 consistent call."""

    def commit(
        self,
        step: Step,
        ledgers: LedgerChange,
        open_requests: OpenRequests | None = None,
        replaced: Step | None = None,
    ) -> None:
        """Write a step: request, ledgers, event, mails and client's rows, all or nothing. 1 call.

        With `open_requests` the step makes one more: they must not have changed since they were read, and it counts
        towards the day's. `replaced` is the
        step of the request that gives up its place to this one. Verifying a request also remembers the address as
        verified. Raises ContentionError when anything it rests on has changed or is being written, or on throttling.
        """

    def overdue(self, now: datetime) -> Iterator[str]:
        """Ids of open requests whose deadline is at or before `now`, oldest first. 1 call a page."""


class Outbox(Protocol):
    """Mails that are owed, and the events that say so."""

    def owed(self, request_id: str, version: int) -> tuple[Request | None, Sequence[Mail]]:
        """A request as it stands, and the unsent mails of one of its versions. 1 consistent call."""

    def readers(self, provider_id: str) -> tuple[Practice | None, Provider | None]:
        """Who sends and who answers, for the text of a mail. 1 call."""

    def lease(self, mail: Mail, now: datetime) -> None:
        """Take a mail for 5 minutes. Raises LeasedError when somebody else has it or it is settled. 1 call."""

    def release(self, mail: Mail) -> None:
        """Give a leased mail back, so that the next attempt need not wait. 1 call."""

    def sent(self, mail: Mail, now: datetime) -> None:
        """It is on its way. 1 call."""

    def superseded(self, mail: Mail, now: datetime) -> None:
        """Events have overtaken it; it will never be sent. 1 call."""

    def unsent(self, now: datetime) -> Iterator[Mail]:
        """Mails whose event is to be published by `now` and that are not settled. 1 call a page, 1 for each mail.

        That is a reminder's own time, and ten minutes after a transition for what it tells at once; oldest first.
        """

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 call."""

    def event(self, request_id: str, version: int) -> Event | None:
        """The event of a version. 1 call."""

    def postpone(self, mail: Mail, now: datetime) -> None:
        """It was published at `now`: do not look at it for the next ten minutes. 1 call."""


class Bus(Protocol):
    """Where events are published."""

    def publish(self, events: Iterable[Event]) -> None:
        """Publish all of them. Raises NotPublishedError when the bus did not take every one."""


class NotPublishedError(Exception):
    """The bus refused some events; publish all again. `refused` is how many, `codes` the bus's reasons."""

    def __init__(self, refused: int, codes: Sequence[str]) -> None:
        """`codes` are the bus's error codes, no event content."""
        super().__init__(f"{refused} events refused: {', '.join(sorted(set(codes)))}")
        self.refused = refused
        self.codes = tuple(codes)


class Post(Protocol):
    """Composes a mail and hands it to the mail service."""

    def deliver(self, mail: Mail, request: Request, practice: Practice, provider: Provider) -> None:
        """Send it. Raises NotDeliveredError when the mail service does not take it."""
