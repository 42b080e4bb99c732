"""What a function must not import, because each import is time that a person waits for a cold start."""

import json
import subprocess
import sys

import pytest

from tests.cloud import ROOT

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
_WRITES = {"pydantic", "pydantic_core", "email_validator", "itsdangerous"}
_NEEDED = {
    "list_providers": set(),
    "list_slots": set(),
    "describe_api": set(),
    "refuse_unknown": set(),
    "submit_request": _WRITES | {"altcha"},
    "show_request": {"itsdangerous"},
    "end_request": {"itsdangerous"},
    "show_answer": {"itsdangerous", "jinja2"},
    "answer_request": {"itsdangerous", "jinja2"},
    "change_request": _WRITES,
    "verify_request": {"itsdangerous"},
    "request_sign_in": _WRITES,
    "sign_in": {"itsdangerous"},
    "sign_out": {"itsdangerous"},
    "erase_client": {"itsdangerous"},
    "list_appointments": {"itsdangerous"},
    "note_bounce": set(),
    "publish_events": set(),
    "expire_requests": set(),
    "send_mails": {"itsdangerous", "jinja2", "icalendar"},
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


@pytest.mark.parametrize("function", _NEEDED)
def test_a_function_imports_only_what_it_needs(function: str) -> None:
    found = _imported(f"from {function}.handler import lambda_handler")
    assert found & _HEAVY == _NEEDED[function]


def test_every_function_is_looked_at() -> None:
    assert set(_NEEDED) == {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}


def test_a_slot_lookup_imports_nothing_heavy_while_it_runs() -> None:
    found = _imported(f"from list_slots.handler import lambda_handler\n{_LOOKUP}")
    assert "list_slots" in found
    assert not found & _HEAVY
