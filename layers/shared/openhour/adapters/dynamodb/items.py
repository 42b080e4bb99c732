"""Plain values in DynamoDB's own typed form and back. Instants are RFC 3339 text in UTC, which sorts.

By hand rather than by boto3's serializer: boto3 is half of what a function would load, and numbers here are whole.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item, typed


def text_of(instant: datetime) -> str:
    """RFC 3339 in UTC with `Z`, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """The aware UTC instant that text_of wrote."""
    return datetime.fromisoformat(text)


def to_item(key: keys.Key, plain: Mapping[str, Any]) -> Item:
    """A plain mapping under a key, without its None values, typed. Raises TypeError as `typed_value`."""
    return typed(key) | _typed_members(plain)


def _typed_members(plain: Mapping[str, Any]) -> Item:
    return {name: typed_value(value) for name, value in plain.items() if value is not None}


def typed_value(value: Any) -> dict[str, Any]:
    """Text, a whole number, true or false, nothing, or lists and mappings of those. Raises TypeError for others."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case None:
            return {"NULL": True}
        case Mapping():
            return {"M": _typed_members(value)}
        case Sequence():
            return {"L": [typed_value(each) for each in value]}
    raise TypeError(type(value).__name__)


def plain_of(item: Item) -> dict[str, Any]:
    """The values of an item. Raises TypeError as `plain_value`."""
    return {name: plain_value(value) for name, value in item.items()}


def plain_value(typed_form: Mapping[str, Any]) -> Any:
    """What `typed_value` wrote. Raises TypeError for a type that nothing here writes."""
    ((kind, value),) = typed_form.items()
    match kind:
        case "S" | "BOOL":
            return value
        case "N":
            return int(value)
        case "M":
            return plain_of(value)
        case "L":
            return [plain_value(each) for each in value]
        case "NULL":
            return None
    raise TypeError(kind)
