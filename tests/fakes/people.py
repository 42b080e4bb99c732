"""The port Portal in memory, on the same store."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from openhour.application.client.portal import PAGE
from openhour.application.jobs.bounces import Trouble
from openhour.application.ports.people import Appointment, Entry, Named, Page, SignInRequest, Use
from openhour.domain.clients import ClientProfile
from openhour.domain.requests import Request
from openhour.domain.values import Practice
from tests.fakes.store import InMemoryStore


@dataclass
class InMemoryPortal:
    """People and their lists, from an InMemoryStore."""

    store: InMemoryStore
    asked: dict[tuple[str, int], SignInRequest] = field(default_factory=dict)
    used: dict[tuple[str, datetime], str] = field(default_factory=dict)

    def ask_for_link(self, asked: SignInRequest) -> None:
        self.asked.setdefault((asked.client, asked.period), asked)

    def link_asked_for(self, client_id: str, period: int) -> SignInRequest | None:
        return self.asked.get((client_id, period))

    def is_known(self, client_id: str) -> bool:
        profile = self.profile(client_id)
        return profile.listed or profile.verified_at is not None or any(key[0] == client_id for key in self.store.rows)

    def practice(self) -> Practice | None:
        return self.store.practice

    def profile(self, client_id: str) -> ClientProfile:
        return self.store.profile(client_id)

    def enter(self, client_id: str, epoch: int, use: Use, period: int, now: datetime) -> Entry:
        profile = self.profile(client_id)
        if profile.epoch != epoch:
            return Entry.SIGNED_OUT
        if self.used.get((client_id, use.ends), use.by) != use.by:
            return Entry.USED
        self.used[client_id, use.ends] = use.by
        self.asked.pop((client_id, period), None)
        verified_at = profile.verified_at or now
        self.store.profiles[client_id] = replace(profile, verified_at=verified_at, undeliverable_at=None)
        return Entry.IN

    def mark(self, client_id: str, trouble: Trouble, now: datetime) -> None:
        name = {Trouble.UNDELIVERABLE: "undeliverable_at", Trouble.COMPLAINT: "complained_at"}[trouble]
        self.store.profiles[client_id] = replace(self.profile(client_id), **{name: now})

    def sign_out(self, client_id: str, epoch: int, period: int, now: datetime) -> None:
        profile = self.profile(client_id)
        if profile.epoch == epoch:
            self.asked.pop((client_id, period), None)
            self.store.profiles[client_id] = replace(profile, epoch=epoch + 1, signed_out_at=now)

    def appointments(
        self, client_id: str, first: datetime, last: datetime, after: str | None, *, forwards: bool
    ) -> Page:
        rows = {
            f"APPT#{start:%Y-%m-%dT%H:%M:%SZ}#{request_id}": row
            for (client, start, request_id), row in self.store.rows.items()
            if client == client_id and first <= start <= last
        }
        keys = sorted(rows, reverse=not forwards)
        if after is not None:
            keys = [key for key in keys if (key > after if forwards else key < after)]
        shown = keys[:PAGE]
        return Page([line(rows[key]) for key in shown], shown[-1] if len(shown) == PAGE else None)


def line(row: Request) -> Appointment:
    """A row of a person's own list."""
    return Appointment(
        id=row.id,
        status=row.status,
        start=row.start,
        end=row.end,
        deadline=row.deadline,
        provider=Named(row.provider.id, row.provider.name),
        location=Named(row.location.id, row.location.name),
        forum=row.forum,
        service=Named(row.service.id, row.service.name),
    )
