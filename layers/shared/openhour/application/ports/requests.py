"""Requests with their ledgers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from openhour.domain.agenda import Agenda
from openhour.domain.booking import LedgerChange
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import Days
from openhour.domain.requests import Request, Step
from openhour.domain.values import Practice, Provider


@dataclass(frozen=True, slots=True)
class Submission:
    """All that a submission looks at, read consistently in one call."""

    practice: Practice | None
    provider: Provider | None
    days: Days
    request: Request | None
    agenda: Agenda
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

    `agenda` is its client's. `replaced` is the confirmed request whose place it would take, `move` the one that would
    take its own; the times of both are among `days`.
    """

    request: Request
    days: Days
    agenda: Agenda = field(default_factory=Agenda)
    replaced: Request | None = None
    move: Request | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client's change looks at beside the request: the practice's rules, the provider's hours, the client."""

    found: Found
    practice: Practice | None
    provider: Provider | None
    profile: ClientProfile


class Requests(Protocol):
    """Requests with their ledgers."""

    def submission(self, request_id: str | None, client_id: str | None, provider_id: str, day: date) -> Submission:
        """What a submission for a start on the UTC date `day` looks at. 1 consistent call.

        Without a `request_id` or `client_id` no such request and an empty agenda are found.
        """

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """As Directory.days: for the alternatives. 1 call."""

    def request(self, request_id: str) -> Request | None:
        """A request as it stands. 1 consistent call."""

    def with_days(self, request_id: str, near: Near | None) -> Found | None:
        """A request, the ledgers around its start and its client's agenda. 1 consistent call where `near` is right.

        Else 2; 1 more for a request that replaces another, or that another one would replace.
        """

    def with_surroundings(
        self, request_id: str, near: Near | None, dates: Sequence[date], *, client: bool = True
    ) -> Surroundings | None:
        """The same with the ledgers around further UTC dates, the provider, the practice and, if asked, the profile."""

    def profile(self, client_id: str) -> ClientProfile:
        """What is remembered of a client. 1 consistent call."""

    def commit(self, step: Step, ledgers: LedgerChange, agenda: Agenda, beside: Step | None = None) -> None:
        """Write a step: request, ledgers, event, mails, client's row and agenda, all or nothing. 1 call.

        `agenda` is the client's as it was read. `beside` is the step that another request of the same client takes with
        it: the one that gives up its place, or the one that asked for the place of what is cancelled. Verifying a
        request also remembers the address as verified. Raises ContentionError when anything it rests on has changed or
        is being written, or on throttling.
        """

    def overdue(self, now: datetime) -> Iterator[str]:
        """Ids of open requests whose deadline is at or before `now`, oldest first. 1 call a page."""
