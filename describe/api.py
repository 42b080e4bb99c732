"""The API's description (OpenAPI 3.1).

It is built from what answers: the problems, the schema of the body, the statuses, the limits. It is written twice, with
line breaks to `docs/` for people, without them beside the function that serves it.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from describe import ROOT
from describe.calls import calls, components, headers, parameter
from describe.problems import problem_example, problem_name, problem_schemas
from describe.requests import request_schemas
from describe.shapes import reference, words
from openhour.adapters.http.messages import LARGEST_BODY
from openhour.adapters.http.problems import Problem

FOR_PEOPLE = ROOT / "docs" / "openapi.json"
SERVED = ROOT / "functions" / "describe_api" / "openapi.json"

_TAGS = {
    "Directory": "Who can be booked, where and for what.",
    "Slots": "When.",
    "Requests": "Asking for an appointment, and what its client can do with a request.",
    "People": "Signing in, and one's own appointments.",
    "Answers": "The page behind the link in the provider's mail: HTML for people.",
    "Description": "This document.",
}
_METHODS = ("get", "head", "post", "put", "patch", "delete")
_TEXT = f"""Ask a therapist for an appointment, and answer from the email.

JSON in and out, except for the answer page. Instants are RFC 3339 in UTC, zones are IANA names, names are `snake_case`.
Whatever is not done is answered with a problem (RFC 9457) whose `type` is stable. Paths that are not described here get
`{Problem.UNKNOWN_PATH.type}` with status 404, other methods `{Problem.WRONG_METHOD.type}` with status 405 and
`Allow`. Every GET may be a HEAD. Bodies may have {LARGEST_BODY} bytes.

The gateway itself answers with its own body, `{{"message": "..."}}`, and without a `type`: 413 for a body of megabytes,
429 above the throttles, 500 and 503 when no function could answer. All of these may be sent again as they are.

Browsers may call from the origins that the practice has set (CORS)."""


def texts() -> dict[Path, str]:
    """The document as it is written, by where."""
    whole = document()
    return {
        FOR_PEOPLE: json.dumps(whole, indent=2, ensure_ascii=False) + "\n",
        SERVED: json.dumps(whole, separators=(",", ":"), ensure_ascii=False) + "\n",
    }


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.1",
        "info": {"title": "Openhour", "version": _version(), "description": _TEXT, "license": _LICENSE},
        "servers": [{"url": "/", "description": "Where this document was read."}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": _paths(),
        "components": {
            "schemas": words() | request_schemas() | components("SCHEMAS") | problem_schemas(),
            "parameters": components("PARAMETERS"),
            "headers": _headers(),
            "responses": {
                "UnknownPath": _everywhere(Problem.UNKNOWN_PATH, "What every path answers that is not described here."),
                "MethodNotAllowed": _everywhere(Problem.WRONG_METHOD, "What other methods of a path answer.")
                | {"headers": headers({"allow": "Allow"})},
            },
            "securitySchemes": _SECURITY,
        },
    }


_LICENSE = {"name": "MIT", "identifier": "MIT"}
_TOKENS = {
    "manageLink": "The token at the end of the Manage link in a client's mail. It opens that one request.",
    "verifyLink": "The token at the end of the link that proves an address, 30 minutes long.",
    "signInLink": "The token at the end of a sign-in link, 30 minutes long.",
    "signedIn": "The token that signing in answers with, 12 hours long.",
}
_SECURITY = {name: {"type": "http", "scheme": "bearer", "description": text} for name, text in _TOKENS.items()}


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _paths() -> dict[str, Any]:
    """Every path with its operations, by tag and then by path."""
    tags, found = list(_TAGS), dict[str, Any]()
    for call in sorted(calls(), key=lambda call: (tags.index(call.tag), call.path, _METHODS.index(call.method))):
        item = found.setdefault(call.path, _of_path(call.path))
        item[call.method] = call.operation()
    return found


def _of_path(path: str) -> dict[str, Any]:
    named = [parameter(name.title()) for name in re.findall(r"\{(\w+)\}", path)]
    return {"parameters": named} if named else {}


def _headers() -> dict[str, Any]:
    return {
        "Allow": {"description": "The methods that the path has.", "schema": {"type": "string"}},
        "Location": {"description": "The request's path.", "schema": {"type": "string"}},
        "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
        "WwwAuthenticate": {"description": "Always `Bearer`.", "schema": {"type": "string", "const": "Bearer"}},
    }


def _everywhere(problem: Problem, text: str) -> dict[str, Any]:
    body = {"schema": reference(problem_name(problem)), "example": problem_example(problem)}
    return {
        "description": text,
        "content": {"application/problem+json": body},
    }
