"""Reading single values that people and programs send: dates, instants, zones. Parsed by hand, no pydantic."""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_ZONE = re.compile(r"(?!(?:posix|right)/)[A-Z][A-Za-z0-9_+-]{0,40}(/[A-Za-z0-9_+-]{1,40}){0,2}", re.ASCII)
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})
_FIRST_YEAR, _LAST_YEAR = 2000, 9990

DATE_HINT = "Write a date as 2027-03-08, without a time or a zone."
INSTANT_HINT = "Write an instant with its offset, as 2027-03-08T09:00:00Z (RFC 3339)."
ZONE_HINT = "Write an IANA time zone name, as Europe/London."


def parse_date(text: str) -> date:
    """A full-date of RFC 3339, section 5.6. Raises ValueError with a sentence for a person."""
    try:
        value = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        value = None
    if value is None or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(DATE_HINT)
    return value


def parse_instant(text: str) -> datetime:
    """A date-time of RFC 3339, section 5.6, with any offset, as an aware UTC instant. Raises ValueError."""
    try:
        value = datetime.fromisoformat(text.upper()) if _INSTANT.fullmatch(text) else None
    except ValueError:
        value = None
    if value is None or not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(INSTANT_HINT)
    return value.astimezone(UTC)


@lru_cache(maxsize=256)
def parse_zone(text: str) -> str:
    """An IANA zone name that exists. Raises ValueError."""
    if not _ZONE.fullmatch(text) or text in _NO_ZONES:
        raise ValueError(ZONE_HINT)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(ZONE_HINT) from error
    return text
