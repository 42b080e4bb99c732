"""The answer page: the request with its buttons, or what has become of it."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from openhour.adapters.http.mailed_token import mailed_token
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.http.times import rfc3339
from openhour.adapters.look.tokens import look
from openhour.adapters.pages.answer_form import LONGEST_REASON
from openhour.adapters.tokens import TokenError, Tokens
from openhour.adapters.wording import times
from openhour.adapters.wording.around import around
from openhour.adapters.wording.catalogue import Catalogue, accepted, catalogue
from openhour.adapters.written.characters import many_lines
from openhour.application.provider.answer import MOST_OFFERS, Answered, AnswerLink, Standing
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.domain.values import Forum

_TEMPLATES = Path(__file__).parent / "templates"
_GONE, _CONFLICT, _NOT_FOUND = 410, 409, 404


class Told(StrEnum):
    """What a page tells. Each has a heading and a text in the catalogue."""

    OPEN = "open"
    CONFLICT = "conflict"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    TIMES = "times"
    TAKEN = "taken"
    OVER = "over"
    EXPIRED = "expired"
    CHANGED = "changed"
    BAD_LINK = "bad_link"
    GONE = "gone"
    BUSY = "busy"
    BAD_FORM = "bad_form"
    FAILED = "failed"


_TOLD = {
    Standing.OPEN: Told.OPEN,
    Standing.CONFLICT: Told.CONFLICT,
    Standing.OVER: Told.OVER,
    Standing.CHANGED: Told.CHANGED,
    Standing.TAKEN: Told.TAKEN,
}
_DONE = {
    Status.CONFIRMED: Told.CONFIRMED,
    Status.DECLINED: Told.DECLINED,
    Status.OFFERED: Told.OFFERED,
    Status.CANCELLED: Told.CANCELLED,
}
_STATUSES = {
    Told.EXPIRED: _GONE,
    Told.CHANGED: _GONE,
    Told.OVER: _CONFLICT,
    Told.CONFLICT: _CONFLICT,
    Told.TAKEN: _CONFLICT,
}
PROBLEMS_TOLD = {
    Problem.TOKEN_INVALID: Told.BAD_LINK,
    Problem.UNKNOWN_REQUEST: Told.GONE,
    Problem.TRY_LATER: Told.BUSY,
    Problem.MALFORMED: Told.BAD_FORM,
    Problem.INVALID: Told.BAD_FORM,
    Problem.TOO_LARGE: Told.BAD_FORM,
}
FORM_FIELDS = ("decision", "start", "reason")
_REACHING = ("client", "attendee", "email", "phone")
LABELS = (*_REACHING, "service", "forum", "place", "moves", "note")


def answer_link(request: HttpRequest, tokens: Tokens) -> AnswerLink:
    """What the token in the path opens. Raises ProblemError when it is not one of ours."""
    try:
        return tokens.read_answer(mailed_token(request.path.get("token", "")) or "")
    except TokenError as error:
        raise ProblemError(Problem.TOKEN_INVALID) from error


def answer_page(answered: Answered) -> Response:
    """The page for where the request stands.

    Once it is answered it tells status and time, nothing else; but how to reach a client whose mail came back.
    """
    words, told = catalogue(answered.request.provider.locale), _told(answered)
    shown = {
        "words": words,
        "told": told,
        "heading": words.text(f"answer_page.{told}_heading"),
        "text": words.text(f"answer_page.{told}_text", **_fields(answered, words)),
        "when": _when(answered.request, words),
        "status": words.text(f"status.{answered.status}"),
        "details": _details(answered, words),
        "possible": answered.possible,
        "offered": [_session(answered.request, start, words) for start in _offered(answered)],
        "days": _days(answered, words),
        "most_offers": MOST_OFFERS,
        "longest_reason": LONGEST_REASON,
    }
    return _page("answer.html.jinja", _STATUSES.get(told, 200), shown)


def problem_page(error: ProblemError, asked_with: Mapping[str, str]) -> Response:
    """A problem as a page, in plain words of the language that the request's header fields ask for."""
    words = accepted(asked_with.get("accept-language", ""))
    told = PROBLEMS_TOLD.get(error.problem, Told.FAILED)
    shown = {
        "words": words,
        "heading": words.text(f"answer_page.{told}_heading"),
        "text": words.text(f"answer_page.{told}_text"),
        "errors": [_error(field, words) for field in error.errors],
    }
    status = _NOT_FOUND if error.problem is Problem.TOKEN_INVALID else error.problem.status
    return _page("problem.html.jinja", status, shown, error.headers)


def _error(field: str, words: Catalogue) -> str:
    """What is wrong with a field of the form."""
    key = field if field in FORM_FIELDS else "other"
    return words.text(f"answer_page.error_{key}", most=MOST_OFFERS, longest=LONGEST_REASON)


def _told(answered: Answered) -> Told:
    if answered.standing is Standing.DONE:
        return _DONE[answered.status]
    if answered.standing is Standing.OPEN and answered.choices:
        return Told.TIMES
    if answered.standing is Standing.OVER and answered.status is Status.OFFERED:
        return Told.OFFERED
    if answered.standing is Standing.OVER and answered.status is Status.EXPIRED:
        return Told.EXPIRED
    return _TOLD[answered.standing]


def _open(answered: Answered) -> bool:
    return answered.standing in {Standing.OPEN, Standing.CONFLICT, Standing.TAKEN}


def _offered(answered: Answered) -> tuple[datetime, ...]:
    return answered.request.offered if answered.status is Status.OFFERED else ()


def _days(answered: Answered, words: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be offered, by the provider's local date: each start as the form sends it and as a person reads it."""
    zone = answered.request.provider.time_zone
    dated = groupby(answered.choices, key=lambda start: times.date(start, zone, words))
    return [(day, [(rfc3339(start), times.clock(start, zone, words)) for start in starts]) for day, starts in dated]


def _fields(answered: Answered, words: Catalogue) -> dict[str, str]:
    request = answered.request
    zone = request.provider.time_zone
    deadline = times.instant(request.deadline, zone, words) if request.deadline else ""
    return {"deadline": deadline, "status": words.text(f"status.{answered.status}")}


def _when(request: Request, words: Catalogue) -> str:
    return _session(request, request.start, words)


def _session(request: Request, start: datetime, words: Catalogue) -> str:
    end = start + (request.end - request.start)
    return times.session(start, end, request.provider.time_zone, words)


def _details(answered: Answered, words: Catalogue) -> tuple[tuple[str, str], ...]:
    if _open(answered):
        between = () if answered.neighbours is None else _around(answered.neighbours, answered.request, words)
        return (*between, *_all_details(answered.request, words))
    if answered.request.undeliverable and answered.possible:  # else whom the provider is to reach would be nowhere
        return _labelled(_REACHING, _reaching(answered.request, words), words)
    return ()


def _around(found: Neighbours, request: Request, words: Catalogue) -> tuple[tuple[str, str], ...]:
    return around(found, request.provider.time_zone, words)


def _all_details(request: Request, words: Catalogue) -> tuple[tuple[str, str], ...]:
    place = request.location.name if request.forum is Forum.IN_PERSON else None
    forum = words.text(f"forum.{request.forum}")
    old = request.replaces_start
    moves = None if old is None else times.instant(old, request.provider.time_zone, words)
    rest = (request.service.name, forum, place, moves, request.note)
    return _labelled(LABELS, (*_reaching(request, words), *rest), words)


def _reaching(request: Request, words: Catalogue) -> Sequence[str | None]:
    """Who is to be reached, and how."""
    client = request.client
    return client.name, _attendee(request, words), client.email, client.phone


def _labelled(labels: Sequence[str], values: Sequence[str | None], words: Catalogue) -> tuple[tuple[str, str], ...]:
    """Each value with its label, without those that there are not."""
    named = zip(labels, values, strict=True)
    return tuple((words.text(f"answer_page.{label}"), many_lines(value)) for label, value in named if value)


def _attendee(request: Request, words: Catalogue) -> str | None:
    if request.attendee is None:
        return None
    key = "answer_page.attendee_guardian" if request.attendee.guardian else "answer_page.attendee_name"
    return words.text(key, name=request.attendee.name)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return look().custom_properties() + (_TEMPLATES / "page.css").read_text("utf-8")


@cache
def _headers() -> Mapping[str, str]:
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex",
    }


def _page(template: str, status: int, shown: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    html: str = _templates().get_template(template).render(style=_style(), **shown)
    return Response(status, html, "text/html; charset=utf-8", {**_headers(), **(headers or {})})
