"""Requests with their ledgers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from openhour.domain.booking import LedgerChange
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import Days
from openhour.domain.requests import Request, Step
from openhour.domain.values import Practice, Provider


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
