"""Headers that are encoded and folded here.

The standard library's own folding loses the quotes around a long display name (so that a colon or a comma in it makes
another address of it), reads encoded words into addresses and can leave the first line of a long subject empty.
"""

from email.header import Header
from email.policy import EmailPolicy
from email.utils import formataddr
from typing import Self

_LINE_END = "\r\n"
_LONGEST_QUOTED = 200
_ENCODED_WORD = "=?"


class FoldedHeader(str):
    """A header's value in ASCII, already folded. The email package writes it out as it stands."""

    __slots__ = ("name",)

    name: str

    def __new__(cls, name: str, value: str) -> Self:
        """`value` is what follows the name and the colon; its further lines start with a space."""
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy: EmailPolicy) -> str:  # noqa: ARG002 - the email package passes it by name
        """The whole header with its line end (RFC 5322, section 2.2.3)."""
        return f"{self.name}: {self}{_LINE_END}"


def subject(text: str) -> FoldedHeader:
    """A subject on as many lines as it needs, in encoded words (RFC 2047) where it is not ASCII or a word too long."""
    foldable = text.isascii() and max(map(len, text.split()), default=0) <= _LONGEST_QUOTED
    return FoldedHeader("Subject", _encoded(text, "us-ascii" if foldable else "utf-8", "Subject"))


def sender(display_name: str, address: str) -> FoldedHeader:
    """A `From` of exactly one address, whatever the name. `display_name` is one line, `address` ASCII."""
    if display_name.isascii() and _ENCODED_WORD not in display_name and len(display_name) <= _LONGEST_QUOTED:
        return FoldedHeader("From", formataddr((display_name, address)))
    return FoldedHeader("From", f"{_encoded(display_name, 'utf-8', 'From')}{_LINE_END} <{address}>")


def reader(address: str) -> FoldedHeader:
    """A `To` of exactly this address, as it stands. `address` is ASCII, without spaces."""
    return FoldedHeader("To", address)


def reply_to(address: str) -> FoldedHeader:
    """A `Reply-To` of exactly this address, as for `reader`."""
    return FoldedHeader("Reply-To", address)


def _encoded(text: str, charset: str, name: str) -> str:
    return Header(text, charset, header_name=name).encode(linesep=_LINE_END)
