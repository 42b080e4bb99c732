"""What schemas (JSON Schema 2020-12) are put together from, and those of words that every call may use."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from openhour.domain.transitions import Status
from openhour.domain.values import Forum

type Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/"

TRUE_OR_FALSE: Schema = {"type": "boolean"}


def reference(name: str) -> Schema:
    """A reference to a schema of this document."""
    return {"$ref": f"{_REFERENCE}{name}"}


def an_object(
    description: str, properties: Mapping[str, Schema], optional: frozenset[str] | set[str] = frozenset()
) -> Schema:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def text(description: str) -> Schema:
    """A string."""
    return {"type": "string", "description": description}


def number(description: str) -> Schema:
    """An integer from 0 on."""
    return {"type": "integer", "minimum": 0, "description": description}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def list_of(items: Schema, description: str) -> Schema:
    """An array."""
    return {"type": "array", "items": items, "description": description}


def enumeration(values: Any, description: str) -> Schema:
    """One of the values of an enumeration."""
    return {"type": "string", "enum": [value.value for value in values], "description": description}


def named() -> dict[str, Schema]:
    """The members of whatever has an id and a name."""
    return {"id": text("Its id."), "name": text("Its name.")}


def words() -> dict[str, Schema]:
    """What instants, zones, forums and statuses look like everywhere, and an answer that tells nothing."""
    return {
        "Instant": {
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
            "description": "An instant in UTC, whole seconds (RFC 3339).",
        },
        "TimeZone": {"type": "string", "description": "IANA time zone name."},
        "Forum": enumeration(Forum, "How client and provider meet."),
        "Status": enumeration(Status, "Where a request stands; shown to people, `pending` reads Unconfirmed."),
        "Nothing": an_object("Nothing to tell.", {}),
    }


# What comes in. Of pydantic's schema only what JSON Schema knows is true; what people need to know besides is given.


def of_model(model: type[BaseModel]) -> Schema:
    """A body's schema as pydantic checks it, with those that it uses under `$defs`."""
    return model.model_json_schema(ref_template=_REFERENCE + "{model}")


def with_texts(schema: Schema, texts: Mapping[str, str], description: str) -> Schema:
    """The object with a description for each property. Raises KeyError for a property that has none."""
    properties = {name: value | {"description": texts[name]} for name, value in schema["properties"].items()}
    kept = {name: value for name, value in schema.items() if name not in {"$defs", "title"}}
    return kept | {"description": description, "properties": properties}


def public(value: Any) -> Any:
    """The schema under this document's names: pydantic's own titles go, `ClientBody` becomes `Client`."""
    if isinstance(value, dict):
        return {
            name: public(inner) for name, inner in value.items() if not (name == "title" and isinstance(inner, str))
        }
    if isinstance(value, list):
        return [public(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_REFERENCE):
        return re.sub(r"/_?(\w+?)(Body)?$", r"/\1", value)
    return value
