"""The shape of `practice.yaml`: what may stand where, and in which bounds. References are checked elsewhere."""

import datetime as dt
import re
from contextlib import suppress
from typing import Annotated
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.characters import many_lines, one_line, shows_something
from openhour.adapters.written.deliverable import LONGEST, AddressError, carried
from openhour.domain.values import LONGEST_BUFFER, LONGEST_SESSION, Forum, SelfSchedule
from operate.practice.words import duration_in_minutes, minutes_after_midnight, time_zone, weekdays, yes_or_no

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
_LOCALE = r"^[a-z]{2,3}(-[A-Z]{2})?$"
_WEB_ADDRESS = r"^https://[^\s/]+[^\s]*$"
_TIME_SCHEMA = {"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "examples": ["09:00"]}
_DAY_SCHEMA = {"type": "string", "pattern": "^[A-Za-z]{3}( ?- ?[A-Za-z]{3})?$", "examples": ["mon", "mon-fri"]}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTED = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control, lone surrogate, line and paragraph separators
_YEAR = 365 * 24 * 60
_WEEK = 7 * 24 * 60
_MONTH = 30 * 24 * 60


def _matching(pattern: str, meaning: str) -> tuple[AfterValidator, WithJsonSchema]:
    """Text of one form, explained in words instead of as a pattern."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise ValueError(f"must be {meaning}, not {value!r}")
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": pattern})


def _no_control_characters(value: str) -> str:
    if any(category(character) in _UNPRINTED and character not in "\n\t" for character in value):
        raise ValueError("must not contain control characters")
    return value


def _no_blank(value: str) -> str:
    if not shows_something(value):
        raise ValueError("must not be empty")
    return value


def _one_address(value: object) -> object:
    """The address in what was pasted; what is none is told as it stands."""
    with suppress(AddressError):
        return read_address(value) if isinstance(value, str) else value
    return value


def _for_mails(value: str) -> str:
    try:
        return carried(value)
    except AddressError as error:
        raise ValueError(f"is an address that no mail can be written to: {error}") from None


def _one_line(value: str) -> str:
    if "\n" in value:
        raise ValueError("must be a single line")
    return value


def _one_or_more(value: object) -> object:
    """A single text stands for a list of one."""
    return [value] if isinstance(value, str) else value


def _nothing_as_empty(value: object) -> object:
    """A key whose entries were all removed or commented out is an empty list."""
    return [] if value is None else value


def _names(value: list[str]) -> list[str]:
    if not value:
        raise ValueError("must name at least one")
    return value


def _iso_date(value: object) -> dt.date:
    text = value if isinstance(value, str) and _DATE.fullmatch(value) else ""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be a date that exists, written as 2027-12-24, not {value!r}") from None


def _minutes(least: int, most: int) -> tuple[BeforeValidator, AfterValidator, WithJsonSchema]:
    """Whole minutes, or a text with a unit, within bounds."""

    def check(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"must be {least} to {most} minutes, not {value}")
        return value

    schema = WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": least, "maximum": most},
                {"type": "string", "pattern": "^[0-9]{1,6} ?(min|h|d)$"},
            ]
        }
    )
    return BeforeValidator(duration_in_minutes), AfterValidator(check), schema


Slug = Annotated[
    str,
    *_matching(_SLUG, "lower-case letters, digits and single hyphens, such as first-session"),
    AfterValidator(lambda value: _at_most(value, 40)),
    WithJsonSchema({"type": "string", "pattern": _SLUG, "maxLength": 40}),
]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_one_line),
    AfterValidator(_no_control_characters),
    AfterValidator(one_line),
    AfterValidator(_no_blank),
]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_no_control_characters),
    AfterValidator(many_lines),
    AfterValidator(_no_blank),
]
TimeZone = Annotated[str, AfterValidator(time_zone)]
Locale = Annotated[str, *_matching(_LOCALE, "a language such as en or en-GB")]
Email = Annotated[
    str,
    BeforeValidator(_one_address),
    StringConstraints(max_length=LONGEST),
    *_matching(_EMAIL, "an email address such as jo@example.org"),
    AfterValidator(_for_mails),
    WithJsonSchema({"type": "string", "format": "email"}),
]
WebAddress = Annotated[
    str,
    StringConstraints(max_length=1000),
    *_matching(_WEB_ADDRESS, "a web address that begins with https://"),
]
LocalTime = Annotated[int, BeforeValidator(minutes_after_midnight), WithJsonSchema(_TIME_SCHEMA)]
Weekdays = Annotated[
    frozenset[int],
    BeforeValidator(weekdays),
    WithJsonSchema({"anyOf": [_DAY_SCHEMA, {"type": "array", "items": _DAY_SCHEMA, "minItems": 1}]}),
]
LocalDate = Annotated[dt.date, BeforeValidator(_iso_date)]
_NAMES_SCHEMA = {"type": "array", "items": {"type": "string"}, "minItems": 1}
Names = Annotated[
    list[Slug],
    BeforeValidator(_one_or_more),
    AfterValidator(_names),
    WithJsonSchema({"anyOf": [{"type": "string"}, _NAMES_SCHEMA]}),
]
_FORUM_SCHEMA = {"type": "string", "enum": [forum.value for forum in Forum]}
Forums = Annotated[
    list[Annotated[Forum, Field(strict=False)]],
    BeforeValidator(_one_or_more),
    AfterValidator(_names),
    WithJsonSchema({"anyOf": [_FORUM_SCHEMA, {"type": "array", "items": _FORUM_SCHEMA, "minItems": 1}]}),
]


def _at_most(value: str, longest: int) -> str:
    if len(value) > longest:
        raise ValueError(f"must be at most {longest} characters long, not {len(value)}")
    return value


class Part(BaseModel):
    """A group of keys in the file: unknown ones are errors, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PracticePart(Part):
    """The practice itself and the rules that hold for all its providers."""

    id: Slug
    name: Line = Field(description="The full name, shown on the booking page.")
    neutral_name: Line = Field(description="What mail subjects, senders and calendars show. Names no therapy.")
    contact: Line = Field(description="A sentence: how to reach the practice without Openhour.")
    time_zone: TimeZone = Field(description="IANA name; the default for locations and providers.")
    locale: Locale = "en"
    max_open_requests: int = Field(3, ge=1, le=100, description="Open requests that one client may have at a time.")
    max_requests_per_day: int = Field(10, ge=1, le=1000, description="Requests that one client may make in a day.")
    answer_lead: Annotated[int, *_minutes(0, _WEEK)] = Field(
        60, description="An answer is due this long before the session starts."
    )
    answer_time: Annotated[int, *_minutes(0, _WEEK)] = Field(15, description="The least time a provider has to answer.")
    privacy_text: Prose | None = None
    consent_text: Prose | None = Field(None, description="What a client agrees to by submitting.")
    locales: Annotated[list[Locale], Field(min_length=1)] = Field(
        ["en"], description="Languages that clients may choose, the default first."
    )
    verify: Annotated[bool, BeforeValidator(yes_or_no)] = Field(
        True,
        description="true: who is not signed in follows a mailed link before the provider hears of their request. "
        "false: the provider hears at once, whoever typed the address.",
    )
    known_clients_only: bool = Field(False, description="Take requests only from the clients in known_clients_file.")
    known_clients_file: Line | None = Field(
        None, description="A file beside this one with one mail address a line: the clients that the practice knows."
    )
    cancellation_notice: Annotated[int, *_minutes(0, _MONTH)] = Field(
        24 * 60, description="A client who cancels later than this before the start is marked late."
    )
    client_reminder: Annotated[int, *_minutes(60, _MONTH)] | None = Field(
        24 * 60, description="How long before a session its client is reminded; null for never."
    )
    provider_reminders: bool = Field(True, description="Remind providers of requests that wait for an answer.")
    reply_to: Email | None = Field(
        None, description="Where replies to mails go; null: mails say that replies are not read."
    )
    keep_days: int | None = Field(
        None, ge=1, le=3650, description="Days after a session when its client's data are made anonymous; null: never."
    )


class LocationPart(Part):
    """Where sessions take place. Hours at a location are in its time zone."""

    id: Slug
    name: Line
    address: Line
    time_zone: TimeZone | None = Field(None, description="IANA name; the practice's when left out.")


class ServicePart(Part):
    """What clients book. Times are minutes, or texts such as `50 min`, `36 h`, `2 d`."""

    id: Slug
    name: Line
    duration: Annotated[int, *_minutes(5, LONGEST_SESSION)]
    step: Annotated[int, *_minutes(5, LONGEST_SESSION)] = Field(15, description="Time between possible starts.")
    buffer_before: Annotated[int, *_minutes(0, LONGEST_BUFFER)] = Field(0, description="Free time kept before.")
    buffer_after: Annotated[int, *_minutes(0, LONGEST_BUFFER)] = Field(0, description="Free time kept after.")
    min_notice: Annotated[int, *_minutes(0, _YEAR)] = Field(1440, description="How long ahead one has to ask.")
    horizon_days: int = Field(60, ge=0, le=730, description="How many days ahead one may ask.")
    max_per_day: int | None = Field(None, ge=1, le=100, description="Most sessions of this service on one day.")
    price: Line | None = Field(None, description="As shown to clients, with its currency.")
    description: Prose | None = None


class HoursPart(Part):
    """Hours at a location. For hours past midnight write two: until 24:00, and from 00:00 on the next day."""

    start: LocalTime
    end: LocalTime
    location: Slug | None = Field(None, description="May be left out only where the override names one.")
    forums: Forums
    services: Names | None = Field(None, description="All services of the provider when left out.")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", -1):
            raise ValueError(
                "must be later than start; for hours past midnight write two entries, "
                "one until 24:00 and one from 00:00 on the next day"
            )
        return end


class AvailabilityPart(HoursPart):
    """Hours that come back every week."""

    days: Weekdays
    location: Slug


class OverridePart(Part):
    """Replaces the weekly hours of a date, or of the dates up to and including `until`.

    A range with hours replaces those of the weekdays that have hours anyway, or of the `days` that it names.
    """

    date: LocalDate
    until: LocalDate | None = Field(None, description="The last date, when there are several.")
    days: Weekdays | None = Field(
        None,
        description="Weekdays of a range that are meant. Without it those that have weekly hours, or all if closed.",
    )
    location: Slug | None = Field(None, description="Replaces the hours of this location only.")
    closed: bool = Field(False, description="true: no hours at all.")
    hours: Annotated[list[HoursPart], BeforeValidator(_nothing_as_empty)] = []

    @field_validator("until")
    @classmethod
    def _within_a_year(cls, until: dt.date | None, info: ValidationInfo) -> dt.date | None:
        first = info.data.get("date")
        if until is not None and first is not None and not 0 <= (until - first).days <= 366:  # noqa: PLR2004 a year
            raise ValueError("must not be before date, and at most a year after it")
        return until


class ProviderPart(Part):
    """A therapist and when they can be booked."""

    id: Slug
    name: Line
    title: Line = Field(description="As clients know it, such as Clinical psychologist.")
    email: Email = Field(description="Where requests are sent; never shown to clients.")
    time_zone: TimeZone | None = Field(None, description="IANA name; the practice's when left out.")
    self_schedule: SelfSchedule = Field(
        strict=False, description="public: listed; link: bookable by direct link only; off: not bookable."
    )
    services: Names = Field(description="What the provider offers.")
    availability: Annotated[list[AvailabilityPart], BeforeValidator(_nothing_as_empty)] = []
    overrides: Annotated[list[OverridePart], BeforeValidator(_nothing_as_empty)] = []
    max_per_day: int | None = Field(None, ge=1, le=100, description="Most sessions of all services on one day.")
    telehealth_url: WebAddress | None = Field(None, description="Sent to clients once a session is confirmed.")
    photo_url: WebAddress | None = None
    locale: Locale | None = Field(None, description="Language of the provider's mails; the practice's when left out.")
    mail_initials_only: bool = Field(True, description="Mails to the provider name clients by initials only.")


class PracticeFile(Part):
    """A practice set-up file of Openhour."""

    practice: PracticePart
    locations: list[LocationPart] = Field(min_length=1)
    services: list[ServicePart] = Field(min_length=1)
    providers: list[ProviderPart] = Field(min_length=1)
