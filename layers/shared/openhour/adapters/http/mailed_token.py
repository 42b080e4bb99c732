"""The token in an address that a mail program may have changed on the way."""

import re
from urllib.parse import unquote

_ANSWERS = "/v1/answers"
INCOMPLETE = "incomplete"
"""What stands in place of a token that is not whole; the page behind it says so."""

_MOST_ENCODINGS = 3
# Payload, and a signature of 32 bytes in base64url: nothing else in an address looks like it.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


def mailed_token(text: str) -> str | None:
    """The one token in `text`, whatever stands around it: punctuation, added parameters, encoded separators."""
    decoded = text
    for _ in range(_MOST_ENCODINGS):
        decoded = unquote(decoded.replace("&amp;", "&"))
    found = _TOKEN.search(decoded)
    return None if found is None else found[0]


def repaired_answer(path: str) -> str | None:
    """Where an answer link leads that no route matches, such as one with `/` behind it; None for all other paths.

    A reference relative to the address that was asked for (RFC 3986, section 5.2): what stands before the path of the
    API, such as a stage, is the gateway's own business.
    """
    _, separator, rest = path.partition(_ANSWERS)
    if not separator or rest[:1].isalnum():
        return None
    token = mailed_token(rest) or INCOMPLETE
    if rest == f"/{token}":
        return None
    depth = rest.count("/")
    return f"{'../' * (depth - 1)}{token}" if depth else f"answers/{token}"
