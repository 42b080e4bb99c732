"""What the answer page's form sends (application/x-www-form-urlencoded)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from openhour.adapters.http.fields import parse_instant
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.written.characters import many_lines, shows_something
from openhour.application.provider.answer import MOST_OFFERS, Answer, Decision

LONGEST_REASON = 500
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1000  # every time of the page may have been ticked


def answer_form(request: HttpRequest) -> Answer:
    """The button that was pressed, with the reason or the times that go with it. Raises ProblemError."""
    fields = _fields(request)
    try:
        decision = Decision(_one(fields, "decision"))
    except ValueError as error:
        raise ProblemError(Problem.INVALID, errors={"decision": "Press one of the buttons."}) from error
    if decision is Decision.OFFER:
        return Answer(decision, starts=_starts(fields.get("start", [])))
    with_reason = decision in {Decision.DECLINE, Decision.CANCEL}
    return Answer(decision, _reason(_one(fields, "reason")) if with_reason else None)


def _one(fields: Mapping[str, list[str]], name: str) -> str:
    """The page sends each of these once; which of two was meant would be anybody's guess."""
    values = fields.get(name, [""])
    if len(values) != 1:
        raise ProblemError(Problem.MALFORMED)
    return values[0]


def _starts(values: list[str]) -> tuple[datetime, ...]:
    if not 1 <= len(values) <= MOST_OFFERS:
        raise ProblemError(Problem.INVALID, errors={"start": f"Choose one to {MOST_OFFERS} times."})
    try:
        return tuple(map(parse_instant, values))
    except ValueError as error:
        raise ProblemError(Problem.INVALID, errors={"start": str(error)}) from error


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise ProblemError(Problem.MALFORMED)
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise ProblemError(Problem.MALFORMED) from error
    fields = defaultdict(list)
    for name, value in pairs:
        fields[name].append(value)
    return fields


def _reason(text: str) -> str | None:
    cleaned = many_lines(text)
    if len(cleaned) > LONGEST_REASON:
        raise ProblemError(Problem.INVALID, errors={"reason": f"At most {LONGEST_REASON} characters."})
    return cleaned if shows_something(cleaned) else None
