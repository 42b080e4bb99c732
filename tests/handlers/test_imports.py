"""What a function must not import, because each import is time that a person waits for a cold start."""

import json
import subprocess
import sys

import pytest

from describe.calls import Call, described
from openhour.adapters.http.problems import Problem
from tests.cloud import ROOT
from tests.handlers.gateway import variables_of

_NEVER = {"boto3", "s3transfer"}
_HEAVY = {
    "altcha",
    "pydantic",
    "pydantic_core",
    "aws_xray_sdk",
    "jinja2",
    "itsdangerous",
    "email_validator",
    "icalendar",
}
_LOOKUP = """
from openhour.wiring import reading
from tests.builders import NOW, practice, provider
from tests.fakes.store import InMemoryStore
from tests.fakes.world import FakeClock
from tests.handlers.gateway import Call
store = InMemoryStore()
store.seed(practice(), provider())
reading.directory, reading.clock = lambda: store, FakeClock
query = "service=talk&location=marylebone&forum=in_person&from=2027-03-08&to=2027-03-08&time_zone=Europe/Lisbon"
for path in ("/v1/providers/maya-okafor/slots", "/v1/slots"):
    assert lambda_handler(Call("GET", path, query).event(), None)["statusCode"] == 200
"""


def _imported(code: str) -> set[str]:
    """The packages that a fresh interpreter has imported after running `code`."""
    paths = [str(ROOT / "layers" / "shared"), str(ROOT / "functions"), str(ROOT)]
    program = f"import sys; sys.path[:0] = {paths!r}\n{code}\nimport json\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def _needed(function: str) -> set[str]:
    """What a function cannot do without, by what it is told and by what its calls take and answer."""
    told, module = variables_of(function), described().get(function)
    calls: tuple[Call, ...] = module.CALLS if module else ()
    bodies = {kind for call in calls for kind in call.body or ()}
    pages = any("text/html" in answer.get("content", {}) for call in calls for answer in call.done.values())
    reasons = {
        ("itsdangerous",): "SECRET_ARN" in told,
        ("pydantic", "pydantic_core", "email_validator"): "application/json" in bodies,
        ("altcha",): any(Problem.PROOF_NEEDED in call.problems for call in calls),
        ("jinja2",): pages or "SENDER" in told,
        ("icalendar",): "SENDER" in told,
    }
    return {name for names, needed in reasons.items() if needed for name in names}


@pytest.mark.parametrize("function", sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py")))
def test_a_function_imports_only_what_it_needs(function: str) -> None:
    found = _imported(f"from {function}.handler import lambda_handler")
    assert not found & _NEVER
    assert found & _HEAVY == _needed(function)


def test_a_slot_lookup_imports_nothing_heavy_while_it_runs() -> None:
    found = _imported(f"from list_slots.handler import lambda_handler\n{_LOOKUP}")
    assert "list_slots" in found
    assert not found & _HEAVY
