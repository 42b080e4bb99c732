"""Plain values in DynamoDB's own typed form and back. Instants are RFC 3339 text in UTC, which sorts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item, typed

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def text_of(instant: datetime) -> str:
    """RFC 3339 in UTC with `Z`, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """The aware UTC instant that text_of wrote."""
    return datetime.fromisoformat(text)


def to_item(key: keys.Key, plain: Mapping[str, Any]) -> Item:
    """A plain mapping under a key, without its None values, in DynamoDB's typed form."""
    return typed(key) | {name: _serialize(value) for name, value in _without_none(plain).items()}


def _without_none(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_none(value) if isinstance(value, Mapping) else value
        for name, value in plain.items()
        if value is not None
    }


def plain_of(item: Item) -> dict[str, Any]:
    """The values of an item, numbers as int."""
    values: dict[str, Any] = _numbers({name: _deserialize(value) for name, value in item.items()})
    return values


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, dict):
        return {name: _numbers(inner) for name, inner in value.items()}
    return value
