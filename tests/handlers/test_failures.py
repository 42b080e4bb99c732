"""What nobody expected: every call still answers in its own form, without a word of what happened."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Table, contention, typed
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.event_bus import EventBridgeBus
from openhour.adapters.http.problems import Problem
from openhour.adapters.jobs import JobFailedError
from openhour.application.signed_in import SignedIn
from openhour.domain.transitions import Status
from openhour.wiring import requesting, taking_in
from tests.builders import practice, provider
from tests.cloud import TABLE
from tests.handlers.calls import (
    SLOT_PATHS,
    ask_for_link,
    change,
    erase,
    made,
    own_list,
    press,
    refused,
    sign_in,
    sign_out,
    slots,
    spoiled,
    submit,
    verify,
    with_token,
)
from tests.handlers.gateway import Call
from tests.handlers.pages import look, page, unchanged
from tests.handlers.stack import SENDER, Invocation, Stack, forget
from tests.handlers.test_events import event

CANARY = "canary7f3a"
_CALLS = ("get", "get_many", "query", "page", "update", "transact")


def _break(patch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    for name in _CALLS:
        patch.setattr(Table, name, fail)


def _json_calls(stack: Stack) -> list[Call]:
    asked = stack.request(made(stack))
    token = stack.tokens().manage(asked)
    return [
        Call("GET", "/v1/practice"),
        Call("GET", "/v1/providers"),
        Call("GET", "/v1/providers/maya-okafor"),
        *(slots(path) for path in SLOT_PATHS),
        submit(key="another-key"),
        submit(query="validate_only=true"),
        with_token("GET", asked.id, token),
        with_token("DELETE", asked.id, token),
        change(asked.id, token, {"note": "another"}),
        verify(asked.id, stack.tokens().verify(asked)),
        *_portal_calls(stack),
    ]


def _portal_calls(stack: Stack) -> list[Call]:
    who, tokens = SignedIn(stack.client_id("ana@client.example"), 0), stack.tokens()
    link, token = tokens.sign_in(who), tokens.portal(who)
    return [
        ask_for_link({"email": "ana@client.example"}),
        own_list(token),
        sign_in(link),
        sign_out(token),
        erase(token),
    ]


def _page_calls(stack: Stack) -> list[Call]:
    token = stack.tokens().answer(stack.request(made(stack)))
    forms = ("confirm", "decline", "cancel", "offer&start=2027-03-09T10:00:00Z")
    looks = [look(token), look(token, "HEAD"), replace(look(token), query="times=true")]
    return [*looks, *(press(token, f"decision={form}") for form in forms)]


_UNEXPECTED = [
    RuntimeError(CANARY),
    KeyError(CANARY),
    UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    ClientError({"Error": {"Code": "AccessDeniedException", "Message": CANARY}}, "Query"),
    RecursionError(CANARY),
    AssertionError(CANARY),
]


@pytest.mark.parametrize("error", _UNEXPECTED, ids=lambda error: type(error).__name__)
def test_an_unexpected_error_is_a_problem_without_its_text(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    calls = _json_calls(stack)
    _break(monkeypatch, error)
    stack.lines()
    for call in calls:
        told = refused(stack, call, Problem.FAILED)
        assert CANARY not in json.dumps(told)
        assert [line["message"] for line in stack.lines()] == ["failed", "answered"]


@pytest.mark.parametrize("error", _UNEXPECTED, ids=lambda error: type(error).__name__)
def test_an_unexpected_error_is_a_page_without_its_text(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    calls = _page_calls(stack)
    _break(monkeypatch, error)
    stack.lines()
    for call in calls:
        reply = unchanged(stack, call, 500, "Something went wrong on our side")
        assert CANARY not in reply.body
        assert [line["message"] for line in stack.lines()] == ["failed", "answered"]


@pytest.mark.parametrize("function", ["describe_api", "refuse_unknown", "list_providers", "submit_request"])
def test_an_event_that_is_none_is_a_problem(stack: Stack, function: str) -> None:
    for broken in ({}, {"requestContext": {}}, {"requestContext": {"http": {}}, "routeKey": CANARY}):
        answer = stack.invoke(function, broken)
        assert answer["statusCode"] == 500
        assert json.loads(answer["body"])["type"] == Problem.FAILED.type
        assert CANARY not in answer["body"]


def test_an_event_that_is_none_is_a_page(stack: Stack) -> None:
    for function in ("show_answer", "answer_request"):
        assert stack.invoke(function, {})["statusCode"] == 500


def test_a_secret_that_cannot_be_read_is_a_problem(stack: Stack) -> None:
    asked = stack.request(made(stack))
    token, answer = stack.tokens().manage(asked), stack.tokens().answer(asked)
    stack.rotate({"name": CANARY})
    refused(stack, with_token("GET", asked.id, token), Problem.FAILED)
    refused(stack, submit(key="another-key"), Problem.FAILED)
    page(stack.http(look(answer)), 500, "Something went wrong on our side")


def test_a_setting_that_the_template_does_not_give_is_a_problem(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.handlers.stack.variables_of", lambda _function: ())
    forget()
    refused(stack, slots(), Problem.FAILED)
    failure = stack.lines()[0]
    assert failure["error"] == "SettingMissingError"


def _busy(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": CANARY}}, "TransactWriteItems")


_PASSING = [
    _busy("ProvisionedThroughputExceededException"),
    _busy("ThrottlingException"),
    _busy("TransactionConflictException"),
    EndpointConnectionError(endpoint_url=f"https://{CANARY}.example"),
]


@pytest.mark.parametrize("error", _PASSING, ids=lambda error: str(error)[:60])
def test_what_passes_by_itself_is_to_be_tried_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    asked = stack.request(made(stack))
    manage, answer = stack.tokens().manage(asked), stack.tokens().answer(asked)
    _never_write(monkeypatch, error)
    elsewhen = spoiled(start="2027-03-09T09:00:00Z")
    own = [with_token("DELETE", asked.id, manage), change(asked.id, manage, {"start": "2027-03-09T09:00:00Z"})]
    wish, _, entering, leaving, _ = _portal_calls(stack)
    for call in (submit(elsewhen, "another-key"), *own, wish, entering, leaving):
        told = refused(stack, call, Problem.TRY_LATER)
        assert CANARY not in json.dumps(told)
        assert stack.http(call).headers["retry-after"] == "2"
    for form in ("confirm", "offer&start=2027-03-09T10:00:00Z"):
        unchanged(stack, press(answer, f"decision={form}"), 503, "Busy right now")


def _never_write(patch: pytest.MonkeyPatch, error: Exception) -> None:
    def write(_table: Table, *_: Any, **__: Any) -> None:
        with contention():
            raise error

    for name in ("transact", "update"):
        patch.setattr(Table, name, write)
    patch.setattr(requesting, "pause", lambda _attempt: None)
    taking_in.submitting.cache_clear()


@pytest.mark.parametrize("function", ["publish_events", "expire_requests"])
def test_a_job_that_fails_goes_up_to_be_run_again_without_its_text(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    _break(monkeypatch, RuntimeError(CANARY))
    monkeypatch.setattr(EventBridgeBus, "publish", Table.query)
    with pytest.raises(JobFailedError, match=r"^RuntimeError$") as failed:
        stack.invoke(function, event(f"{function}.json"), Invocation())
    assert failed.value.__suppress_context__
    lines = stack.lines()
    assert {(line["message"], line["error"]) for line in lines} == {("failed", "RuntimeError")}
    assert CANARY not in json.dumps(lines)


def test_a_part_of_the_scheduled_job_that_fails_holds_up_no_other(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = made(stack)
    stack.clock.move(hours=48)
    monkeypatch.setattr(DynamoDBOutbox, "unsent", lambda _outbox, _now: {}["the count, and what publishes again"])
    with pytest.raises(JobFailedError):
        stack.invoke("expire_requests", event("expire_requests.json"), Invocation(seconds=50))
    assert stack.request(identity).status is Status.EXPIRED


@pytest.mark.parametrize("broken", [{}, {"Records": [{}]}, {"Records": [{"eventName": "INSERT", "dynamodb": {}}]}])
def test_a_batch_that_cannot_be_read_comes_again_whole(stack: Stack, broken: dict[str, Any]) -> None:
    with pytest.raises(JobFailedError, match=r"^KeyError$"):
        stack.invoke("publish_events", broken)
    assert stack.published() == []


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "{}", '{"detail": {}}', '{"detail": {"request": "x"}}', "1"])
def test_a_message_that_cannot_be_read_comes_again_and_holds_up_no_other(stack: Stack, body: str) -> None:
    made(stack)
    batch = event("send_mails.json")
    good = batch["Records"][0] | {"body": batch["Records"][0]["body"].replace(_id_in(batch), _only_request(stack))}
    bad = batch["Records"][1] | {"body": body}
    answer = stack.invoke("send_mails", {"Records": [bad, good]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": bad["messageId"]}]}
    assert len(stack.mails()) == 2


def _id_in(batch: dict[str, Any]) -> str:
    identity: str = json.loads(batch["Records"][0]["body"])["detail"]["request"]
    return identity


def _only_request(stack: Stack) -> str:
    (identity,) = (item["id"]["S"] for item in stack.items() if item["sk"]["S"] == "REQUEST")
    return str(identity)


def test_mails_wait_while_the_practice_is_not_set_up(stack: Stack) -> None:
    made(stack)
    message = event("send_mails.json")["Records"][0]
    message["body"] = message["body"].replace(_id_in({"Records": [message]}), _only_request(stack))
    stack.store.calls.delete_item(TableName="openhour-test", Key={"pk": {"S": "PRACTICE"}, "sk": {"S": "PROFILE"}})
    assert len(stack.invoke("send_mails", {"Records": [message]})["batchItemFailures"]) == 1
    assert stack.mails() == []
    stack.store.seed(practice(), provider())
    assert stack.invoke("send_mails", {"Records": [message]}) == {"batchItemFailures": []}
    assert len(stack.mails()) == 2


def test_a_run_without_time_left_leaves_the_rest_for_the_next(stack: Stack) -> None:
    made(stack)
    stack.clock.move(hours=48)
    found = stack.invoke("expire_requests", event("expire_requests.json"), Invocation(seconds=4))
    assert (found["expired"], found["left"]) == (0, 1)


def test_the_log_says_why_a_mail_was_not_taken_and_names_no_address(stack: Stack) -> None:
    asked = stack.request(made(stack))
    boto3.client("ses").delete_identity(Identity=SENDER)
    stack.lines()
    message = event("send_mails.json")["Records"][0]
    told = {"detail": {"request": asked.id, "version": 1}}
    answer = stack.invoke("send_mails", {"Records": [message | {"body": json.dumps(told)}]})
    assert len(answer["batchItemFailures"]) == 1
    [line] = [line for line in stack.lines() if line["message"] == "failed"]
    assert line["mail_service"] == "SES: MessageRejected"
    assert asked.client.email not in json.dumps(line)
    assert SENDER not in json.dumps(line)


def _reported(output: str, name: str) -> list[float]:
    """The values of a metric among what a function printed (CloudWatch embedded metric format)."""
    lines = [json.loads(line) for line in output.splitlines() if '"_aws"' in line]
    return [value for line in lines if name in line for value in line[name]]


def test_mails_that_failed_are_counted_for_the_alarm_and_those_that_somebody_else_sends_are_not(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = stack.request(made(stack))
    message = event("send_mails.json")["Records"][0] | {
        "body": json.dumps({"detail": {"request": asked.id, "version": 1}})
    }
    for mail in stack.store.owed(asked.id, 1)[1]:
        stack.store.lease(mail, stack.clock.now())
    assert len(stack.invoke("send_mails", {"Records": [message]})["batchItemFailures"]) == 1
    assert _reported(capsys.readouterr().out, "FailedMails") == []
    stack.clock.move(minutes=5)
    boto3.client("ses").delete_identity(Identity=SENDER)
    assert len(stack.invoke("send_mails", {"Records": [message]})["batchItemFailures"]) == 1
    assert _reported(capsys.readouterr().out, "FailedMails") == [1]
    boto3.client("ses").verify_email_identity(EmailAddress=SENDER)
    assert stack.invoke("send_mails", {"Records": [message]}) == {"batchItemFailures": []}
    assert _reported(capsys.readouterr().out, "FailedMails") == []


def test_the_scheduled_job_counts_before_it_does_anything_else(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made(stack)
    stack.clock.move(minutes=10)
    monkeypatch.setattr(EventBridgeBus, "publish", lambda _bus, _events: {}["what is published"])
    with pytest.raises(JobFailedError):
        stack.invoke("expire_requests", event("expire_requests.json"), Invocation(seconds=50))
    assert _reported(capsys.readouterr().out, "UnsentMails") == [2]


def test_a_mail_that_cannot_be_read_holds_up_no_other(stack: Stack) -> None:
    identity = made(stack)
    stack.store.calls.update_item(
        TableName=TABLE,
        Key=typed(keys.mail(identity, 1, "client")),
        UpdateExpression="SET kind = :nonsense",
        ExpressionAttributeValues={":nonsense": {"S": "nonsense"}},
    )
    stack.clock.move(minutes=10)
    stack.lines()
    found = stack.invoke("expire_requests", event("expire_requests.json"), Invocation(seconds=50))
    assert (found["unsent"], found["published"]) == (1, 1)
    assert {line["of"] for line in stack.lines() if line["message"] == "failed"} == {f"REQUEST#{identity}"}
