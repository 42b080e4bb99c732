"""What operations of the API's description are made of, and the problems of every route."""

from collections.abc import Iterable, Mapping
from typing import Any

from describe import examples
from describe.schemas import Schema, problem_name, reference
from openhour.adapters.http.problems import Problem

type Operation = dict[str, Any]

_ALWAYS = (Problem.MALFORMED, Problem.TOO_LARGE, Problem.FAILED)
_READING = (*_ALWAYS, Problem.TRY_LATER)
_LINKED = (*_READING, Problem.TOKEN_MISSING, Problem.TOKEN_INVALID, Problem.WRONG_REQUEST, Problem.UNKNOWN_REQUEST)
_MANAGING = (*_LINKED, Problem.SIGNED_OUT)
_ASKING = (
    Problem.UNKNOWN_PROVIDER,
    Problem.SLOT_TAKEN,
    Problem.TOO_MANY_OPEN,
    Problem.TOO_MANY_REQUESTS,
    Problem.KNOWN_CLIENTS_ONLY,
    Problem.NOT_JSON,
    Problem.INVALID,
)
_SUBMITTING = (
    *_READING,
    *_ASKING,
    Problem.KEY_MISSING,
    Problem.KEY_REUSED,
    Problem.TOKEN_MISSING,
    Problem.TOKEN_INVALID,
    Problem.SIGNED_OUT,
    Problem.PROOF_NEEDED,
)
_CHANGING = (
    *_MANAGING,
    *_ASKING,
    Problem.NOT_POSSIBLE,
    Problem.TOO_MANY_CHANGES,
    Problem.CHANGE_WAITS,
    Problem.NOT_OFFERED,
)
_VERIFYING = (
    *_LINKED,
    Problem.UNKNOWN_PROVIDER,
    Problem.NOT_POSSIBLE,
    Problem.TOO_MANY_OPEN,
    Problem.TOO_MANY_REQUESTS,
    Problem.KNOWN_CLIENTS_ONLY,
)
_SIGNED_IN = (*_READING, Problem.TOKEN_MISSING, Problem.TOKEN_INVALID)

PROBLEMS: Mapping[str, tuple[Problem, ...]] = {
    "GET /v1/providers": _READING,
    "GET /v1/providers/{provider}": (*_READING, Problem.UNKNOWN_PROVIDER),
    "GET /v1/providers/{provider}/slots": (*_READING, Problem.UNKNOWN_PROVIDER, Problem.INVALID),
    "GET /v1/slots": (*_READING, Problem.INVALID),
    "POST /v1/requests": _SUBMITTING,
    "GET /v1/requests/{request}": _MANAGING,
    "DELETE /v1/requests/{request}": (*_MANAGING, Problem.NOT_POSSIBLE),
    "PATCH /v1/requests/{request}": _CHANGING,
    "POST /v1/requests/{request}/verification": _VERIFYING,
    "POST /v1/sign-in-links": (*_READING, Problem.NOT_JSON, Problem.INVALID, Problem.TOO_MANY_REQUESTS),
    "POST /v1/sign-ins": (*_SIGNED_IN, Problem.SIGNED_OUT),
    "DELETE /v1/sign-ins": _SIGNED_IN,
    "DELETE /v1/me": (*_SIGNED_IN, Problem.SIGNED_OUT, Problem.STILL_TO_COME, Problem.NOT_YET_TOLD),
    "GET /v1/appointments": (*_SIGNED_IN, Problem.SIGNED_OUT, Problem.INVALID),
    "GET /v1/openapi.json": _ALWAYS,
    "$default": (*_ALWAYS, Problem.UNKNOWN_PATH),
}
"""The problems that each route can answer with, as `application/problem+json`. The answer page has pages instead."""

_HEADERS = {
    Problem.TRY_LATER.status: {"retry-after": "RetryAfter"},
    Problem.TOO_MANY_REQUESTS.status: {"retry-after": "RetryAfter"},
    Problem.TOKEN_INVALID.status: {"www-authenticate": "WwwAuthenticate"},
}


def one_parameter(
    where: str, name: str, text: str, schema: Schema, example: str | None = None, *, required: bool = True
) -> Schema:
    """One parameter."""
    parameter = {"name": name, "in": where, "required": required, "description": text, "schema": schema}
    return parameter if example is None else parameter | {"example": example}


def parameter(name: str) -> Schema:
    """A shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def managing(name: str, summary: str, text: str, route: str, done: Mapping[int, Schema]) -> Operation:
    """An operation on one request, for whoever holds its link or is signed in."""
    return operation(name, summary, text, "Requests") | {
        "security": [{"manageLink": []}, {"signedIn": []}],
        "responses": answers(route, done),
    }


def operation(name: str, summary: str, text: str, tag: str) -> Operation:
    """The beginning of an operation."""
    return {"operationId": name, "summary": summary, "description": text, "tags": [tag]}


def json_answer(schema: str, text: str, *, example: str | None = None) -> Schema:
    """An answer in JSON, with its example."""
    shown = examples.answers()[example or schema]
    return {"description": text, "content": {"application/json": {"schema": reference(schema), "example": shown}}}


def answers(route: str, done: Mapping[int, Schema], *, of_query: bool = False) -> dict[str, Schema]:
    """What a route answers with: what it does, and its problems by status."""
    by_status: dict[int, list[Problem]] = {}
    for problem in PROBLEMS[route]:
        by_status.setdefault(problem.status, []).append(problem)
    failures = {status: _refusal(status, problems, of_query=of_query) for status, problems in by_status.items()}
    return {str(status): response for status, response in sorted({**done, **failures}.items())}


def _refusal(status: int, problems: list[Problem], *, of_query: bool) -> Schema:
    choices = [reference(problem_name(problem)) for problem in problems]
    shown = {problem.value[0]: {"value": examples.problem(problem, of_query=of_query)} for problem in problems}
    schema = choices[0] if len(choices) == 1 else {"oneOf": choices}
    response = {
        "description": _sentence(problem.title for problem in problems),
        "content": {"application/problem+json": {"schema": schema, "examples": shown}},
    }
    return response | ({"headers": headers(_HEADERS[status])} if status in _HEADERS else {})


def _sentence(titles: Iterable[str]) -> str:
    return ", or: ".join(titles) + "."


def headers(names: Mapping[str, str]) -> dict[str, Schema]:
    """Headers of an answer: their names and their shared descriptions."""
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}
