"""Whether a value is what its annotations say: items that somebody has edited by hand can be of any shape."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def fits(value: Any, hint: Any) -> bool:
    """Whether the value is of the annotated type, with all that is in it; instants must be aware."""
    inside = get_args(hint)
    match get_origin(hint):
        case origin if origin is UnionType:
            return any(fits(value, each) for each in inside)
        case origin if origin is tuple:
            return isinstance(value, tuple) and all(fits(each, inside[0]) for each in value)
        case origin if origin is Mapping:
            return all(fits(name, inside[0]) and fits(each, inside[1]) for name, each in value.items())
    if is_dataclass(hint):
        return isinstance(value, hint) and all(fits(getattr(value, name), one) for name, one in _hints(hint).items())  # type: ignore[arg-type]
    return type(value) is hint and (hint is not datetime or value.tzinfo is not None)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
