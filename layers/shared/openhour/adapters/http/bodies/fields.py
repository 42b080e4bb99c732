"""The forms that fields of bodies take. What is refused is told in a sentence, without repeating what was written."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field

from openhour.adapters.http.fields import parse_instant
from openhour.adapters.written import characters
from openhour.adapters.written.addresses import read_address
from openhour.adapters.written.deliverable import LONGEST, AddressError


def _whole(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("This text is not valid Unicode.")
    return text


def _line(text: str) -> str:
    cleaned = characters.one_line(text)
    if not characters.shows_something(cleaned):
        raise ValueError("Write something here.")
    return cleaned


def _no_link(text: str) -> str:
    """Names reach other people in mails: whoever writes an address into one may want them to follow it."""
    if characters.names_web_address(text):
        raise ValueError("Write it without a web or mail address.")
    return text


def _address(text: str) -> str:
    try:
        return read_address(text)
    except AddressError as error:
        raise ValueError("Write an email address, as name@example.com.") from error


def instant(value: Any) -> datetime:
    """The aware instant that a text means (RFC 3339). Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("Write it as text, as 2027-03-08T09:00:00Z.")  # noqa: TRY004 - pydantic wants a ValueError
    return parse_instant(value)


type Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


_Text = Annotated[str, AfterValidator(_whole)]


# Lengths count once the text is folded: what cannot be seen does not count against anybody.
Name = Annotated[_Text, AfterValidator(_line), Field(max_length=100), AfterValidator(_no_link)]


Phone = Annotated[
    _Text, AfterValidator(characters.plain), AfterValidator(_line), Field(max_length=40), AfterValidator(_no_link)
]


Email = Annotated[_Text, AfterValidator(_address), Field(max_length=LONGEST)]


type Note = Annotated[_Text, AfterValidator(characters.many_lines), Field(max_length=2000)]


type Id = Annotated[str, Field(min_length=1, max_length=60)]


STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)
