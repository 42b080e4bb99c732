"""The query strings of slot lookups."""

from collections.abc import Callable, Collection
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
DATES = frozenset({"from", "to"})
_NEEDED = DATES | {"service", "location", "forum"}


def slot_query(request: HttpRequest) -> SlotQuery:
    """Read it. Raises ProblemError that names every parameter that is missing, twice there, unknown or not usable."""
    values = values_of(request, _NEEDED)
    wanted = Wanted(values["service"], values["location"], values["forum"])
    return SlotQuery(wanted, values["from"], values["to"], values.get("time_zone"))


def values_of(request: HttpRequest, needed: Collection[str]) -> dict[str, Any]:
    """The parameters by name, of which those are `needed`. Raises ProblemError as `slot_query` does."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, text in request.query:
        if name not in _PARSERS:
            errors[name[:_LONGEST_ID]] = f"Unknown parameter. Known are {', '.join(_PARSERS)}."
        elif name in values or name in errors:
            errors[name] = "Send this parameter once."
        else:
            _parse(name, text, values, errors)
    errors |= dict.fromkeys(
        (name for name in _PARSERS if name in needed and name not in values and name not in errors), _MISSING
    )
    if errors:
        raise ProblemError(Problem.INVALID, errors=errors)
    return values


def _parse(name: str, text: str, values: dict[str, Any], errors: dict[str, str]) -> None:
    try:
        values[name] = _PARSERS[name](text)
    except ValueError as error:
        errors[name] = str(error)
