"""What the answer page's form sends (application/x-www-form-urlencoded)."""

import unicodedata
from urllib.parse import parse_qsl

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.answer import Decision

LONGEST_REASON = 500
_FORM = "application/x-www-form-urlencoded"
_KEPT_CONTROLS = "\n\t"


def answer_form(request: HttpRequest) -> tuple[Decision, str | None]:
    """The button that was pressed, and the reason where one was written. Raises ProblemError."""
    fields = _fields(request)
    try:
        decision = Decision(fields.get("decision", ""))
    except ValueError as error:
        raise ProblemError(Problem.INVALID, errors={"decision": "Press one of the buttons."}) from error
    return decision, _reason(fields.get("reason", "")) if decision is Decision.DECLINE else None


def _fields(request: HttpRequest) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise ProblemError(Problem.MALFORMED)
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict", max_num_fields=10)
    except ValueError as error:
        raise ProblemError(Problem.MALFORMED) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):  # the page sends each once; which of two was meant would be anybody's guess
        raise ProblemError(Problem.MALFORMED)
    return fields


def _reason(text: str) -> str | None:
    cleaned = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(cleaned) > LONGEST_REASON:
        raise ProblemError(Problem.INVALID, errors={"reason": f"At most {LONGEST_REASON} characters."})
    if any(_is_control(character) for character in cleaned):
        raise ProblemError(Problem.INVALID, errors={"reason": "Leave out control characters."})
    return cleaned or None


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in _KEPT_CONTROLS
