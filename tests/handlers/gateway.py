"""API Gateway in this process: routes as in template.yaml, events in payload format 2.0, responses as it takes them."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from tests.cloud import template

_TEXT_TYPES = ("text/", "application/json", "application/javascript", "application/xml")


@cache
def routes() -> dict[str, str]:
    """Route key -> the function behind it, by the name of its folder."""
    resources = template()["Resources"]
    found = {}
    for resource in resources.values():
        if resource["Type"] == "AWS::ApiGatewayV2::Route":
            properties = resource["Properties"]
            integration = re.search(r"\$\{(\w+)\}", properties["Target"]["Sub"])[1]
            function = resources[integration]["Properties"]["IntegrationUri"]["Ref"].removesuffix(".Alias")
            found[properties["RouteKey"]] = folder_of(function)
    return found


@cache
def heads() -> frozenset[str]:
    """The routes that are a GET without its content, and are described with it."""
    found = {route for route in routes() if route.startswith("HEAD ")}
    return frozenset(found - {"HEAD /v1/answers/{token}"})


@cache
def folder_of(function: str) -> str:
    """The folder of a function's handler."""
    return template()["Resources"][function]["Properties"]["Handler"].partition(".")[0]


@cache
def variables_of(folder: str) -> tuple[str, ...]:
    """The names of the environment variables that the template gives to a function."""
    document = template()
    shared = document["Globals"]["Function"]["Environment"]["Variables"]
    for name, resource in document["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function" and folder_of(name) == folder:
            return (*shared, *resource["Properties"].get("Environment", {}).get("Variables", {}))
    raise LookupError(folder)


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for key in routes():
        verb, _, pattern = key.partition(" ")
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path) if verb == method else None
        if match is not None:
            return key, {name: unquote(text) for name, text in match.groupdict().items()}
    return "$default", {}


@dataclass(frozen=True)
class Call:
    """One HTTP call as it arrives at the gateway; `path` and `query` are as they stand in the URL."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    source_ip: str = "192.0.2.7"

    @property
    def function(self) -> str:
        return routes()[_route(self.method, self.path)[0]]

    def event(self) -> dict[str, Any]:
        key, parameters = _route(self.method, self.path)
        return {
            "version": "2.0",
            "routeKey": key,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "requestContext": _context(key, self.method, self.path, self.source_ip),
            **({"queryStringParameters": self._joined()} if self.query else {}),
            **({"pathParameters": parameters} if parameters else {}),
            **self._body(),
        }

    def _joined(self) -> dict[str, str]:
        joined: dict[str, str] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        return joined

    def _body(self) -> dict[str, Any]:
        if self.body is None:
            return {"isBase64Encoded": False}
        written_as = next((value for name, value in self.headers.items() if name.lower() == "content-type"), "")
        if isinstance(self.body, str) and written_as.startswith(_TEXT_TYPES):
            return {"body": self.body, "isBase64Encoded": False}
        raw = self.body.encode() if isinstance(self.body, str) else self.body
        return {"body": b64encode(raw).decode(), "isBase64Encoded": True}


def _context(key: str, method: str, path: str, source_ip: str) -> dict[str, Any]:
    return {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": "a1b2c3d4e5.execute-api.eu-west-2.amazonaws.com",
        "domainPrefix": "a1b2c3d4e5",
        "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source_ip, "userAgent": "test"},
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": key,
        "stage": "$default",
        "time": "01/Mar/2027:08:00:00 +0000",
        "timeEpoch": 1803888000000,
    }


@dataclass(frozen=True)
class Reply:
    """What a handler gave back, after making sure that the gateway can send it."""

    status: int
    headers: Mapping[str, str]
    body: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Reply":
        assert set(raw) == {"statusCode", "headers", "body", "isBase64Encoded"}
        assert isinstance(raw["statusCode"], int)
        assert raw["isBase64Encoded"] is False
        for name, value in raw["headers"].items():
            assert name == name.lower()
            assert re.fullmatch(r"[\x20-\x7e]*", value), f"{name} is not one line of ASCII"
        raw["body"].encode()
        json.dumps(raw)
        return cls(raw["statusCode"], raw["headers"], raw["body"])

    def json(self) -> Any:
        assert self.headers["content-type"] in {"application/json", "application/problem+json"}
        return json.loads(self.body)


def query(**values: str) -> str:
    """A query string."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
