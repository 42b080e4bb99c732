"""What a cold start costs: processor time to load a function and to give its first answer, beside a typical handler.

Each start is an interpreter of its own with a function's built artifact and its layers alone, on a table in memory
behind TLS on the loopback address. The typical handler (powertools' logger, tracer, metrics and validating resolver,
pydantic, boto3 at module level, the reference's look-up) runs with the tools' packages, whose bytecode needs no
compiling either.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import boto3
import yaml
from moto import mock_aws

from bench.capacity import Meter, table_description
from bench.capacity_scenes import NOW, Stage
from bench.replay import REGION, replaying

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".aws-sam" / "build"
ROUNDS = 4
TARGETS = {"list_slots": 0.55, "submit_request": 0.80}
"""How much of the typical handler's time, loading and first answer together, a function may take."""
_TABLE, _SECRET = "openhour", "openhour"
_TYPICAL = "typical"
_FIRST_HOUR = 13  # the practice is open for ROUNDS hours from there on
_QUERY = {
    "service": "session",
    "location": "harbour",
    "forum": "in_person",
    "from": "2027-03-08",
    "to": "2027-03-12",
    "time_zone": "Europe/London",
}
_PROGRAM = """
import sys, time
begin = time.process_time()
import importlib, json
event = json.loads(sys.argv[2])
handler = importlib.import_module(sys.argv[1]).lambda_handler
loaded = time.process_time()
answer = handler(event, type("Context", (), {"aws_request_id": "1", "function_name": "f", "memory_limit_in_mb": 512,
                                             "invoked_function_arn": "arn:aws:lambda:eu-west-2:1:function:f"}))
answered = time.process_time()
assert answer["statusCode"] in (200, 201), answer
print(json.dumps([loaded - begin, answered - loaded]), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Start:
    """Medians of processor seconds: loading a function, and its first answer."""

    loading: float
    answering: float

    @property
    def both(self) -> float:
        """Until the first caller is answered."""
        return self.loading + self.answering


def report() -> bool:
    """Print what each start costs and return whether the functions stay within their targets."""
    starts = measured()
    typical = starts.pop(_TYPICAL)
    print("cold start: processor time in ms, loading and first answer; both together against a typical handler")
    print(f"  {_TYPICAL:<16}{typical.loading * 1e3:8.0f}{typical.answering * 1e3:8.0f}")
    met = True
    for name, start in starts.items():
        ratio, target = start.both / typical.both, TARGETS[name]
        met &= ratio <= target
        late = "" if ratio <= target else "  TOO SLOW"
        print(f"  {name:<16}{start.loading * 1e3:8.0f}{start.answering * 1e3:8.0f}{ratio:8.2f}{target:8.2f}{late}")
    return met


def measured() -> dict[str, Start]:
    """Every start, in alternating rounds. Raises FileNotFoundError where nothing is built."""
    with mock_aws(), _practice(), replaying() as address:
        runs = {_TYPICAL: _typical(), **{name: _function(name) for name in TARGETS}}
        times: dict[str, list[list[float]]] = {name: [] for name in runs}
        for number in range(ROUNDS):
            for name, run in runs.items():
                times[name].append(run.time(address, number))
    return {name: Start(*map(median, zip(*found, strict=True))) for name, found in times.items()}


@dataclass(frozen=True, slots=True)
class _Run:
    module: str
    flags: Sequence[str]
    paths: Sequence[Path]
    environment: Mapping[str, str]
    event: Mapping[str, Any]

    def time(self, address: Mapping[str, str], number: int) -> list[float]:
        program = f"import sys; sys.path[:0] = {[str(path) for path in self.paths]!r}\n{_PROGRAM}"
        event = json.dumps(self.event).replace("NUMBER", f"{number + _FIRST_HOUR:02}")  # another request each time
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
        done = subprocess.run(  # noqa: S603 - this interpreter
            [sys.executable, *self.flags, "-c", program, self.module, event],
            env={**self.environment, **credentials, **address},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        figures: list[float] = json.loads(done.stderr.splitlines()[-1])
        return figures


def _typical() -> _Run:
    settings = {"POWERTOOLS_TRACE_DISABLED": "1", "POWERTOOLS_SERVICE_NAME": "x", "AWS_LAMBDA_FUNCTION_NAME": "typical"}
    return _Run("bench.typical_handler", ["-P"], [ROOT], settings, _lookup())


def _function(name: str) -> _Run:
    template = yaml.safe_load((BUILD / "template.yaml").read_text(encoding="utf-8"))
    (artifact,) = (
        logical
        for logical, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function" and resource["Properties"]["Handler"].startswith(f"{name}.")
    )
    dependencies = BUILD / "DependenciesLayer" / "python"
    paths = [BUILD / artifact, dependencies, BUILD / "SharedLayer" / "python"]
    settings = {
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "STAGE": "local",
        "CLOCK_OFFSET_SECONDS": str(int(NOW.timestamp() - time.time())),
        "TABLE_NAME": _TABLE,
        "SECRET_ARN": _SECRET,
        "HOLD": "48h",
        "HOURLY_CAP": "1000",
        "DAILY_CAP": "1000",
        "PROOF_AFTER": "1000",
        "POWERTOOLS_SERVICE_NAME": "openhour",
        "PYTHONTZPATH": str(dependencies / "tzdata" / "zoneinfo"),
    }
    return _Run(f"{name}.handler", ["-S", "-s", "-P"], paths, settings, _lookup() if name == "list_slots" else _sent())


def _lookup() -> dict[str, Any]:
    path = "/v1/providers/provider-0/slots"
    return _call("GET", path, "GET /v1/providers/{provider}/slots") | {
        "rawQueryString": urlencode(_QUERY),
        "queryStringParameters": _QUERY,
        "pathParameters": {"provider": "provider-0"},
    }


def _sent() -> dict[str, Any]:
    body = {
        "provider": "provider-0",
        "location": "harbour",
        "forum": "in_person",
        "service": "session",
        "start": "2027-03-15TNUMBER:00:00Z",
        "client": {"name": "Ana Maria Lima", "email": "anaNUMBER@client.example"},
    }
    return _call("POST", "/v1/requests", "POST /v1/requests") | {"body": json.dumps(body)}


def _call(method: str, path: str, route: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / "events" / "list_slots.json").read_text(encoding="utf-8"))
    http = event["requestContext"]["http"] | {"method": method, "path": path}
    headers = {"content-type": "application/json", "idempotency-key": "measured-NUMBER", "x-forwarded-for": "192.0.2.1"}
    context = event["requestContext"] | {"http": http, "routeKey": route}
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": event["headers"] | headers,
        "requestContext": context,
        "isBase64Encoded": False,
    }


@contextmanager
def _practice() -> Iterator[None]:
    """A practice with a busy week, and the stack's secret, in memory."""
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(TableName=_TABLE, **table_description())
    Stage(Meter(client), _TABLE).prepare()
    secret = json.dumps({"identity": "0" * 64, "signing": []})
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name=_SECRET, SecretString=secret)
    yield
