"""A request as API Gateway hands it over (HTTP API, payload format 2.0), and the response it takes back."""

import json
from base64 import b64decode
from binascii import Error as BadBase64Error
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

from openhour.adapters.http.problems import Problem, ProblemError

LARGEST_BODY = 16 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a handler may look at. `query` and `path` are decoded, header names are lower case.

    `source_ip` is the address that the gateway was called from; it is nobody's business but `caller_address`'s.
    `raw_path` is the whole path as it was asked for, for the route that matches all others. It may hold a token.
    """

    method: str
    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    source_ip: str = ""
    raw_path: str = ""

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "HttpRequest":
        """Read an event. Raises ProblemError when the body is larger than 16 KB or not what it says it is."""
        return cls(
            method=event["requestContext"]["http"]["method"],
            path=event.get("pathParameters") or {},
            query=_query(event.get("rawQueryString") or ""),
            headers=header_fields(event),
            body=_body(event),
            source_ip=event["requestContext"]["http"].get("sourceIp", ""),
            raw_path=event.get("rawPath") or "",
        )

    def bearer(self) -> str:
        """The token of `Authorization: Bearer` (RFC 6750, section 2.1). Raises ProblemError without one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ProblemError(Problem.TOKEN_MISSING)
        return token.strip()

    def flag(self, name: str) -> bool:
        """A query parameter that is `true`, `false` or absent. Raises ProblemError for anything else."""
        values = [value for key, value in self.query if key == name]
        if values in ([], ["false"]):
            return False
        if values == ["true"]:
            return True
        raise ProblemError(Problem.INVALID, errors={name: "Write true or false, once."})

    def one_of(self, name: str, values: Collection[str]) -> str | None:
        """A query parameter that has one of these values, None when it is absent. Raises ProblemError."""
        given = [value for key, value in self.query if key == name]
        if not given:
            return None
        if len(given) > 1 or given[0] not in values:
            raise ProblemError(Problem.INVALID, errors={name: f"Write one of {', '.join(values)}, once."})
        return given[0]


def _query(raw: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=50))
    except ValueError as error:
        raise ProblemError(Problem.MALFORMED, "The query string is not valid UTF-8, or has too many fields.") from error


def _body(event: Mapping[str, Any]) -> bytes:
    raw = event.get("body") or ""
    try:
        body = b64decode(raw, validate=True) if event.get("isBase64Encoded") else raw.encode()
    except (BadBase64Error, ValueError) as error:  # ValueError: a lone surrogate
        raise ProblemError(Problem.MALFORMED, "The body cannot be read.") from error
    if len(body) > LARGEST_BODY:
        raise ProblemError(Problem.TOO_LARGE)
    return body


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def for_gateway(self) -> dict[str, Any]:
        """In the form API Gateway takes."""
        return {
            "statusCode": self.status,
            "headers": {
                "content-type": self.content_type,
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
                **self.headers,
            },
            "body": self.body,
            "isBase64Encoded": False,
        }


def header_fields(event: Mapping[str, Any]) -> Mapping[str, str]:
    """The header fields of a gateway's event, their names in lower case."""
    return {name.lower(): value for name, value in (event.get("headers") or {}).items()}


BRIEFLY_SHARED = {"cache-control": "public, max-age=0, s-maxage=5"}
"""For what is everybody's to see: a cache in front of the API may keep it for five seconds, a browser not at all."""


def as_shared_json(request: HttpRequest, document: Any) -> Response:
    """As JSON, what is everybody's to see; 304 without a body where the caller has that already (RFC 9110, 13.1.2).

    The entity tag is of the answer's own bytes, so that it changes with whatever they are made of.
    """
    response = as_json(document)
    tag = f'"{sha256(response.body.encode()).hexdigest()[:16]}"'
    headers = BRIEFLY_SHARED | {"etag": tag}
    if _names(request.headers.get("if-none-match", ""), tag):
        return replace(response, status=304, body="", headers=headers)
    return replace(response, headers=headers)


def _names(if_none_match: str, tag: str) -> bool:
    """Whether one of the tags is this one, however weak: a cache that compresses makes them so."""
    tags = (each.strip().removeprefix("W/") for each in if_none_match.split(","))
    return any(each in {"*", tag} for each in tags)


def as_json(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(status, json.dumps(document, separators=(",", ":"), ensure_ascii=False), headers=headers or {})
