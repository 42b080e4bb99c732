"""Mail addresses, read as people paste them."""

import re

from email_validator import EmailNotValidError, validate_email

from openhour.adapters.written.characters import plain
from openhour.adapters.written.deliverable import AddressError, carried

_NAMED = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]+)\s*>[.,;]*")
_AROUND = " \"'.,;:"


def read_address(text: str) -> str:
    """The one address that a text means, its domain in ASCII (RFC 5890). Raises AddressError.

    What comes along when addresses are pasted is left out: blanks and marks that cannot be seen, quotes, `mailto:`, a
    name before angle brackets, a comma or full stop behind. Full-width letters and signs are taken as the plain ones.
    """
    try:
        read = validate_email(_bare(plain(text)), check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError as error:
        raise AddressError("not an address") from error
    return carried(read or "")


def _bare(text: str) -> str:
    """The address in what was pasted. Of two that differ nobody knows which is meant: both stay, and are refused."""
    named = _NAMED.fullmatch(text)
    if named is None:
        return _without_scheme(text.strip(_AROUND))
    inner, name = _without_scheme(named["address"].strip(_AROUND)), _without_scheme(named["name"].strip(_AROUND))
    return inner if "@" not in name or name.lower() == inner.lower() else text


def _without_scheme(text: str) -> str:
    """Without `mailto:` (RFC 6068), and then without the subject and whatever else follows a question mark."""
    scheme, _, rest = text.partition(":")
    return rest.strip().partition("?")[0] if scheme.lower() == "mailto" else text
