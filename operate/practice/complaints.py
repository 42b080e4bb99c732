"""What pydantic finds wrong, in words for the person who wrote the file."""

from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from operate.practice.errors import Path, Problem
from operate.practice.model import PracticeFile
from operate.practice.words import guess

_PLAIN = {
    "missing": "is missing",
    "model_type": "must be a group of keys, each as `key: value`",
    "list_type": "must be a list, each entry beginning with `- `",
    "bool_type": "must be true or false",
    "string_too_short": "must not be empty",
    "string_unicode": "contains characters that are no Unicode text",
    "invalid_key": "is no key; keys are words",
}
_BOUNDED = {
    "greater_than_equal": "must be at least {ge}, not {given}",
    "less_than_equal": "must be at most {le}, not {given}",
    "string_too_long": "must be at most {max_length} characters long",
    "too_short": "needs at least {min_length} entry",
    "enum": "must be one of {expected}, not {given}",
    "string_type": "must be text, not {given}",
    "int_type": "must be a whole number, not {given}",
}


def problems_of(error: ValidationError) -> list[Problem]:
    """Every problem of a validation of the whole file, with its path in the file."""
    return [_problem(details) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails) -> Problem:
    path: Path = tuple(part for part in details["loc"] if part != "[key]")
    return Problem(path, _message(path, details))


def _message(path: Path, details: ErrorDetails) -> str:
    kind = details["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if details["input"] is None and kind != "missing":
        return "has no value; write one or remove the key"
    return _PLAIN.get(kind) or _with_bounds(kind, details)


def _with_bounds(kind: str, details: ErrorDetails) -> str:
    bounds, given = details.get("ctx", {}), _quoted(details["input"])
    if kind == "value_error":
        return str(bounds["error"])
    if kind == "string_type" and isinstance(details["input"], int | float):
        return f'must be text, not a number or true or false; in quotes it is text: "{details["input"]}"'
    template = _BOUNDED.get(kind, f"{details['msg'].lower()}, not {{given}}")
    return template.format(given=given, **bounds)


def _quoted(value: object) -> str:
    text = repr(value)
    return f"{text[:60]}..." if len(text) > 60 else text  # noqa: PLR2004 as much as fits a line beside the path


def _unknown_key(path: Path) -> str:
    known = _keys_at(path[:-1])
    return f"is not a key that can stand here{guess(str(path[-1]), known) or f'; those are {", ".join(known)}'}"


def _keys_at(path: Path) -> list[str]:
    """The keys that the model allows in the group at `path`."""
    model: type[BaseModel] = PracticeFile
    for part in path:
        if isinstance(part, str):
            model = _group_in(model.model_fields[part].annotation)
    return list(model.model_fields)


def _group_in(annotation: Any) -> type[BaseModel]:
    """The group of keys in an annotation such as `list[ServicePart]`; only groups can hold an unknown key."""
    group: type[BaseModel] = (get_args(annotation) or (annotation,))[0]
    return group
