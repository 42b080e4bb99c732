"""AWS in this process: moto, with the table exactly as template.yaml describes it."""

import json
import threading
import zlib
from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml

from openhour.adapters import keys
from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.directory import DynamoDBDirectory
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.packing import packed
from openhour.adapters.snapshots import practice_to_json, provider_to_json, version_of
from openhour.application.jobs.bounces import Trouble
from openhour.domain.ledger import minute_of
from openhour.domain.values import Practice, Provider

TABLE = "openhour-test"
ROOT = Path(__file__).parent.parent


class _Template(yaml.SafeLoader):
    """CloudFormation's short forms, kept as plain values: what they resolve to does not matter here."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: {suffix: _plain(loader, node)})


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


@cache
def template() -> dict[str, Any]:
    """template.yaml as plain values, read once: nobody may change them."""
    return yaml.load((ROOT / "template.yaml").read_text("utf-8"), _Template)


def create_table(name: str = TABLE) -> None:
    """The table of the template, in moto."""
    properties = template()["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    boto3.client("dynamodb").create_table(TableName=name, **{key: properties[key] for key in wanted})


class Calls:
    """A client that lets one call through at a time, as moto needs; counts calls, and fails those it is told to."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()
        self.made: list[str] = []
        self.failures: dict[str, list[Exception]] = {}

    def fail(self, call: str, *errors: Exception) -> None:
        self.failures.setdefault(call, []).extend(errors)

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            with self._lock:
                self.made.append(name)
                if self.failures.get(name):
                    raise self.failures[name].pop(0)
                return getattr(self._client, name)(**arguments)

        return call


def readable(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Items in one order, with their compressed documents as text: a search for what must not be there looks inside."""
    return sorted((dict(item) | _document_of(item) for item in items), key=json.dumps)


def _document_of(item: Mapping[str, Any]) -> dict[str, Any]:
    match item:
        case {"document": {"B": bytes(packed)}}:
            return {"document": {"S": zlib.decompress(packed).decode()}}
        case {"document": {"B": str(encoded)}}:  # as moto keeps it
            return {"document": {"S": zlib.decompress(b64decode(encoded)).decode()}}
    return {}


class MotoStore:
    """The stores on one table in moto, with the same way to seed as the one in memory."""

    def __init__(self) -> None:
        create_table()
        self.calls = Calls(dynamodb_client())
        self.table = Table(self.calls, TABLE)  # type: ignore[arg-type]
        stores = DynamoDBDirectory, DynamoDBRequests, DynamoDBOutbox, DynamoDBCallers
        self._parts = tuple(store(self.table) for store in stores)

    def seed(self, practice: Practice, *providers: Provider) -> None:
        self._document(keys.practice(), practice_to_json(practice))
        for provider in providers:
            self._document(keys.provider(provider.id), provider_to_json(provider))
        self.write_directory()

    def write_directory(self) -> None:
        """As it is after each application of a practice file."""
        table = boto3.resource("dynamodb").Table(TABLE)
        pk, sk = keys.directory()
        table.delete_item(Key={keys.PK: pk, keys.SK: sk})
        practice, providers = DynamoDBDirectory(Table(dynamodb_client(), TABLE)).providers()
        if practice is not None and (whole := packed(practice, providers)):
            table.put_item(Item={keys.PK: pk, keys.SK: sk, "document": whole.document, "version": whole.version})

    def _document(self, key: keys.Key, text: str) -> None:
        item = {keys.PK: key[0], keys.SK: key[1], "document": text, "version": version_of(text)}
        boto3.resource("dynamodb").Table(TABLE).put_item(Item=item)

    def block(self, provider_id: str, start: datetime, end: datetime) -> None:
        pk, sk = keys.external(provider_id, start.date())
        busy = [[minute_of(start), minute_of(end)]]
        boto3.resource("dynamodb").Table(TABLE).put_item(Item={"pk": pk, "sk": sk, "busy": busy})

    def list_client(self, client_id: str) -> None:
        pk, sk = keys.known_client(client_id)
        boto3.resource("dynamodb").Table(TABLE).put_item(Item={"pk": pk, "sk": sk})

    def complain(self, client_id: str, at: datetime) -> None:
        DynamoDBPortal(self.table).mark(client_id, Trouble.COMPLAINT, at)

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table as text, to see that nothing was written, or what was."""
        return readable(boto3.client("dynamodb").scan(TableName=TABLE)["Items"])

    def __getattr__(self, name: str) -> Any:
        for part in self._parts:
            if hasattr(part, name):
                return getattr(part, name)
        raise AttributeError(name)
