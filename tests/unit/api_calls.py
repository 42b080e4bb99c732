"""The real HTTP handlers on a table in memory, and a call for each thing that a route can answer."""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest

from openhour.adapters.http.messages import LARGEST_BODY
from openhour.adapters.http.problems import Problem
from openhour.adapters.keyring import Keyring
from openhour.adapters.tokens import Tokens
from openhour.application.ports import ContentionError
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.wiring import reading, requesting
from tests.builders import LONDON, NOW, START, practice, provider, request
from tests.fakes.store import InMemoryStore
from tests.fakes.world import FakeClock
from tests.use_cases import Openhour

HANDLERS = {
    "GET /v1/providers": "list_providers",
    "GET /v1/providers/{provider}": "list_providers",
    "GET /v1/providers/{provider}/slots": "list_slots",
    "GET /v1/slots": "list_slots",
    "POST /v1/requests": "submit_request",
    "GET /v1/requests/{request}": "show_request",
    "DELETE /v1/requests/{request}": "withdraw_request",
    "GET /v1/openapi.json": "describe_api",
    "GET /v1/answers/{token}": "show_answer",
    "HEAD /v1/answers/{token}": "show_answer",
    "POST /v1/answers/{token}": "answer_request",
    "$default": "refuse_unknown",
}
PENDING = request()
TOKENS = Tokens(lambda: Keyring.parse(json.dumps({"identity": "for tests", "signing": []})), FakeClock())
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
SLOTS = {"service": "talk", "location": LONDON.id, "forum": "in_person", "from": "2027-03-08", "to": "2027-03-09"}
BODY = {
    "provider": "maya-okafor",
    "location": LONDON.id,
    "forum": "in_person",
    "service": "talk",
    "start": "2027-03-09T09:00:00Z",
    "client": {"name": "Ana Lima", "email": "ana@client.example"},
}


@dataclass
class Answer:
    """What a handler gave back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.headers["content-type"].partition(";")[0]


class Api:
    """The real handlers on a table in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store: Any = InMemoryStore()
        self.store.seed(practice(), provider())
        self.clock = FakeClock(NOW + timedelta(hours=1))
        for module, name, value in (
            (reading, "directory", lambda: self.store),
            (reading, "clock", lambda: self.clock),
            (requesting, "requests", lambda: self.store),
            (requesting, "clock", lambda: self.clock),
            (requesting, "tokens", lambda: TOKENS),
            (requesting, "pause", lambda _attempt: None),
            (requesting, "submitting", lambda: Openhour(self.store, self.clock).submitting),
        ):
            monkeypatch.setattr(module, name, value)

    def keep(self, kept: Request) -> Request:
        self.store.stored[kept.id] = kept
        return kept

    def call(self, route: str, **parts: Any) -> Answer:
        handler = importlib.import_module(f"{HANDLERS[route]}.handler").lambda_handler
        given = handler(event(route, **parts), None)
        return Answer(given["statusCode"], given["headers"], given["body"])

    def fail_with(self, error: Exception) -> None:
        """Every call to the table fails."""
        self.store = Mock(**{f"{name}.side_effect": error for name in PORTS})


PORTS = ("provider", "providers", "days", "days_of_all", "submission", "request", "with_days", "commit")


def event(
    route: str,
    *,
    path: dict[str, str] | None = None,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: str = "",
) -> dict[str, Any]:
    method = route.split(maxsplit=1)[0] if " " in route else "GET"
    return {
        "version": "2.0",
        "routeKey": route,
        "rawQueryString": query,
        "headers": headers or {},
        "pathParameters": path,
        "requestContext": {"http": {"method": method}},
        "body": body,
        "isBase64Encoded": False,
    }


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def submit(body: Any, key: str = "key-00000001", query: str = "") -> dict[str, Any]:
    return {"headers": JSON | {"idempotency-key": key}, "body": json.dumps(body), "query": query}


def manage(**changes: Any) -> dict[str, Any]:
    return {"path": {"request": PENDING.id}, "headers": bearer(TOKENS.manage(PENDING))} | changes


# What each route is called with for each answer that is not a problem of every route. The first one succeeds.

type Prepared = Callable[[Api], dict[str, Any]]


def open_request(api: Api) -> dict[str, Any]:
    api.keep(PENDING)
    return manage()


def taken(api: Api) -> dict[str, Any]:
    api.call("POST /v1/requests", **submit(BODY))
    return submit(BODY, key="key-00000002")


def key_reused(api: Api) -> dict[str, Any]:
    api.call("POST /v1/requests", **submit(BODY))
    return submit(BODY | {"note": "Something else."})


def too_many_open(api: Api) -> dict[str, Any]:
    api.store.practice = practice(max_open_requests=0)
    return submit(BODY)


def already_declined(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.DECLINED, deadline=None))
    return manage()


def someone_elses(api: Api) -> dict[str, Any]:
    api.keep(PENDING)
    return manage(headers=bearer(TOKENS.manage(request(id="another"))))


MANAGING: dict[Problem, Prepared] = {
    Problem.TOKEN_MISSING: lambda _api: manage(headers={}),
    Problem.TOKEN_INVALID: lambda _api: manage(headers=bearer(TOKENS.answer(PENDING))),
    Problem.WRONG_REQUEST: someone_elses,
    Problem.UNKNOWN_REQUEST: lambda _api: manage(),
}
NOBODY = {"path": {"provider": "nobody"}}
REFUSED: dict[str, dict[Problem, Prepared]] = {
    "GET /v1/providers": {},
    "GET /v1/providers/{provider}": {Problem.UNKNOWN_PROVIDER: lambda _api: NOBODY},
    "GET /v1/providers/{provider}/slots": {
        Problem.UNKNOWN_PROVIDER: lambda _api: NOBODY | {"query": urlencode(SLOTS)},
        Problem.INVALID: lambda _api: {"path": {"provider": "maya-okafor"}},
    },
    "GET /v1/slots": {Problem.INVALID: lambda _api: {"query": urlencode(SLOTS | {"to": "2027-02-30"})}},
    "POST /v1/requests": {
        Problem.KEY_MISSING: lambda _api: {"headers": JSON, "body": json.dumps(BODY)},
        Problem.NOT_JSON: lambda _api: {"headers": FORM | {"idempotency-key": "key-00000001"}, "body": "a=b"},
        Problem.INVALID: lambda _api: submit(BODY | {"forum": "by post"}),
        Problem.UNKNOWN_PROVIDER: lambda _api: submit(BODY | {"provider": "nobody"}),
        Problem.SLOT_TAKEN: taken,
        Problem.KEY_REUSED: key_reused,
        Problem.TOO_MANY_OPEN: too_many_open,
    },
    "GET /v1/requests/{request}": MANAGING,
    "DELETE /v1/requests/{request}": MANAGING | {Problem.NOT_POSSIBLE: already_declined},
    "GET /v1/openapi.json": {},
    "$default": {Problem.UNKNOWN_PATH: lambda _api: {}},
}
DONE: dict[str, list[tuple[int, Prepared]]] = {
    "GET /v1/providers": [(200, lambda _api: {})],
    "GET /v1/providers/{provider}": [(200, lambda _api: {"path": {"provider": "maya-okafor"}})],
    "GET /v1/providers/{provider}/slots": [
        (200, lambda _api: {"path": {"provider": "maya-okafor"}, "query": urlencode(SLOTS)})
    ],
    "GET /v1/slots": [(200, lambda _api: {"query": urlencode(SLOTS)})],
    "POST /v1/requests": [
        (201, lambda _api: submit(BODY)),
        (200, lambda _api: {"headers": JSON, "body": json.dumps(BODY), "query": "validate_only=true"}),
    ],
    "GET /v1/requests/{request}": [(200, open_request)],
    "DELETE /v1/requests/{request}": [(200, open_request)],
    "GET /v1/openapi.json": [(200, lambda _api: {})],
}


OF_EVERY_ROUTE: dict[Problem, Prepared] = {
    Problem.MALFORMED: lambda _api: {"query": "a=%ff"},
    Problem.TOO_LARGE: lambda _api: {"body": " " * (LARGEST_BODY + 1)},
}


# The answer page


def answer_call(**changes: Any) -> dict[str, Any]:
    return {"path": {"token": TOKENS.answer(PENDING)}} | changes


def pressed(decision: str, reason: str = "") -> dict[str, Any]:
    return answer_call(headers=FORM, body=urlencode({"decision": decision, "reason": reason}))


def kept(**changes: Any) -> Callable[[Api], None]:
    return lambda api: api.store.stored.update({PENDING.id: request(**changes)})


def nothing(_api: Api) -> None:
    """The table as it was seeded."""


def time_taken(api: Api) -> None:
    kept()(api)
    api.store.block("maya-okafor", START, START + timedelta(hours=1))


def busy(api: Api) -> None:
    api.fail_with(ContentionError())


def broken(api: Api) -> None:
    api.fail_with(RuntimeError())


LOOKED: list[tuple[int, Callable[[Api], None], dict[str, Any]]] = [
    (200, kept(), answer_call()),
    (404, nothing, answer_call()),
    (404, kept(), answer_call(path={"token": "made-up"})),
    (409, kept(status=Status.WITHDRAWN, deadline=None), answer_call()),
    (410, kept(deadline=NOW), answer_call()),
    (410, kept(revision=2), answer_call()),
    (400, nothing, answer_call(query="a=%ff")),
    (413, nothing, answer_call(body=" " * (LARGEST_BODY + 1))),
    (500, broken, answer_call()),
    (503, busy, answer_call()),
]
PRESSED: list[tuple[int, Callable[[Api], None], dict[str, Any]]] = [
    (200, kept(), pressed("confirm")),
    (200, kept(status=Status.CONFIRMED, deadline=None), pressed("confirm")),
    (409, kept(status=Status.CONFIRMED, deadline=None), pressed("decline")),
    (409, time_taken, pressed("confirm")),
    (410, kept(deadline=NOW), pressed("confirm")),
    (410, kept(revision=2), pressed("confirm")),
    (404, nothing, pressed("confirm")),
    (400, kept(), answer_call()),
    (413, nothing, answer_call(body=" " * (LARGEST_BODY + 1))),
    (422, kept(), pressed("perhaps")),
    (500, broken, pressed("confirm")),
    (503, busy, pressed("confirm")),
]
ANSWERED = [(f"{method} /v1/answers/{{token}}", *case) for method in ("GET", "HEAD") for case in LOOKED] + [
    ("POST /v1/answers/{token}", *case) for case in PRESSED
]
