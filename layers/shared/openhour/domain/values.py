"""What a practice offers: services, locations, providers and their weekly hours.

Plain frozen values. Local times are minutes after local midnight (0 to 1440), durations are minutes, zones are
IANA names. Nothing here reads a clock or does I/O.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

MINUTES_PER_DAY = 24 * 60
LONGEST_SESSION = 12 * 60
LONGEST_BUFFER = 4 * 60


class Forum(StrEnum):
    """How client and provider meet."""

    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


class SelfSchedule(StrEnum):
    """Who may ask for an appointment with a provider."""

    PUBLIC = "public"
    LINK = "link"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Service:
    """What is booked, one per request (FHIR HealthcareService). All times in minutes, the horizon in days."""

    id: str
    name: str
    duration: int
    step: int = 15
    buffer_before: int = 0
    buffer_after: int = 0
    min_notice: int = 24 * 60
    horizon_days: int = 60
    max_per_day: int | None = None
    price: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a session takes place (FHIR Location)."""

    id: str
    name: str
    address: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Block:
    """A weekly window of a provider at a location (RFC 7953 AVAILABLE).

    `days` are ISO weekdays, 1 = Monday to 7 = Sunday. `start` and `end` are minutes after local midnight in the
    location's zone; `end` is at most 1440 (`24:00`).
    """

    days: frozenset[int]
    start: int
    end: int
    location: str
    forums: frozenset[Forum]
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class Override:
    """Replaces the blocks of one local date: closed when `blocks` is empty, else these hours.

    The `days` of its blocks are not looked at. With a `location` only that location's blocks are replaced.
    """

    date: date
    blocks: tuple[Block, ...] = ()
    location: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """How long a provider may take to answer. `answer_lead` and `answer_time` in minutes (design: 60 and 15)."""

    answer_lead: int = 60
    answer_time: int = 15


@dataclass(frozen=True, slots=True)
class Provider:
    """A therapist with everything that slot lookup and mails need, as one snapshot (FHIR Practitioner).

    `version` changes whenever anything in the snapshot does; compiled schedules are cached under it.
    `email`, `telehealth_url` and `mail_initials_only` never leave through the public API.
    """

    id: str
    name: str
    title: str
    email: str
    time_zone: str
    self_schedule: SelfSchedule
    services: dict[str, Service]
    locations: dict[str, Location]
    blocks: tuple[Block, ...]
    overrides: tuple[Override, ...] = ()
    max_per_day: int | None = None
    telehealth_url: str | None = None
    photo_url: str | None = None
    locale: str = "en"
    mail_initials_only: bool = True
    rules: AnswerRules = field(default_factory=AnswerRules)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Practice:
    """The organisation that deploys Openhour (FHIR Organization).

    `neutral_name` is what subjects, sender names and calendar summaries show: it names neither service nor
    therapy. `contact` is a sentence that tells a client how to reach the practice without Openhour.

    `max_open_requests` and `max_requests_per_day` (of UTC) limit what one person asks for who has shown that the
    address is theirs. `verify` says that without a sign-in a mailed link has to show it before a provider hears of it.
    `cancellation_notice` in minutes: a client who cancels later than that is marked late. `client_reminder` is how
    many minutes before a session its client is reminded, None for never. `keep_days` after a session its client's
    data are made anonymous, None for never. `reply_to` is the address that replies to mails go to, None where nobody
    reads them. `locales` are the languages that clients may choose.
    """

    id: str
    name: str
    neutral_name: str
    contact: str
    time_zone: str
    locale: str = "en"
    max_open_requests: int = 3
    max_requests_per_day: int = 10
    privacy_text: str | None = None
    consent_text: str | None = None
    locales: tuple[str, ...] = ("en",)
    verify: bool = True
    known_clients_only: bool = False
    cancellation_notice: int = 24 * 60
    client_reminder: int | None = 24 * 60
    provider_reminders: bool = True
    keep_days: int | None = None
    reply_to: str | None = None
    version: str = ""
