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
UNSENT_SK = "publish_at"
UNSENT = "UNSENT"

KEPT_INDEX = "kept"
KEPT_PK = "kept"
KEPT_SK = "over_at"
KEPT = "KEPT"

EVENT_PREFIX = "EVENT#"
LINK_PREFIX = "LINK#"
MAIL_PREFIX = "MAIL#"

type Key = tuple[str, str]


def practice() -> Key:
    """The practice's profile."""
    return "PRACTICE", "PROFILE"


def provider(provider_id: str) -> Key:
    """A provider's snapshot; all of them are one Query away."""
    return "PRACTICE", f"PROVIDER#{provider_id}"


def directory() -> Key:
    """The practice and all its providers once more, in one item; in a partition of its own, as everybody reads it."""
    return "DIRECTORY", "ALL"


def applied_practice() -> Key:
    """The practice's profile as it was last applied from a file."""
    return "APPLIED", "PROFILE"


def applied_provider(provider_id: str) -> Key:
    """A provider's snapshot as it was last applied from a file."""
    return "APPLIED", f"PROVIDER#{provider_id}"


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


def mail(request_id: str, version: int, reader: str, number: int = 0) -> Key:
    """A mail that a transition owes to a reader (`client` or `provider`); its reminders are numbered from 1."""
    reminder = f"#{number}" if number else ""
    return f"REQUEST#{request_id}", f"{MAIL_PREFIX}{version:06d}#{reader}{reminder}"


def appointment(client_id: str, start: str, request_id: str) -> Key:
    """The row of a request in its client's own list; `start` is an RFC 3339 UTC instant."""
    return f"CLIENT#{client_id}", f"APPT#{start}#{request_id}"


def agenda(client_id: str) -> Key:
    """What stands of a client's: open requests and appointments to come, with their times."""
    return f"CLIENT#{client_id}", "OPEN"


def known_client(client_id: str) -> Key:
    """That the practice's own list of clients names this one."""
    return f"CLIENT#{client_id}", "KNOWN"


def applied_client(client_id: str) -> Key:
    """That the practice's own list of clients named this one when it was last applied; all are one Query away."""
    return "KNOWN", f"CLIENT#{client_id}"


def sign_in(client_id: str, period: int) -> Key:
    """That a sign-in link was asked for, with the address it goes to."""
    return f"SIGNIN#{client_id}", f"{LINK_PREFIX}{period:010d}"


def used_link(client_id: str, end: int) -> Key:
    """That a sign-in link was used; `end` is when it ends, in epoch seconds."""
    return f"SIGNIN#{client_id}", f"USED#{end:010d}"


def sign_in_event(client_id: str, period: int) -> Key:
    """The same as an event: its INSERT is what the stream publishes."""
    return f"SIGNIN#{client_id}", f"{EVENT_PREFIX}{period:010d}"


def caller_count(caller_id: str, what: str, utc_date: date) -> Key:
    """How often a caller did something on a UTC date, by the hour."""
    return f"CALLER#{caller_id}", f"{what}#{utc_date.isoformat()}"


def spent_proof(challenge: str) -> Key:
    """That a challenge was solved, and what for: each solution counts once."""
    return f"PROOF#{challenge}", "SPENT"


def profile(client_id: str) -> Key:
    """What is remembered of a client: address verified, signed out, undeliverable."""
    return f"CLIENT#{client_id}", "PROFILE"
