"""The query of a client's own list, parsed by hand."""

import binascii
from base64 import urlsafe_b64decode

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.client.portal import When

_FIRST = "APPT#"


def appointment_query(request: HttpRequest) -> tuple[When, str | None]:
    """Which ones, and after which. Raises ProblemError for unknown, repeated or unusable parameters."""
    errors: dict[str, str] = {}
    given = dict(request.query)
    for name in given.keys() - {"when", "after"}:
        errors[name[:100]] = "Unknown parameter; leave it out."
    if len(given) != len(request.query):
        errors["when"] = "Give each parameter once."
    when = given.get("when", When.UPCOMING.value)
    if when not in set(When):
        errors["when"] = "Write upcoming or past."
    after = _decoded(given["after"]) if "after" in given else ""
    if after is None:
        errors["after"] = "Use the `next` of the page before, as it is."
    if errors:
        raise ProblemError(Problem.INVALID, errors=errors)
    return When(when), after or None


def _decoded(text: str) -> str | None:
    try:
        key = urlsafe_b64decode(text.encode("ascii")).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return key if key.startswith(_FIRST) and len(key) < 200 and key.isprintable() else None  # noqa: PLR2004
