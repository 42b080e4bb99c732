"""Values for tests: a small practice, and requests in any state. Everything can be overridden."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from openhour.domain.ledger import minute_of
from openhour.domain.requests import Client, ProviderCard, Request
from openhour.domain.transitions import Status
from openhour.domain.values import Block, Forum, Location, Practice, Provider, SelfSchedule, Service

# A Monday. Nothing in the tests depends on the day they run.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
START = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)  # a Monday, 09:00 in London too

TALK = Service(
    id="talk",
    name="Couples therapy",
    duration=50,
    buffer_after=10,
    min_notice=24 * 60,
    horizon_days=60,
    price="80 GBP",
)
LONG_TALK = replace(TALK, id="long-talk", name="Long session", duration=80)
LONDON = Location("marylebone", "Marylebone rooms", "4 Nottingham Place\nLondon W1U 5NB", "Europe/London")
BOTH = frozenset(Forum)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """An instant in 2027, UTC."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def block(**changes: Any) -> Block:
    """Weekdays 09:00 to 17:00 in London, both forums, both services."""
    services = frozenset({TALK.id, LONG_TALK.id})
    return replace(Block(WEEKDAYS, 9 * 60, 17 * 60, LONDON.id, BOTH, services), **changes)


def provider(**changes: Any) -> Provider:
    """Dr Maya Okafor, who works weekdays in London."""
    return replace(
        Provider(
            id="maya-okafor",
            name="Dr Maya Okafor",
            title="Psychotherapist",
            email="maya@practice.example",
            time_zone="Europe/London",
            self_schedule=SelfSchedule.PUBLIC,
            services={TALK.id: TALK, LONG_TALK.id: LONG_TALK},
            locations={LONDON.id: LONDON},
            blocks=(block(),),
            telehealth_url="https://meet.example/maya",
        ),
        **changes,
    )


def practice(**changes: Any) -> Practice:
    """The practice all of this belongs to."""
    return replace(
        Practice(
            id="riverside",
            name="Riverside Therapy",
            neutral_name="Riverside",
            contact="Call +44 20 7946 0000 or write to office@practice.example.",
            time_zone="Europe/London",
            verify=False,
            client_reminder=None,
            provider_reminders=False,
        ),
        **changes,
    )


def request(**changes: Any) -> Request:
    """A pending request of Ana Lima for Monday 8 March 2027, 09:00."""
    return replace(
        Request(
            id="r" * 26,
            body_hash="0" * 64,
            client=Client("c" * 26, "Ana Lima", "ana@client.example", "Europe/Lisbon", "+351 21 000 0000"),
            provider=ProviderCard("maya-okafor", "Dr Maya Okafor", "Europe/London", "https://meet.example/maya"),
            location=LONDON,
            forum=Forum.IN_PERSON,
            service=TALK,
            start=START,
            submitted_at=NOW,
            status=Status.PENDING,
            status_at=NOW,
            version=1,
            revision=1,
            uid="r" * 26,
            deadline=NOW + timedelta(hours=48),
            note="I would rather not say much here.",
        ),
        **changes,
    )


def minutes(*instants: datetime) -> list[int]:
    """Epoch minutes."""
    return [minute_of(instant) for instant in instants]
