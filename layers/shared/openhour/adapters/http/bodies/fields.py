"""The forms that fields of bodies take. What is refused is told in a sentence, without repeating what was written."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, ConfigDict, Field

from openhour.adapters.http.fields import parse_instant

_LINE_BREAKS = "\r\n\t"


LONGEST_ADDRESS = 254


def one_line(text: str) -> str:
    """The text without blanks around it. Raises ValueError for more than one line and for nothing."""
    cleaned = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in cleaned):
        raise ValueError("Write it on one line, without control characters.")
    if not cleaned:
        raise ValueError("Write something here.")
    return cleaned


def many_lines(text: str) -> str:
    """The text without blanks around it. Raises ValueError for control characters."""
    cleaned = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _LINE_BREAKS for character in cleaned):
        raise ValueError("Leave out control characters.")
    return cleaned


def address(text: str) -> str:
    """The address as it is written to (RFC 5321, section 4.1.2), its domain in ASCII. Raises ValueError."""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).ascii_email or ""
    except EmailNotValidError as error:
        raise ValueError("Write an email address, as name@example.com.") from error


def instant(value: Any) -> datetime:
    """The aware instant that a text means (RFC 3339). Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("Write it as text, as 2027-03-08T09:00:00Z.")  # noqa: TRY004 - pydantic wants a ValueError
    return parse_instant(value)


type Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


type Note = Annotated[str, Field(max_length=2000), AfterValidator(many_lines)]


type Id = Annotated[str, Field(min_length=1, max_length=60)]


STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)
