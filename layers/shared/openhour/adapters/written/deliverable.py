"""Which addresses a mail can be written to. Standard library only: composing needs no more."""

import re

LONGEST = 254
_LONGEST_LOCAL = 64  # octets: RFC 5321, section 4.5.3.1.1
_ENCODED_WORD = "=?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class AddressError(ValueError):
    """No address, or one that no mail can carry. Its text names nothing of it."""


def carried(address: str) -> str:
    """The address, if it is one that any mail can be written to: what is taken in passes here, and what is composed.

    Dot-atoms in ASCII (RFC 5322, section 3.4.1) without what reads as an encoded word (RFC 2047). Raises AddressError.
    """
    local, _, domain = address.rpartition("@")
    if len(local) > _LONGEST_LOCAL or len(address) > LONGEST:
        raise AddressError("too long")
    if not _DOT_ATOM.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise AddressError("not a plain address")
    if _ENCODED_WORD in local:
        raise AddressError("reads as an encoded word")
    return address
