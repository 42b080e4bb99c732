"""What nobody else may read: problems repeat nothing that was sent, logs name the route and ids and nothing more."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from openhour.adapters.dynamodb.client import Table
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from tests.handlers.calls import (
    BODY,
    SLOT_PATHS,
    SLOTS,
    ask_for_link,
    change,
    erase,
    made,
    own_list,
    press,
    sign_in,
    sign_out,
    slots,
    spoiled,
    submit,
    verify,
    with_token,
)
from tests.handlers.gateway import Call, heads, query, routes
from tests.handlers.pages import look
from tests.handlers.stack import Stack
from tests.handlers.test_events import event

CANARY = "canary7f3a"
_EMAIL = f"{CANARY}@client.example"
_BAD_BODIES = {
    "every field": {name: CANARY if name == "client" else f"{CANARY} \x00" for name in BODY},
    "client's fields": spoiled(
        client={
            "name": f"{CANARY}\x00",
            "email": f"{CANARY}@",
            "phone": f"{CANARY}\n1",
            "time_zone": f"../{CANARY}",
            "locale": f"{CANARY}!",
        }
    ),
    "unknown ids": spoiled(provider=CANARY),
    "unknown location": spoiled(location=CANARY),
    "unknown service": spoiled(service=CANARY),
    "unknown forum": spoiled(forum=CANARY),
    "type": spoiled(note=[CANARY], start={CANARY: 1}),
    "cut off": json.dumps(spoiled(note=CANARY))[:-3],
    "not UTF-8": json.dumps(spoiled(note=CANARY)).encode() + b"\xff",
    "array": json.dumps([CANARY]),
}


@pytest.mark.parametrize("body", _BAD_BODIES.values(), ids=_BAD_BODIES)
def test_a_problem_repeats_nothing_of_a_body(stack: Stack, body: Any) -> None:
    reply = stack.http(submit(body))
    assert 400 <= reply.status < 500
    assert CANARY not in reply.body + json.dumps(dict(reply.headers))


@pytest.mark.parametrize("name", [*SLOTS])
@pytest.mark.parametrize("path", SLOT_PATHS)
def test_a_problem_repeats_no_value_of_a_query(stack: Stack, path: str, name: str) -> None:
    reply = stack.http(slots(path, **{name: f"{CANARY}!"}))
    assert reply.status == 422
    assert CANARY not in reply.body


def test_problems_repeat_no_header_path_or_token(stack: Stack) -> None:
    asked = stack.request(made(stack))
    manage = stack.tokens().manage(asked)
    calls = [
        submit(key=f"{CANARY} !"),
        submit(Content_Type=CANARY),
        submit(query=f"validate_only={CANARY}"),
        with_token("GET", CANARY, CANARY),
        with_token("DELETE", CANARY, CANARY, scheme="Basic "),
        with_token("GET", CANARY, manage),
        Call("GET", f"/v1/providers/{CANARY}"),
        Call("GET", f"/v1/providers/{CANARY}/slots", query(**SLOTS)),
        Call("GET", f"/{CANARY}", CANARY, {"x-canary": CANARY}, CANARY),
        change(CANARY, CANARY, {CANARY: CANARY}),
        change(asked.id, manage, {"service": CANARY, "location": CANARY, "forum": CANARY, "note": f"{CANARY}\x00"}),
        change(asked.id, manage, {"start": CANARY, "chosen": CANARY}),
        change(asked.id, manage, json.dumps({"note": CANARY})[:-3]),
        verify(CANARY, stack.tokens().verify(asked)),
        verify(asked.id, CANARY),
        ask_for_link({"email": f"{CANARY}@", "locale": CANARY}),
        ask_for_link([CANARY]),
        sign_in(CANARY),
        sign_out(CANARY),
        erase(CANARY),
        own_list(CANARY),
        own_list(stack.tokens().portal(SignedIn(asked.client.id, 0)), f"when={CANARY}&after={CANARY}"),
        look(CANARY),
        replace(look(CANARY), query=f"times={CANARY}"),
        press(CANARY, f"decision={CANARY}"),
        press(stack.tokens().answer(asked), f"decision={CANARY}&{CANARY}={CANARY}"),
        press(stack.tokens().answer(asked), f"decision=offer&start={CANARY}"),
    ]
    for call in calls:
        reply = stack.http(call)
        assert 400 <= reply.status < 500
        assert CANARY not in reply.body + json.dumps(dict(reply.headers)), call


def test_of_an_unknown_field_its_name_is_told_and_not_its_value(stack: Stack) -> None:
    reply = stack.http(submit(spoiled(nickname=CANARY)))
    assert reply.json()["errors"] == [{"field": "nickname", "detail": "Unknown field; leave it out."}]


def test_each_call_logs_one_line_with_its_route_and_status(stack: Stack) -> None:
    asked = stack.request(made(stack))
    stack.lines()
    calls = {
        "GET /v1/practice": (Call("GET", "/v1/practice"), 200),
        "GET /v1/providers": (Call("GET", "/v1/providers"), 200),
        "GET /v1/providers/{provider}": (Call("GET", f"/v1/providers/{CANARY}"), 404),
        "GET /v1/providers/{provider}/slots": (slots(), 200),
        "GET /v1/slots": (slots(SLOT_PATHS[1], from_=CANARY), 422),
        "POST /v1/requests": (submit(spoiled(forum=CANARY)), 422),
        "GET /v1/requests/{request}": (with_token("GET", asked.id, stack.tokens().manage(asked)), 200),
        "GET /v1/requests/{request}/slots": (with_token("GET", f"{asked.id}/slots", None), 401),
        "DELETE /v1/requests/{request}": (with_token("DELETE", asked.id, None), 401),
        "PATCH /v1/requests/{request}": (with_token("PATCH", asked.id, None), 401),
        "POST /v1/requests/{request}/verification": (Call("POST", f"/v1/requests/{CANARY}/verification"), 401),
        "POST /v1/sign-in-links": (Call("POST", "/v1/sign-in-links", body=CANARY.encode()), 415),
        "POST /v1/sign-ins": (Call("POST", "/v1/sign-ins"), 401),
        "DELETE /v1/sign-ins": (Call("DELETE", "/v1/sign-ins"), 401),
        "DELETE /v1/me": (Call("DELETE", "/v1/me"), 401),
        "GET /v1/appointments": (Call("GET", "/v1/appointments"), 401),
        "GET /v1/answers/{token}": (look(stack.tokens().answer(asked)), 200),
        "HEAD /v1/answers/{token}": (look(CANARY, "HEAD"), 404),
        "POST /v1/answers/{token}": (press(stack.tokens().answer(asked), "decision=confirm"), 200),
        "GET /v1/openapi.json": (Call("GET", "/v1/openapi.json"), 200),
        "$default": (Call("GET", f"/{CANARY}"), 404),
    }
    assert set(calls) == set(routes()) - heads()
    for route, (call, status) in calls.items():
        assert stack.http(call).status == status
        (line,) = stack.lines()
        assert (line["route"], line["status"], line["level"]) == (route, status, "INFO")
        assert set(line) == {
            "function_name",
            "release",
            "level",
            "location",
            "message",
            "timestamp",
            "service",
            "route",
            "status",
            "invocation",
        }


@pytest.fixture
def secrets(stack: Stack) -> tuple[Request, list[str]]:
    """A request, and every text of it that no log may hold."""
    client = {"name": f"Name {CANARY}", "email": _EMAIL, "phone": f"{CANARY} 1", "time_zone": "Asia/Kathmandu"}
    asked = stack.request(made(stack, spoiled(client=client, note=f"Note {CANARY}"), f"key-{CANARY}"))
    tokens = stack.tokens()
    who = SignedIn(asked.client.id, 0)
    links = [tokens.manage(asked), tokens.answer(asked), tokens.verify(asked), tokens.sign_in(who), tokens.portal(who)]
    return asked, [CANARY, "client.example", "Kathmandu", "maya@practice.example", "Okafor", "/v1/answers/ey", *links]


def _deliver(stack: Stack, detail: dict[str, Any]) -> None:
    message = event("send_mails.json")["Records"][0] | {"body": json.dumps({"detail": detail})}
    assert stack.invoke("send_mails", {"Records": [message]}) == {"batchItemFailures": []}


def _whole_life(stack: Stack, asked: Request) -> None:
    manage, answer = stack.tokens().manage(asked), stack.tokens().answer(asked)
    who = SignedIn(asked.client.id, 0)
    link, portal = stack.tokens().sign_in(who), stack.tokens().portal(who)
    stack.http(ask_for_link({"email": _EMAIL, "locale": "en"}))
    period = int(stack.clock.now().timestamp()) // 300
    _deliver(stack, {"client": asked.client.id, "period": period})
    stack.http(sign_in(link))
    stack.http(own_list(portal))
    stack.http(with_token("GET", asked.id, portal))
    stack.http(change(asked.id, manage, {"note": f"Another note {CANARY}"}))
    stack.http(sign_out(portal))
    stack.http(own_list(portal))
    stack.http(verify(asked.id, stack.tokens().verify(asked)))
    stack.http(with_token("GET", asked.id, manage))
    stack.http(look(answer))
    stack.http(press(answer, f"decision=decline&reason=Reason+{CANARY}"))
    stack.http(press(answer, f"decision=decline&reason={CANARY}%00"))
    stack.http(with_token("DELETE", asked.id, manage))
    stack.http(replace(look(answer), query=f"a={CANARY}"))
    for version in (1, 2, 3):
        _deliver(stack, {"request": asked.id, "version": version})
    stack.http(erase(stack.tokens().portal(SignedIn(asked.client.id, 1))))
    stack.http(with_token("GET", asked.id, manage))
    stack.invoke("publish_events", event("publish_events.json"))
    stack.invoke("expire_requests", event("expire_requests.json"))


def test_the_logs_of_a_whole_life_hold_nothing_personal(
    stack: Stack,
    secrets: tuple[Request, list[str]],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked, texts = secrets
    caplog.set_level(logging.INFO)
    _whole_life(stack, asked)
    assert {mail.destinations[0] for mail in stack.mails()} == {_EMAIL}  # the provider's was overtaken
    printed = capfd.readouterr()
    written = stack.log.getvalue() + printed.out + printed.err + caplog.text
    assert len(stack.lines()) == 23
    for text in texts:
        assert text not in written


def test_the_log_of_a_failure_holds_its_place_and_type_and_not_its_text(
    stack: Stack, secrets: tuple[Request, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"could not store {CANARY}") from ValueError(_EMAIL)

    monkeypatch.setattr(Table, "get_many", fail)
    stack.lines()
    call = submit(spoiled(client={"email": _EMAIL}, note=CANARY), "another-key")
    assert stack.http(call).status == 500
    failure, answered = stack.lines()
    assert (failure["message"], failure["error"], failure["level"]) == ("failed", "RuntimeError", "ERROR")
    assert failure["at"][-1].endswith(" fail")
    assert (answered["route"], answered["status"]) == ("POST /v1/requests", 500)
    assert not any(text in json.dumps([failure, answered]) for text in secrets[1])


def test_the_job_that_counts_unsent_mails_reports_the_metric_its_alarm_watches(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    made(stack)
    stack.clock.move(minutes=11)
    stack.invoke("expire_requests", event("expire_requests.json"))
    (metric,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert metric["UnsentMails"] == [2.0]
    assert metric["service"] == "openhour-test"
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Openhour"
