"""Every key of the table, built here and nowhere else. `docs/access-patterns.md` lists them with their readers."""

from datetime import date

PK = "pk"
SK = "sk"

OVERDUE_INDEX = "overdue"
OVERDUE_PK = "open"
OVERDUE_SK = "deadline"
OPEN = "OPEN"

UNSENT_INDEX = "unsent"
UNSENT_PK = "unsent"
UNSENT_SK = "due_at"
UNSENT = "UNSENT"

EVENT_PREFIX = "EVENT#"
MAIL_PREFIX = "MAIL#"

type Key = tuple[str, str]


def practice() -> Key:
    """The practice's profile."""
    return "PRACTICE", "PROFILE"


def provider(provider_id: str) -> Key:
    """A provider's snapshot; all of them are one Query away."""
    return "PRACTICE", f"PROVIDER#{provider_id}"


def day(provider_id: str, utc_date: date) -> Key:
    """The day ledger of a provider, by the UTC date of the start."""
    return f"PROVIDER#{provider_id}", f"DAY#{utc_date.isoformat()}"


def external(provider_id: str, utc_date: date) -> Key:
    """External busy times of a provider on a UTC date; sorts right behind that date's ledger."""
    return f"PROVIDER#{provider_id}", f"DAY#{utc_date.isoformat()}#EXT"


def request(request_id: str) -> Key:
    """A request, which is its own idempotency record."""
    return f"REQUEST#{request_id}", "REQUEST"


def event(request_id: str, version: int) -> Key:
    """One transition of a request, immutable; its INSERT is what the stream publishes."""
    return f"REQUEST#{request_id}", f"{EVENT_PREFIX}{version:06d}"


def mail(request_id: str, version: int, reader: str) -> Key:
    """A mail that a transition owes to a reader (`client` or `provider`)."""
    return f"REQUEST#{request_id}", f"{MAIL_PREFIX}{version:06d}#{reader}"


def appointment(client_id: str, start: str, request_id: str) -> Key:
    """The row of a request in its client's own list; `start` is an RFC 3339 UTC instant."""
    return f"CLIENT#{client_id}", f"APPT#{start}#{request_id}"


def open_requests(client_id: str) -> Key:
    """A client's open requests with their deadlines."""
    return f"CLIENT#{client_id}", "OPEN"
