"""A JSON body to a model of pydantic; its errors are told by field, without repeating what was written."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError


def document_of(request: HttpRequest) -> Any:
    """The JSON object in a body. Raises ProblemError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(Problem.NOT_JSON)
    try:
        document = json.loads(request.body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise ProblemError(Problem.MALFORMED) from error
    if not isinstance(document, dict):
        raise ProblemError(Problem.MALFORMED)
    return document


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON (RFC 8259, section 6)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")  # RFC 8259, section 4: what it means would be anybody's guess
    return document


def validated[Body: BaseModel](model: type[Body], document: Any) -> Body:
    """The document as the model has it. Raises ProblemError that names everything that is not usable."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise ProblemError(Problem.INVALID, errors=_by_field(error)) from None


def _by_field(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in item["loc"])[:100].encode(errors="replace").decode()
        found.setdefault(name, _sentence(item["type"], item.get("ctx") or {}))
    return found


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    pattern = _SENTENCES.get(kind, "Not usable here; see /v1/openapi.json for its form.")
    return pattern.format_map(context)


_SENTENCES = {
    "enum": "One of {expected}.",
    "extra_forbidden": "Unknown field; leave it out.",
    "missing": "This field is needed.",
    "string_pattern_mismatch": "Write a language tag, as en or de-CH.",
    "string_too_long": "At most {max_length} characters.",
    "string_too_short": "Write something here.",
    "string_type": "Write it as text.",
    "string_unicode": "This text is not valid Unicode.",
    "value_error": "{error}",
}
