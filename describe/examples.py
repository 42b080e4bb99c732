"""What the examples of the API's description are of: a practice, a provider and a request that do not exist."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from openhour.adapters.http.times import rfc3339
from openhour.domain.ledger import Days
from openhour.domain.requests import Client, ProviderCard, Request
from openhour.domain.slots import Wanted
from openhour.domain.transitions import Status
from openhour.domain.values import Block, Forum, Location, Practice, Provider, SelfSchedule, Service

NOW = datetime(2027, 3, 3, 10, 15, tzinfo=UTC)
START = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DEADLINE = datetime(2027, 3, 5, 10, 15, tzinfo=UTC)
REQUEST_ID = "n4zq7f2xk5v3mwu6c1hd0ytbae"
KEY = "8f14e45f-ceea-4671-b9f2-a1d0c1f2b3c4"

LOCATION = Location("harbour", "Harbour rooms", "14 Quay Lane\nLondon", "Europe/London")
SERVICE = Service("session", "Session", duration=50, step=30, buffer_after=10, price="£85")
_MORNINGS = Block(frozenset({1, 3}), 9 * 60, 11 * 60, "harbour", frozenset(Forum), frozenset({"session"}))
PRACTICE = Practice(
    id="harbour",
    name="Harbour Psychology",
    neutral_name="Harbour Office",
    contact="Call the front desk on +44 20 7946 0321.",
    time_zone="Europe/London",
    locale="en-GB",
)
PROVIDER = Provider(
    id="maya-okafor",
    name="Dr Maya Okafor",
    title="Clinical psychologist",
    email="maya.okafor@harbour.example",
    time_zone="Europe/London",
    self_schedule=SelfSchedule.PUBLIC,
    services={"session": SERVICE},
    locations={"harbour": LOCATION},
    blocks=(_MORNINGS,),
    telehealth_url="https://meet.harbour.example/maya-okafor",
)
WANTED = Wanted("session", "harbour", Forum.IN_PERSON)
REQUEST = Request(
    id=REQUEST_ID,
    body_hash="",
    client=Client("", "Ana Lima", "ana@example.com", "Europe/Lisbon"),
    provider=ProviderCard(PROVIDER.id, PROVIDER.name, PROVIDER.time_zone, PROVIDER.telehealth_url),
    location=LOCATION,
    forum=Forum.IN_PERSON,
    service=SERVICE,
    start=START,
    submitted_at=NOW,
    status=Status.PENDING,
    status_at=NOW,
    version=1,
    revision=1,
    uid=REQUEST_ID,
    deadline=DEADLINE,
    note="Mornings suit me best.",
)
TOKEN = "WyJvcGVucyIsMV0.c2lnbmF0dXJlLW9mLXRoZS1zdGFjaw"  # noqa: S105 - opens nothing
MOVED = replace(
    REQUEST, id="m2zq7f2xk5v3mwu6c1hd0ytbaf", version=3, replaces=REQUEST_ID, replaces_start=START, start=START + DAY
)


class _Example:
    """The ports Directory and Clock of slot lookup: one provider, nothing booked."""

    def now(self) -> datetime:
        return NOW

    def provider(self, _provider_id: str) -> Provider | None:
        return PROVIDER

    def practice_alone(self) -> Practice | None:
        return PRACTICE

    def providers(self) -> tuple[Practice | None, list[Provider]]:
        return PRACTICE, [PROVIDER]

    def days(self, _provider_id: str, _first: date, _last: date) -> Days:
        return Days()

    def days_of_all(self, provider_ids: Any, _first: date, _last: date) -> Mapping[str, Days]:
        return dict.fromkeys(provider_ids, Days())


WORLD = _Example()


def wish() -> dict[str, Any]:
    """What the request asks for, before anybody said who asks."""
    return {
        "provider": PROVIDER.id,
        "location": LOCATION.id,
        "forum": WANTED.forum.value,
        "service": SERVICE.id,
        "start": rfc3339(START),
    }
