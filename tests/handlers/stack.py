"""One deployed stack in this process: the handlers with their environment, and AWS by moto behind them."""

import importlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb import dynamodb_backends
from moto.ses import ses_backends

from openhour.adapters import aws
from openhour.adapters.clock import SystemClock
from openhour.adapters.dynamodb.client import typed
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.adapters.logs import logger
from openhour.adapters.tokens import Tokens
from openhour.domain.requests import Request
from tests.builders import NOW, practice, provider
from tests.cloud import TABLE, MotoStore, readable, template
from tests.fakes.world import FakeClock
from tests.handlers import permissions
from tests.handlers.gateway import Call, Reply, variables_of

REGION = "eu-west-2"
IDENTITY = "0123456789abcdef" * 4
SENDER = "appointments@practice.example"
_BUS = "openhour-test"
_CONFIGURATION_SET = "openhour-test-mail"
_SECRET = "openhour-test-keys"
_PARAMS = "provide-client-params.dynamodb."
_EVERY_CALL = "before-parameter-build.dynamodb"
_VALUES = {
    "RELEASE": "2026-11-26T12:00:00Z 1a842e3",
    "STAGE": "prod",
    "CLOCK_OFFSET_SECONDS": "0",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "POWERTOOLS_SERVICE_NAME": "openhour-test",
    "PYTHONTZPATH": "/opt/python/tzdata/zoneinfo",
    "TABLE_NAME": TABLE,
    "SECRET_ARN": _SECRET,
    "HOLD": "48h",
    "HOURLY_CAP": "20",
    "DAILY_CAP": "100",
    "PROOF_AFTER": "5",
    "ORIGIN_SECRET": "",
    "BUS_NAME": _BUS,
    "SENDER": SENDER,
    "CONFIGURATION_SET": _CONFIGURATION_SET,
    "API_URL": "https://api.practice.example",
    "SITE_URL": "https://practice.example/appointments",
    "ALLOWED_ORIGINS": "https://practice.example",
}


@dataclass
class Invocation:
    """Lambda's context object; `seconds` are left of its time."""

    seconds: float = 10
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@dataclass
class Stack:
    """The stack, its clock, and what its functions wrote into their logs."""

    store: MotoStore
    queue: str
    clock: FakeClock = field(default_factory=FakeClock)
    log: io.StringIO = field(default_factory=io.StringIO)
    seeds: list[dict[str, Any]] = field(default_factory=list)
    running: str | None = None

    def check(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """As AWS does, refuse the function that runs what the template does not let it do to the table."""
        if self.running is not None:
            permissions.check(self.running, model.name, params)

    def invoke(self, function: str, event: Mapping[str, Any], context: Invocation | None = None) -> Any:
        """Run a function with the variables that the template gives to it, and with no others."""
        for name in _VALUES:
            os.environ.pop(name, None)
        os.environ.update({name: _VALUES[name] for name in variables_of(function)})
        handler = importlib.import_module(f"{function}.handler")
        self.running = function
        try:
            return handler.lambda_handler(event, context or Invocation())
        finally:
            self.running = None

    def http(self, call: Call) -> Reply:
        """What the API answers."""
        return Reply.of(self.invoke(call.function, call.event()))

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table, as MotoStore.items tells it, but without a call: hundreds of tests look twice."""
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[TABLE]
        return readable(item.to_json()["Attributes"] for item in table.all_items())

    def request(self, request_id: str) -> Request:
        """A request as it is stored."""
        found = self.store.request(request_id)
        assert found is not None
        return found

    def tokens(self, *keys: str) -> Tokens:
        """Tokens under these signing keys; without any, under the stack's own."""
        signing = [{"key": key} for key in keys]
        ring = Keyring.parse(json.dumps({"signing": signing, "identity": IDENTITY}))
        return Tokens(lambda: ring, self.clock)

    def client_id(self, email: str) -> str:
        """The id that an address has here."""
        return HashedIdentity(lambda: Keyring.parse(json.dumps({"signing": [], "identity": IDENTITY}))).client_id(email)

    def rotate(self, *keys: Mapping[str, str]) -> None:
        """Give the secret these signing keys, and let every function forget the ones it kept."""
        secret = json.dumps({"signing": keys, "identity": IDENTITY})
        boto3.client("secretsmanager").put_secret_value(SecretId=_SECRET, SecretString=secret)
        forget()

    def reset(self) -> None:
        """As it was when it was set up."""
        self.clock.present = NOW
        self.rotate()
        self.mails().clear()
        self.published()
        self.lines()
        seeds, found = ({_key(item): item for item in items} for items in (self.seeds, self.items()))
        puts = [{"PutRequest": {"Item": item}} for key, item in seeds.items() if found.get(key) != item]
        deletes = [{"DeleteRequest": {"Key": typed(key)}} for key in found.keys() - seeds.keys()]
        for batch in batched(puts + deletes, 25, strict=False):
            self.store.calls.batch_write_item(RequestItems={TABLE: list(batch)})
        if puts:  # what is told as readable is not what the table keeps of it
            self.store.write_directory()

    def lines(self) -> list[dict[str, Any]]:
        """The log since the last look."""
        text = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        return [json.loads(line) for line in text.splitlines()]

    def mails(self) -> list[Any]:
        """What SES took."""
        return ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages

    def published(self) -> list[dict[str, Any]]:
        """The events that have reached the queue behind the bus since the last look."""
        sqs = boto3.client("sqs")
        found = []
        while batch := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in batch:
                found.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def forget() -> None:
    """Empty what the wiring keeps between invocations."""
    for name, module in list(sys.modules.items()):
        if name.startswith("openhour.wiring."):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _create_bus() -> str:
    rule = template()["Resources"]["DueMailsRule"]["Properties"]
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="due-mails")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name=_BUS)
    events.put_rule(Name="due", EventBusName=_BUS, EventPattern=json.dumps(rule["EventPattern"]))
    events.put_targets(Rule="due", EventBusName=_BUS, Targets=[{"Id": "due-mails", "Arn": arn}])
    return url


def _create_secret() -> None:
    made = template()["Resources"]["SigningSecret"]["Properties"]["GenerateSecretString"]
    secret = json.loads(made["SecretStringTemplate"]) | {made["GenerateStringKey"]: IDENTITY}
    boto3.client("secretsmanager").create_secret(Name=_SECRET, SecretString=json.dumps(secret))


def _create_mail() -> None:
    ses = boto3.client("ses")
    ses.verify_email_identity(EmailAddress=SENDER)
    ses.create_configuration_set(ConfigurationSet={"Name": _CONFIGURATION_SET})


def _limit_keys(params: Mapping[str, Any], **_: Any) -> None:
    """DynamoDB takes sort keys of at most 1024 bytes and partition keys of at most 2048; moto takes any."""
    tables = params.get("RequestItems", {}).values()
    found = [params["Key"]] if "Key" in params else [key for table in tables for key in table["Keys"]]
    if any(len(key["pk"]["S"].encode()) > 2048 or len(key["sk"]["S"].encode()) > 1024 for key in found):
        error = {"Code": "ValidationException", "Message": "Aggregated size of all range keys has exceeded the limit."}
        raise ClientError({"Error": error}, "GetItem")


def _limit_cursor(params: Mapping[str, Any], **_: Any) -> None:
    """DynamoDB takes a cursor only within the range that is asked for; moto takes any."""
    values = params["ExpressionAttributeValues"]
    if "ExclusiveStartKey" in params and ":low" in values:
        after = params["ExclusiveStartKey"]["sk"]["S"]
        if not values[":low"]["S"] <= after <= values[":high"]["S"]:
            text = "The provided starting key does not match the range key predicate"
            raise ClientError({"Error": {"Code": "ValidationException", "Message": text}}, "Query")


_CHECKS = {"GetItem": _limit_keys, "BatchGetItem": _limit_keys, "Query": _limit_cursor}


@contextmanager
def running_stack() -> Iterator[Stack]:
    """A stack with one practice and one provider, whose clock stands still until it is moved."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name in _VALUES:
            patch.delenv(name, raising=False)
        forget()
        events = aws._session()  # whose hooks every client gets, also those of the functions
        for call, check in _CHECKS.items():
            events.register(_PARAMS + call, check, unique_id=call)
        stack = Stack(MotoStore(), _create_bus())
        events.register(_EVERY_CALL, stack.check, unique_id="permissions")
        _create_secret()
        _create_mail()
        stack.store.seed(practice(), provider())
        stack.seeds = stack.items()
        patch.setattr(SystemClock, "now", lambda _clock: stack.clock.now())
        handler = logger.registered_handler
        patch.setattr(handler, "stream", stack.log)
        try:
            yield stack
        finally:
            for name in _VALUES:
                os.environ.pop(name, None)
            for call, check in _CHECKS.items():
                events.unregister(_PARAMS + call, check, unique_id=call)
            events.unregister(_EVERY_CALL, stack.check, unique_id="permissions")
            forget()
