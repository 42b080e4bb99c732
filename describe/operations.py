"""What can be called: every route with its parameters and answers."""

from collections.abc import Mapping
from typing import Any

from describe import examples, people
from describe.parts import (
    PROBLEMS,
    Operation,
    answers,
    headers,
    json_answer,
    managing,
    one_parameter,
    operation,
    parameter,
)
from describe.schemas import Schema, reference
from openhour.adapters.http.bodies.submission import KEY
from openhour.adapters.http.problems import Problem
from openhour.application.client.manage import LINK_OUTLIVES
from openhour.application.client.slot_lookup import MOST_DAYS, MOST_DAYS_OF_ALL, MOST_PROVIDERS

__all__ = ["PROBLEMS", "parameters", "paths"]

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
_LOOK_PAGES = _PAGES | {422: "A page that says what is wrong with the query string."}
_FORM_PAGES = _PAGES | {409: _PAGES[409] + _CONFLICT, 422: "A page that says what is wrong with the form."}


def paths() -> dict[str, dict[str, Any]]:
    """Every path with its operations."""
    return {
        "/v1/providers": {"get": _list_providers()},
        "/v1/providers/{provider}": {"parameters": [parameter("Provider")], "get": _show_provider()},
        "/v1/providers/{provider}/slots": {"parameters": [parameter("Provider")], "get": _slots_of_provider()},
        "/v1/slots": {"get": _slots_of_any()},
        "/v1/requests": {"post": _submit()},
        "/v1/requests/{request}": {
            "parameters": [parameter("Request")],
            "get": _show(),
            "patch": people.change(),
            "delete": _end(),
        },
        "/v1/requests/{request}/verification": {"parameters": [parameter("Request")], "post": people.verify()},
        "/v1/sign-in-links": {"post": people.ask_for_link()},
        "/v1/sign-ins": {"post": people.sign_in(), "delete": people.sign_out()},
        "/v1/me": {"delete": people.erase()},
        "/v1/appointments": {"get": people.list_appointments()},
        "/v1/answers/{token}": {
            "parameters": [parameter("Token")],
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
        "Provider": one_parameter("path", "provider", "The provider's id.", {"type": "string"}, "maya-okafor"),
        "Request": one_parameter("path", "request", "The request's id.", {"type": "string"}, examples.REQUEST_ID),
        "Token": one_parameter("path", "token", "The token of the mailed link.", {"type": "string"}),
        "Service": one_parameter("query", "service", "The service's id.", reference("Id"), "session"),
        "Location": one_parameter("query", "location", "The location's id.", reference("Id"), "harbour"),
        "Forum": one_parameter("query", "forum", "How to meet.", reference("Forum"), "in_person"),
        "From": one_parameter("query", "from", "First date, in `time_zone`.", day, "2027-03-08"),
        "To": one_parameter("query", "to", "Last date, inclusive, in `time_zone`.", day, "2027-03-08"),
        "TimeZone": one_parameter(
            "query",
            "time_zone",
            "IANA zone that the dates are meant in. Without it the provider's; the practice's for any provider.",
            reference("TimeZone"),
            "Europe/London",
            required=False,
        ),
    }


def _list_providers() -> Operation:
    text = "The practice, and everybody whom anybody may book."
    return operation("listProviders", "Who can be booked", text, "Directory") | {
        "responses": answers("GET /v1/providers", {200: json_answer("Providers", "Who can be booked.")})
    }


def _show_provider() -> Operation:
    text = "Also one who is bookable by direct link only."
    route = "GET /v1/providers/{provider}"
    return operation("showProvider", "One provider", text, "Directory") | {
        "responses": answers(route, {200: json_answer("Provider", "Who, where, how and what.")})
    }


def _slots_of_provider() -> Operation:
    text = f"At most {MOST_DAYS} dates at a time. Unknown parameters are refused."
    route = "GET /v1/providers/{provider}/slots"
    return operation("listSlotsOfProvider", "Free starts of one provider", text, "Slots") | {
        "parameters": _slot_parameters(),
        "responses": answers(route, {200: json_answer("SlotList", "The free starts.")}, of_query=True),
    }


def _slots_of_any() -> Operation:
    text = (
        f"At most {MOST_DAYS_OF_ALL} dates at a time, and services that at most {MOST_PROVIDERS} providers offer. "
        "`by_provider` says whose the starts are."
    )
    return operation("listSlotsOfAnyProvider", "Free starts of all providers of a service", text, "Slots") | {
        "parameters": _slot_parameters(),
        "responses": answers("GET /v1/slots", {200: json_answer("AnySlotList", "The free starts.")}, of_query=True),
    }


def _slot_parameters() -> list[Schema]:
    return [parameter(name) for name in ("Service", "Location", "Forum", "From", "To", "TimeZone")]


def _submit() -> Operation:
    text = (
        "Holds the time until the deadline and mails the provider. The same key and body again answer with the same "
        "request, as it stands then; nothing is done twice. With `validate_only=true` everything is checked and "
        "nothing is written, and neither the key nor `client` is needed. Where an address is not proven yet and many "
        "such requests come from one network, a proof of work is asked for."
    )
    made = json_answer("SubmittedRequest", "The request that this key stands for.") | {
        "headers": headers({"location": "Location"})
    }
    done = {201: made, 200: json_answer("Preview", "With `validate_only=true`: what the request would be.")}
    return operation("submitRequest", "Ask for an appointment", text, "Requests") | {
        "parameters": [_key(), _validate_only()],
        "requestBody": _submission(),
        "responses": answers("POST /v1/requests", done),
    }


def _key() -> Schema:
    schema = {"type": "string", "pattern": f"^{KEY.pattern}$"}
    text = "A new one for each new request, a UUID for example. Needed unless the request is only validated."
    return one_parameter("header", "Idempotency-Key", text, schema, examples.KEY, required=False)


def _validate_only() -> Schema:
    return one_parameter(
        "query", "validate_only", "Check, write nothing.", {"type": "boolean", "default": False}, required=False
    )


def _submission() -> Schema:
    shown = {
        "submission": {"summary": "To submit", "value": examples.submission()},
        "draft": {"summary": "To validate before anybody said who asks", "value": examples.wish()},
    }
    body = {"schema": {"anyOf": [reference("Submission"), reference("Draft")]}, "examples": shown}
    return {"required": True, "content": {"application/json": body}}


def _show() -> Operation:
    text = f"With the token of the manage link, until {LINK_OUTLIVES.days} days after the session's end."
    done = {200: json_answer("ManagedRequest", "The request as it stands now.")}
    return managing("showRequest", "See a request", text, "GET /v1/requests/{request}", done)


def _end() -> Operation:
    text = (
        "A request while it is open, an appointment until it starts; after `free_to_cancel_until` that is marked late. "
        "Doing it again changes nothing and answers the same."
    )
    done = {200: json_answer("ManagedRequest", "The request, withdrawn or cancelled.", example="Withdrawn")}
    return managing("endRequest", "Withdraw a request or cancel", text, "DELETE /v1/requests/{request}", done)


def _show_answer() -> Operation:
    text = "Changes nothing, whoever fetches it and however often. Works without JavaScript."
    return operation("showAnswer", "The page behind a provider's link", text, "Answers") | {
        "parameters": [_times()],
        "responses": _pages(_LOOK_PAGES),
    }


def _check_answer() -> Operation:
    text = "For programs that look at links before people do. Changes nothing."
    responses = {status: {"description": response["description"]} for status, response in _pages(_LOOK_PAGES).items()}
    return operation("checkAnswer", "The same without the page", text, "Answers") | {
        "parameters": [_times()],
        "responses": responses,
    }


def _times() -> Schema:
    text = "Show the free times of the next three weeks, that could be offered instead."
    return one_parameter("query", "times", text, {"type": "boolean", "default": False}, required=False)


def _answer() -> Operation:
    text = "What the page's buttons send. The same answer again changes nothing and shows the same page."
    form = {"application/x-www-form-urlencoded": {"schema": reference("Answer"), "example": {"decision": "confirm"}}}
    return operation("answer", "Confirm or decline", text, "Answers") | {
        "requestBody": {"required": True, "content": form},
        "responses": _pages(_FORM_PAGES),
    }


def _pages(pages: Mapping[int, str]) -> dict[str, Schema]:
    html = {"text/html": {"schema": {"type": "string"}}}
    return {
        str(status): {"description": text, "content": html}
        | ({"headers": headers({"retry-after": "RetryAfter"})} if status == Problem.TRY_LATER.status else {})
        for status, text in sorted(pages.items())
    }


def _describe() -> Operation:
    done = {200: {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    return operation("describeApi", "This document", "May be kept for an hour.", "Description") | {
        "responses": answers("GET /v1/openapi.json", done)
    }
