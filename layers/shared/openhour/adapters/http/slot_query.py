"""The query string of slot lookup."""

from collections.abc import Callable
from typing import Any

from openhour.adapters.http.fields import parse_date, parse_zone
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.client.slot_lookup import SlotQuery
from openhour.domain.slots import Wanted
from openhour.domain.values import Forum

_MISSING = "This parameter is needed."
_LONGEST_ID = 60


def _id(text: str) -> str:
    if not text or len(text) > _LONGEST_ID:
        raise ValueError("Write an id as /v1/providers lists it.")
    return text


def _forum(text: str) -> Forum:
    try:
        return Forum(text)
    except ValueError as error:
        raise ValueError("Write in_person or telehealth.") from error


_PARSERS: dict[str, Callable[[str], Any]] = {
    "service": _id,
    "location": _id,
    "forum": _forum,
    "from": parse_date,
    "to": parse_date,
    "time_zone": parse_zone,
}
_OPTIONAL = frozenset({"time_zone"})


def slot_query(request: HttpRequest) -> SlotQuery:
    """Read it. Raises ProblemError that names every parameter that is missing, twice there, unknown or not usable."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, text in request.query:
        if name not in _PARSERS:
            errors[name[:_LONGEST_ID]] = f"Unknown parameter. Known are {', '.join(_PARSERS)}."
        elif name in values or name in errors:
            errors[name] = "Send this parameter once."
        else:
            _parse(name, text, values, errors)
    errors |= dict.fromkeys(_PARSERS.keys() - _OPTIONAL - values.keys() - errors.keys(), _MISSING)
    if errors:
        raise ProblemError(Problem.INVALID, errors=errors)
    wanted = Wanted(values["service"], values["location"], values["forum"])
    return SlotQuery(wanted, values["from"], values["to"], values.get("time_zone"))


def _parse(name: str, text: str, values: dict[str, Any], errors: dict[str, str]) -> None:
    try:
        values[name] = _PARSERS[name](text)
    except ValueError as error:
        errors[name] = str(error)
