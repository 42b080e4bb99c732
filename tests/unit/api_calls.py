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
from openhour.application.admission import Caps
from openhour.application.ports.contention import ContentionError
from openhour.application.signed_in import SignedIn
from openhour.domain.agenda import Agenda, Held
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import minute_of
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.domain.values import SelfSchedule
from openhour.wiring import erasing, reading, requesting, signing_in, taking_in
from tests.builders import LONDON, NOW, START, practice, provider, request
from tests.fakes.archive import InMemoryArchive
from tests.fakes.people import InMemoryPortal
from tests.fakes.store import InMemoryStore
from tests.fakes.world import FakeClock, FakeIdentity
from tests.handlers.gateway import routes
from tests.use_cases import Openhour

PENDING = request()
TOKENS = Tokens(lambda: Keyring.parse(json.dumps({"identity": "for tests", "signing": []})), FakeClock())
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
SLOTS = {"service": "talk", "location": LONDON.id, "forum": "in_person", "from": "2027-03-08", "to": "2027-03-09"}
DATES = "from=2027-03-08&to=2027-03-09"
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
        self.portal: Any = InMemoryPortal(self.store)
        self.archive: Any = InMemoryArchive(self.store, self.portal)
        self.clock = FakeClock(NOW + timedelta(hours=1))
        self.caps, self.free = Caps(), 5
        for module, name, value in (
            (reading, "directory", lambda: self.store),
            (reading, "clock", lambda: self.clock),
            (requesting, "requests", lambda: self.store),
            (requesting, "clock", lambda: self.clock),
            (requesting, "tokens", lambda: TOKENS),
            (requesting, "pause", lambda _attempt: None),
            (taking_in, "clock", lambda: self.clock),
            (taking_in, "tokens", lambda: TOKENS),
            (taking_in, "origin_secret", str),
            (taking_in, "submitting", lambda: self.openhour.submitting),
            (requesting, "answering", lambda: Openhour(self.store, self.clock).answering),
            (requesting, "changing", lambda: Openhour(self.store, self.clock).changing),
            (requesting, "verifying", lambda: Openhour(self.store, self.clock).verifying),
            (erasing, "erasing", lambda: self.openhour.erasing(self.archive)),
            (erasing, "tokens", lambda: TOKENS),
            (signing_in, "portal", lambda: self.portal),
            (signing_in, "clock", lambda: self.clock),
            (signing_in, "tokens", lambda: TOKENS),
            (signing_in, "identity", FakeIdentity),
            (signing_in, "origin_secret", str),
            (signing_in, "ration", lambda: self.openhour.ration),
        ):
            monkeypatch.setattr(module, name, value)

    @property
    def openhour(self) -> Openhour:
        return Openhour(self.store, self.clock, caps=self.caps, free=self.free)

    def keep(self, kept: Request) -> Request:
        self.store.stored[kept.id] = kept
        return kept

    def call(self, route: str, **parts: Any) -> Answer:
        handler = importlib.import_module(f"{routes()[route]}.handler").lambda_handler
        given = handler(event(route, **parts), None)
        return Answer(given["statusCode"], given["headers"], given["body"])

    def fail_with(self, error: Exception) -> None:
        """Every call to the table fails."""
        self.store = self.portal = self.archive = Mock(**{f"{name}.side_effect": error for name in PORTS})


PORTS = (
    *("provider", "providers", "practice_alone", "days", "days_of_all", "submission", "request", "with_days", "commit"),
    *("with_surroundings", "profile", "ask_for_link", "enter", "sign_out", "appointments", "count"),
    *("belongings", "requests", "erase", "owed"),
)


def event(
    route: str,
    *,
    path: dict[str, str] | None = None,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: str = "",
    asked: str = "",
) -> dict[str, Any]:
    method = route.split(maxsplit=1)[0] if " " in route else "GET"
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": asked,
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
    return submitted_by(ANA, max_open_requests=0)(api)


def too_many_of_a_caller(api: Api) -> dict[str, Any]:
    api.caps = Caps(hourly=1)
    return proof_needed(api)


def proof_needed(api: Api) -> dict[str, Any]:
    api.free = 1
    api.store.practice = practice(verify=True)
    api.call("POST /v1/requests", **submit(BODY | {"start": "2027-03-10T09:00:00Z"}, key="key-00000002"))
    return submit(BODY)


def too_many_links(api: Api) -> dict[str, Any]:
    api.caps = Caps(hourly=1)
    api.call("POST /v1/sign-in-links", **WISH)
    return WISH


def too_many_today(api: Api, of_practice: Prepared) -> dict[str, Any]:
    given = of_practice(api)
    api.store.practice = practice(max_requests_per_day=0)
    return given


def used_link(api: Api) -> dict[str, Any]:
    link = {"headers": bearer(TOKENS.sign_in(ANA))}
    api.call("POST /v1/sign-ins", **link)
    return link


def confirmed_unseen(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.CONFIRMED, deadline=None))
    return manage()


def already_declined(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.DECLINED, deadline=None))
    return manage()


def someone_elses(api: Api) -> dict[str, Any]:
    api.keep(PENDING)
    return manage(headers=bearer(TOKENS.manage(request(id="another"))))


def signed_out(api: Api) -> dict[str, Any]:
    api.keep(PENDING)
    api.store.profiles[PENDING.client.id] = ClientProfile(epoch=1)
    return manage(headers=bearer(TOKENS.portal(WHO)))


def changed(api: Api, **change: Any) -> dict[str, Any]:
    """A change that fits: to Tuesday, unless something else is asked for."""
    given = change or {"start": "2027-03-09T10:00:00Z"}
    if PENDING.id not in api.store.stored:
        api.keep(PENDING)
    return manage(headers=bearer(TOKENS.manage(PENDING)) | JSON, body=json.dumps(given))


def changed_from(**state: Any) -> Prepared:
    def prepare(api: Api) -> dict[str, Any]:
        api.keep(request(**state))
        return changed(api)

    return prepare


def change_of_a_taken_time(api: Api) -> dict[str, Any]:
    api.call("POST /v1/requests", **submit(BODY))
    return changed(api, start="2027-03-09T09:00:00Z")


def while_busy(client_id: str, prepare: Prepared) -> Prepared:
    """The client has something else at any time of these days."""

    def prepared(api: Api) -> dict[str, Any]:
        days = (minute_of(START - timedelta(days=2)), minute_of(START + timedelta(days=7)))
        api.store.agendas[client_id] = Agenda(1, {"another": Held((days,))})
        return prepare(api)

    return prepared


def change_that_waits(api: Api) -> dict[str, Any]:
    api.call("PATCH /v1/requests/{request}", **changed_from(status=Status.CONFIRMED, deadline=None)(api))
    return changed(api, start="2027-03-09T11:00:00Z")


def change_of_too_many(api: Api) -> dict[str, Any]:
    api.store.practice = practice(max_open_requests=0)
    return changed_from(status=Status.CONFIRMED, deadline=None)(api)


def change_nobody_offers(api: Api) -> dict[str, Any]:
    api.store.everyone["maya-okafor"] = provider(self_schedule=SelfSchedule.OFF)
    return changed(api)


def slots_of_nobody(api: Api) -> dict[str, Any]:
    api.store.everyone["maya-okafor"] = provider(self_schedule=SelfSchedule.OFF)
    return open_request(api) | {"query": DATES}


def change_of_unknown(api: Api) -> dict[str, Any]:
    api.store.practice = practice(known_clients_only=True)
    return changed(api)


def not_offered(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.OFFERED, offered=(START + timedelta(days=1),)))
    return changed(api, chosen="2027-03-10T09:00:00Z")


def unverified(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.UNVERIFIED, deadline=NOW + timedelta(hours=2)))
    return manage(headers=bearer(TOKENS.verify(PENDING)))


def verified_too_many(api: Api) -> dict[str, Any]:
    api.store.practice = practice(max_open_requests=0)
    return unverified(api)


def verified_unknown(api: Api) -> dict[str, Any]:
    api.store.practice = practice(known_clients_only=True)
    return unverified(api)


def verified_with_nobody(api: Api) -> dict[str, Any]:
    prepared = unverified(api)
    api.store.everyone.clear()
    return prepared


def verified_late(api: Api) -> dict[str, Any]:
    api.keep(request(status=Status.UNVERIFIED, deadline=NOW))
    return manage(headers=bearer(TOKENS.verify(PENDING)))


def verified_elsewhere(api: Api) -> dict[str, Any]:
    api.keep(PENDING)
    return manage(headers=bearer(TOKENS.verify(request(id="another"))))


def verified_with_nothing(_api: Api) -> dict[str, Any]:
    return manage(headers=bearer(TOKENS.verify(PENDING)))


def submitted_by(who: SignedIn, **of_practice: Any) -> Prepared:
    def prepare(api: Api) -> dict[str, Any]:
        api.store.practice = practice(**of_practice)
        given = submit(BODY)
        return given | {"headers": given["headers"] | bearer(TOKENS.portal(who))}

    return prepare


def listed(query: str = "") -> Prepared:
    def prepare(api: Api) -> dict[str, Any]:
        api.call("POST /v1/requests", **submit(BODY))
        return {"headers": bearer(TOKENS.portal(ANA)), "query": query}

    return prepare


def still_waiting(api: Api) -> dict[str, Any]:
    return {"headers": listed()(api)["headers"]}


def just_withdrawn(api: Api) -> dict[str, Any]:
    api.call("POST /v1/requests", **submit(BODY))
    [made] = api.store.stored.values()
    api.call("DELETE /v1/requests/{request}", path={"request": made.id}, headers=bearer(TOKENS.portal(ANA)))
    return {"headers": bearer(TOKENS.portal(ANA))}


def token_of(token: str) -> Prepared:
    return lambda _api: {"headers": bearer(token)}


ANA = SignedIn(FakeIdentity().client_id("ana@client.example"), 0)
GONE = SignedIn(ANA.client, 7)
WHO = SignedIn(PENDING.client.id, 0)
TOKENLESS: dict[Problem, Prepared] = {
    Problem.TOKEN_MISSING: lambda _api: {},
    Problem.TOKEN_INVALID: token_of(TOKENS.answer(PENDING)),
}
WISH = {"headers": JSON, "body": json.dumps({"email": "ana@client.example"})}

MANAGING: dict[Problem, Prepared] = {
    Problem.SIGNED_OUT: signed_out,
    Problem.TOKEN_MISSING: lambda _api: manage(headers={}),
    Problem.TOKEN_INVALID: lambda _api: manage(headers=bearer(TOKENS.answer(PENDING))),
    Problem.WRONG_REQUEST: someone_elses,
    Problem.UNKNOWN_REQUEST: lambda _api: manage(),
}


def _json_too(given: dict[str, Any]) -> dict[str, Any]:
    return {"headers": given["headers"] | JSON}


NOBODY = {"path": {"provider": "nobody"}}
REFUSED: dict[str, dict[Problem, Prepared]] = {
    "GET /v1/practice": {},
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
        Problem.OWN_CONFLICT: while_busy(ANA.client, submitted_by(ANA)),
        Problem.KEY_REUSED: key_reused,
        Problem.TOO_MANY_OPEN: too_many_open,
        Problem.TOO_MANY_REQUESTS: too_many_of_a_caller,
        Problem.PROOF_NEEDED: proof_needed,
        Problem.TOKEN_MISSING: lambda _api: submit(BODY) | {"headers": {"authorization": "Basic YTpi"}},
        Problem.TOKEN_INVALID: token_of(TOKENS.answer(PENDING)),
        Problem.SIGNED_OUT: submitted_by(GONE),
        Problem.KNOWN_CLIENTS_ONLY: submitted_by(ANA, known_clients_only=True),
    },
    "GET /v1/requests/{request}": MANAGING,
    "GET /v1/requests/{request}/slots": {
        **{
            problem: (lambda api, prepare=prepare: {"query": DATES} | prepare(api))
            for problem, prepare in MANAGING.items()
        },
        Problem.INVALID: open_request,
        Problem.UNKNOWN_PROVIDER: slots_of_nobody,
    },
    "DELETE /v1/requests/{request}": MANAGING
    | {
        Problem.NOT_POSSIBLE: already_declined,
        Problem.NOT_AS_SEEN: confirmed_unseen,
        Problem.INVALID: lambda _api: manage(query="status=late"),
    },
    "PATCH /v1/requests/{request}": {
        **{
            problem: (lambda api, prepare=prepare: prepare(api) | {"body": '{"note":null}'} | _json_too(prepare(api)))
            for problem, prepare in MANAGING.items()
        },
        Problem.NOT_JSON: lambda _api: manage(body="{}"),
        Problem.INVALID: lambda api: changed(api, start="tomorrow"),
        Problem.UNKNOWN_PROVIDER: change_nobody_offers,
        Problem.SLOT_TAKEN: change_of_a_taken_time,
        Problem.OWN_CONFLICT: while_busy(PENDING.client.id, changed),
        Problem.TOO_MANY_OPEN: change_of_too_many,
        Problem.TOO_MANY_REQUESTS: lambda api: too_many_today(
            api, changed_from(status=Status.CONFIRMED, deadline=None)
        ),
        Problem.KNOWN_CLIENTS_ONLY: change_of_unknown,
        Problem.NOT_POSSIBLE: changed_from(status=Status.DECLINED, deadline=None),
        Problem.TOO_MANY_CHANGES: changed_from(changes=5),
        Problem.CHANGE_WAITS: change_that_waits,
        Problem.NOT_OFFERED: not_offered,
    },
    "POST /v1/requests/{request}/verification": {
        Problem.TOKEN_MISSING: lambda _api: manage(headers={}),
        Problem.TOKEN_INVALID: lambda _api: manage(),
        Problem.WRONG_REQUEST: verified_elsewhere,
        Problem.UNKNOWN_REQUEST: verified_with_nothing,
        Problem.NOT_POSSIBLE: verified_late,
        Problem.OWN_CONFLICT: while_busy(PENDING.client.id, unverified),
        Problem.TOO_MANY_OPEN: verified_too_many,
        Problem.TOO_MANY_REQUESTS: lambda api: too_many_today(api, unverified),
        Problem.KNOWN_CLIENTS_ONLY: verified_unknown,
        Problem.UNKNOWN_PROVIDER: verified_with_nobody,
    },
    "POST /v1/sign-in-links": {
        Problem.TOO_MANY_REQUESTS: too_many_links,
        Problem.NOT_JSON: lambda _api: {"body": "{}"},
        Problem.INVALID: lambda _api: WISH | {"body": '{"email":"nobody"}'},
    },
    "POST /v1/sign-ins": TOKENLESS | {Problem.SIGNED_OUT: token_of(TOKENS.sign_in(GONE)), Problem.LINK_USED: used_link},
    "DELETE /v1/sign-ins": TOKENLESS,
    "DELETE /v1/me": TOKENLESS
    | {
        Problem.SIGNED_OUT: token_of(TOKENS.portal(GONE)),
        Problem.STILL_TO_COME: still_waiting,
        Problem.NOT_YET_TOLD: just_withdrawn,
    },
    "GET /v1/appointments": TOKENLESS
    | {Problem.SIGNED_OUT: token_of(TOKENS.portal(GONE)), Problem.INVALID: listed("when=now")},
    "GET /v1/openapi.json": {},
    "$default": {Problem.UNKNOWN_PATH: lambda _api: {}, Problem.WRONG_METHOD: lambda _api: {"asked": "/v1/sign-ins"}},
}


def whole_or_unchanged(**given: Any) -> list[tuple[int, Prepared]]:
    return [(200, lambda _api: given), (304, lambda _api: given | {"headers": {"if-none-match": "*"}})]


DONE: dict[str, list[tuple[int, Prepared]]] = {
    "GET /v1/practice": whole_or_unchanged(),
    "GET /v1/providers": whole_or_unchanged(),
    "GET /v1/providers/{provider}": whole_or_unchanged(path={"provider": "maya-okafor"}),
    "GET /v1/providers/{provider}/slots": whole_or_unchanged(path={"provider": "maya-okafor"}, query=urlencode(SLOTS)),
    "GET /v1/slots": whole_or_unchanged(query=urlencode(SLOTS)),
    "POST /v1/requests": [
        (201, lambda _api: submit(BODY)),
        (201, submitted_by(ANA, verify=True)),
        (200, lambda _api: {"headers": JSON, "body": json.dumps(BODY), "query": "validate_only=true"}),
    ],
    "GET /v1/requests/{request}": [(200, open_request)],
    "GET /v1/requests/{request}/slots": [(200, lambda api: open_request(api) | {"query": DATES})],
    "DELETE /v1/requests/{request}": [(200, open_request)],
    "PATCH /v1/requests/{request}": [(200, changed), (201, changed_from(status=Status.CONFIRMED, deadline=None))],
    "POST /v1/requests/{request}/verification": [(200, unverified)],
    "POST /v1/sign-in-links": [(202, lambda _api: WISH)],
    "POST /v1/sign-ins": [(201, token_of(TOKENS.sign_in(ANA)))],
    "DELETE /v1/sign-ins": [(200, token_of(TOKENS.portal(ANA)))],
    "DELETE /v1/me": [(200, token_of(TOKENS.portal(ANA)))],
    "GET /v1/appointments": [(200, listed())],
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
    (422, kept(), answer_call(query="times=maybe")),
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
