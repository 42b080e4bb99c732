"""What can be called: every route with its parameters, its answers and its problems."""

from collections.abc import Iterable, Mapping
from typing import Any

from openhour.adapters.http import bodies
from openhour.adapters.http.problems import Problem
from openhour.application.manage import LINK_OUTLIVES
from openhour.application.slot_lookup import MOST_DAYS, MOST_DAYS_OF_ALL, MOST_PROVIDERS
from tools import api_examples as examples
from tools.api_schemas import Schema, problem_name, reference

type Operation = dict[str, Any]

_ALWAYS = (Problem.MALFORMED, Problem.TOO_LARGE, Problem.FAILED)
_READING = (*_ALWAYS, Problem.TRY_LATER)
_MANAGING = (*_READING, Problem.TOKEN_MISSING, Problem.TOKEN_INVALID, Problem.WRONG_REQUEST, Problem.UNKNOWN_REQUEST)
_SUBMITTING = (
    *_READING,
    Problem.KEY_MISSING,
    Problem.UNKNOWN_PROVIDER,
    Problem.SLOT_TAKEN,
    Problem.TOO_MANY_OPEN,
    Problem.NOT_JSON,
    Problem.INVALID,
    Problem.KEY_REUSED,
)

PROBLEMS: Mapping[str, tuple[Problem, ...]] = {
    "GET /v1/providers": _READING,
    "GET /v1/providers/{provider}": (*_READING, Problem.UNKNOWN_PROVIDER),
    "GET /v1/providers/{provider}/slots": (*_READING, Problem.UNKNOWN_PROVIDER, Problem.INVALID),
    "GET /v1/slots": (*_READING, Problem.INVALID),
    "POST /v1/requests": _SUBMITTING,
    "GET /v1/requests/{request}": _MANAGING,
    "DELETE /v1/requests/{request}": (*_MANAGING, Problem.NOT_POSSIBLE),
    "GET /v1/openapi.json": _ALWAYS,
    "$default": (*_ALWAYS, Problem.UNKNOWN_PATH),
}
"""The problems that each route can answer with, as `application/problem+json`. The answer page has pages instead."""

_PAGES = {
    200: "The page: the request with its buttons, or what was decided with this link.",
    404: "A page that says that the link opens nothing: it is not one of ours, or its request is gone.",
    409: "A page that says what happened instead: the request was answered otherwise or withdrawn.",
    410: "A page that says that the link has had its time: the request expired, or was changed after the mail.",
    400: "A page that says that what was sent cannot be read.",
    413: "A page that says that what was sent is too large.",
    500: "A page that says that something went wrong on our side; nothing is done twice.",
    503: "A page that asks to try again shortly; nothing was changed.",
}
_CONFLICT = " So too where another appointment has taken the time meanwhile; nothing was changed then."
_FORM_PAGES = _PAGES | {409: _PAGES[409] + _CONFLICT, 422: "A page that says what is wrong with the form."}

_HEADERS = {
    Problem.TRY_LATER.status: {"retry-after": "RetryAfter"},
    Problem.TOKEN_INVALID.status: {"www-authenticate": "WwwAuthenticate"},
}


def paths() -> dict[str, dict[str, Any]]:
    """Every path with its operations."""
    return {
        "/v1/providers": {"get": _list_providers()},
        "/v1/providers/{provider}": {"parameters": [_parameter("Provider")], "get": _show_provider()},
        "/v1/providers/{provider}/slots": {"parameters": [_parameter("Provider")], "get": _slots_of_provider()},
        "/v1/slots": {"get": _slots_of_any()},
        "/v1/requests": {"post": _submit()},
        "/v1/requests/{request}": {"parameters": [_parameter("Request")], "get": _show(), "delete": _withdraw()},
        "/v1/answers/{token}": {
            "parameters": [_parameter("Token")],
            "get": _show_answer(),
            "head": _check_answer(),
            "post": _answer(),
        },
        "/v1/openapi.json": {"get": _describe()},
    }


def parameters() -> dict[str, Schema]:
    """Parameters that several operations share."""
    day = {"type": "string", "format": "date"}
    return {
        "Provider": _in("path", "provider", "The provider's id.", {"type": "string"}, "maya-okafor"),
        "Request": _in("path", "request", "The request's id.", {"type": "string"}, examples.REQUEST_ID),
        "Token": _in("path", "token", "The token of the mailed link.", {"type": "string"}),
        "Service": _in("query", "service", "The service's id.", reference("Id"), "session"),
        "Location": _in("query", "location", "The location's id.", reference("Id"), "harbour"),
        "Forum": _in("query", "forum", "How to meet.", reference("Forum"), "in_person"),
        "From": _in("query", "from", "First date, in `time_zone`.", day, "2027-03-08"),
        "To": _in("query", "to", "Last date, inclusive, in `time_zone`.", day, "2027-03-08"),
        "TimeZone": _in(
            "query",
            "time_zone",
            "IANA zone that the dates are meant in. Without it the provider's; the practice's for any provider.",
            reference("TimeZone"),
            "Europe/London",
            required=False,
        ),
    }


def _in(
    where: str, name: str, text: str, schema: Schema, example: str | None = None, *, required: bool = True
) -> Schema:
    parameter = {"name": name, "in": where, "required": required, "description": text, "schema": schema}
    return parameter if example is None else parameter | {"example": example}


def _parameter(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def _list_providers() -> Operation:
    text = "The practice, and everybody whom anybody may book."
    return _operation("listProviders", "Who can be booked", text, "Directory") | {
        "responses": _answers("GET /v1/providers", {200: _json("Providers", "Who can be booked.")})
    }


def _show_provider() -> Operation:
    text = "Also one who is bookable by direct link only."
    route = "GET /v1/providers/{provider}"
    return _operation("showProvider", "One provider", text, "Directory") | {
        "responses": _answers(route, {200: _json("Provider", "Who, where, how and what.")})
    }


def _slots_of_provider() -> Operation:
    text = f"At most {MOST_DAYS} dates at a time. Unknown parameters are refused."
    route = "GET /v1/providers/{provider}/slots"
    return _operation("listSlotsOfProvider", "Free starts of one provider", text, "Slots") | {
        "parameters": _slot_parameters(),
        "responses": _answers(route, {200: _json("SlotList", "The free starts.")}, of_query=True),
    }


def _slots_of_any() -> Operation:
    text = (
        f"At most {MOST_DAYS_OF_ALL} dates at a time, and services that at most {MOST_PROVIDERS} providers offer. "
        "`by_provider` says whose the starts are."
    )
    return _operation("listSlotsOfAnyProvider", "Free starts of all providers of a service", text, "Slots") | {
        "parameters": _slot_parameters(),
        "responses": _answers("GET /v1/slots", {200: _json("AnySlotList", "The free starts.")}, of_query=True),
    }


def _slot_parameters() -> list[Schema]:
    return [_parameter(name) for name in ("Service", "Location", "Forum", "From", "To", "TimeZone")]


def _submit() -> Operation:
    text = (
        "Holds the time until the deadline and mails the provider. The same key and body again answer with the same "
        "request, as it stands then; nothing is done twice. With `validate_only=true` everything is checked and "
        "nothing is written, and neither the key nor `client` is needed."
    )
    made = _json("SubmittedRequest", "The request that this key stands for.") | {
        "headers": _headers({"location": "Location"})
    }
    done = {201: made, 200: _json("Preview", "With `validate_only=true`: what the request would be.")}
    return _operation("submitRequest", "Ask for an appointment", text, "Requests") | {
        "parameters": [_key(), _validate_only()],
        "requestBody": _submission(),
        "responses": _answers("POST /v1/requests", done),
    }


def _key() -> Schema:
    schema = {"type": "string", "pattern": f"^{bodies._KEY.pattern}$"}  # noqa: SLF001 - the one pattern there is
    text = "A new one for each new request, a UUID for example. Needed unless the request is only validated."
    return _in("header", "Idempotency-Key", text, schema, examples.KEY, required=False)


def _validate_only() -> Schema:
    return _in("query", "validate_only", "Check, write nothing.", {"type": "boolean", "default": False}, required=False)


def _submission() -> Schema:
    shown = {
        "submission": {"summary": "To submit", "value": examples.submission()},
        "draft": {"summary": "To validate before anybody said who asks", "value": examples.wish()},
    }
    body = {"schema": {"anyOf": [reference("Submission"), reference("Draft")]}, "examples": shown}
    return {"required": True, "content": {"application/json": body}}


def _show() -> Operation:
    text = f"With the token of the manage link, until {LINK_OUTLIVES.days} days after the session's end."
    done = {200: _json("ManagedRequest", "The request as it stands now.")}
    return _managing("showRequest", "See a request", text, "GET /v1/requests/{request}", done)


def _withdraw() -> Operation:
    text = "While it is open. Doing it again changes nothing and answers the same."
    done = {200: _json("ManagedRequest", "The request, withdrawn.", example="Withdrawn")}
    return _managing("withdrawRequest", "Take a request back", text, "DELETE /v1/requests/{request}", done)


def _managing(name: str, summary: str, text: str, route: str, done: Mapping[int, Schema]) -> Operation:
    return _operation(name, summary, text, "Requests") | {
        "security": [{"manageLink": []}],
        "responses": _answers(route, done),
    }


def _show_answer() -> Operation:
    text = "Changes nothing, whoever fetches it and however often. Works without JavaScript."
    return _operation("showAnswer", "The page behind a provider's link", text, "Answers") | {
        "responses": _pages(_PAGES)
    }


def _check_answer() -> Operation:
    text = "For programs that look at links before people do. Changes nothing."
    responses = {status: {"description": response["description"]} for status, response in _pages(_PAGES).items()}
    return _operation("checkAnswer", "The same without the page", text, "Answers") | {"responses": responses}


def _answer() -> Operation:
    text = "What the page's buttons send. The same answer again changes nothing and shows the same page."
    form = {"application/x-www-form-urlencoded": {"schema": reference("Answer"), "example": {"decision": "confirm"}}}
    return _operation("answer", "Confirm or decline", text, "Answers") | {
        "requestBody": {"required": True, "content": form},
        "responses": _pages(_FORM_PAGES),
    }


def _pages(pages: Mapping[int, str]) -> dict[str, Schema]:
    html = {"text/html": {"schema": {"type": "string"}}}
    return {
        str(status): {"description": text, "content": html}
        | ({"headers": _headers({"retry-after": "RetryAfter"})} if status == Problem.TRY_LATER.status else {})
        for status, text in sorted(pages.items())
    }


def _describe() -> Operation:
    done = {200: {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    return _operation("describeApi", "This document", "May be kept for an hour.", "Description") | {
        "responses": _answers("GET /v1/openapi.json", done)
    }


def _operation(name: str, summary: str, text: str, tag: str) -> Operation:
    return {"operationId": name, "summary": summary, "description": text, "tags": [tag]}


def _json(schema: str, text: str, *, example: str | None = None) -> Schema:
    shown = examples.answers()[example or schema]
    return {"description": text, "content": {"application/json": {"schema": reference(schema), "example": shown}}}


def _answers(route: str, done: Mapping[int, Schema], *, of_query: bool = False) -> dict[str, Schema]:
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
    return response | ({"headers": _headers(_HEADERS[status])} if status in _HEADERS else {})


def _sentence(titles: Iterable[str]) -> str:
    return ", or: ".join(titles) + "."


def _headers(names: Mapping[str, str]) -> dict[str, Schema]:
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}
