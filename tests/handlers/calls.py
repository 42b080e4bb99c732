"""Good calls to spoil, and what a refused call must look like."""

import json
import re
from functools import cache
from typing import Any

from openhour.adapters.http.problems import Problem
from openhour.application.signed_in import SignedIn
from tests.cloud import ROOT
from tests.handlers.gateway import Call, Reply, query, routes
from tests.handlers.stack import Stack

KEY = "5f0c8e6a-0001"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CLIENT = {"name": "Ana Lima", "email": "ana@client.example"}
WISH = {
    "provider": "maya-okafor",
    "location": "marylebone",
    "forum": "in_person",
    "service": "talk",
    "start": "2027-03-08T09:00:00Z",
}
BODY = WISH | {"client": CLIENT, "note": "I would rather not say much here."}
SLOTS = {
    "service": "talk",
    "location": "marylebone",
    "forum": "in_person",
    "from": "2027-03-08",
    "to": "2027-03-12",
    "time_zone": "Europe/Lisbon",
}
SLOT_PATHS = ("/v1/providers/maya-okafor/slots", "/v1/slots")


def submit(body: Any = BODY, key: str | None = KEY, query: str = "", **headers: str) -> Call:
    """A submission; `body` is text or bytes as they are, or anything else as JSON."""
    sent = {**JSON, **({} if key is None else {"Idempotency-Key": key})}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Call("POST", "/v1/requests", query, sent, body if isinstance(body, (str, bytes)) else json.dumps(body))


def spoiled(**changes: Any) -> dict[str, Any]:
    """The good body with other values; `client` is merged into the good client where both are objects."""
    client = changes.get("client")
    return BODY | changes | ({"client": CLIENT | client} if isinstance(client, dict) else {})


def lacking(name: str) -> dict[str, Any]:
    """The good body without one field, whose place in it is told with dots."""
    body = json.loads(json.dumps(BODY))
    *path, last = name.split(".")
    inner = body
    for part in path:
        inner = inner[part]
    del inner[last]
    return body  # type: ignore[no-any-return]


def slots(path: str = SLOT_PATHS[0], **changes: str | None) -> Call:
    """A slot lookup; a parameter that is None is left out, `from_` is `from`."""
    wanted = SLOTS | {name.rstrip("_"): value for name, value in changes.items()}
    return Call("GET", path, query(**{name: value for name, value in wanted.items() if value is not None}))


def signed_in_as(stack: Stack, email: str) -> dict[str, str]:
    """The header field of whoever reads this address and is signed in."""
    return {"Authorization": f"Bearer {stack.tokens().portal(SignedIn(stack.client_id(email), 0))}"}


def made(stack: Stack, body: Any = BODY, key: str = KEY, **headers: str) -> str:
    """The id of a new request."""
    reply = stack.http(submit(body, key, **headers))
    assert reply.status == 201
    identity: str = reply.json()["id"]
    return identity


def with_token(method: str, request_id: str, token: str | None, scheme: str = "Bearer ", query: str = "") -> Call:
    """A call of the client's, whose manage link carries this token."""
    headers = {} if token is None else {"Authorization": scheme + token}
    return Call(method, f"/v1/requests/{request_id}", query, headers)


def cancel(request_id: str, token: str | None) -> Call:
    """A client cancels an appointment, knowing that it is one."""
    return with_token("DELETE", request_id, token, query="status=confirmed")


def bearing(method: str, path: str, token: str | None, query: str = "", body: Any = None) -> Call:
    """A call with a token, and with a JSON body where there is one."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if body is None:
        return Call(method, path, query, headers)
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return Call(method, path, query, headers | JSON, text)


def change(request_id: str, token: str | None, body: Any) -> Call:
    """A client's change of a request."""
    return bearing("PATCH", f"/v1/requests/{request_id}", token, body=body)


def verify(request_id: str, token: str | None) -> Call:
    """The button behind the link that proves an address."""
    return bearing("POST", f"/v1/requests/{request_id}/verification", token)


def own_list(token: str | None, query: str = "") -> Call:
    """A look at one's own appointments."""
    return bearing("GET", "/v1/appointments", token, query)


def ask_for_link(body: Any) -> Call:
    """A wish for a sign-in link."""
    return bearing("POST", "/v1/sign-in-links", None, body=body)


def sign_in(token: str | None) -> Call:
    """The button behind a sign-in link."""
    return bearing("POST", "/v1/sign-ins", token)


def sign_out(token: str | None) -> Call:
    """Signing out everywhere."""
    return bearing("DELETE", "/v1/sign-ins", token)


def erase(token: str | None) -> Call:
    """Erasing one's own data."""
    return bearing("DELETE", "/v1/me", token)


def press(token: str, form: str | bytes) -> Call:
    """A button of the answer page."""
    return Call("POST", f"/v1/answers/{token}", "", FORM, form)


@cache
def documented(key: str) -> frozenset[str]:
    """The types of all problems that the API's description knows for a route."""
    document = json.loads((ROOT / "functions" / "describe_api" / "openapi.json").read_text("utf-8"))
    verb, _, path = key.partition(" ")
    names = re.findall(r"schemas/(\w+Problem)", json.dumps(document["paths"][path][verb.lower()]["responses"]))
    return frozenset(document["components"]["schemas"][name]["properties"]["type"]["const"] for name in names)


def refusal(reply: Reply, problem: Problem, *fields: str) -> dict[str, Any]:
    """The problem that a reply is, after making sure that it is this one about these fields, in its one form."""
    document: dict[str, Any] = reply.json()
    assert (reply.status, document["type"]) == (problem.status, problem.type), reply.body
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert ("www-authenticate" in reply.headers) == (problem.status == 401)
    assert (document["title"], document["status"]) == (problem.title, problem.status)
    assert document["detail"].endswith(".")
    assert sorted(error["field"] for error in document.get("errors", ())) == sorted(fields)
    assert all(
        set(error) == {"field", "detail"} and error["detail"].endswith(".") for error in document.get("errors", ())
    )
    assert ("errors" in document) == (problem is Problem.INVALID)
    return document


def refused(stack: Stack, call: Call, problem: Problem, *fields: str) -> dict[str, Any]:
    """The problem that a call is answered with, after making sure that it is documented and changed nothing."""
    before = stack.items()
    reply = stack.http(call)
    assert stack.items() == before
    key = call.event()["routeKey"]
    assert key in routes()
    assert problem.type in documented(key), f"{key} is not documented to answer {problem.type}"
    return refusal(reply, problem, *fields)
