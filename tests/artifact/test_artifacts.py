"""What `make build` built, as AWS would get it. Run `make build` first."""

import importlib.util
import json
import marshal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from bench.artifacts import LIMIT_MB, zipped_sizes
from local.deployment import build_directory_to_oneself
from tests.cloud import ROOT, template
from tools.finish_build import NOT_DEPLOYED, SERVICES, bytecode_of

BUILD = ROOT / ".aws-sam" / "build"
DEPENDENCIES = BUILD / "DependenciesLayer" / "python"
SHARED = BUILD / "SharedLayer" / "python"
HASH_BASED, CHECKED = 0b01, 0b10
HEADER_BYTES = 16
READERS = ["list_slots", "list_providers"]
VALUES = {
    "STAGE": "prod",
    "CLOCK_OFFSET_SECONDS": "0",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "POWERTOOLS_SERVICE_NAME": "openhour-prod",
    "TABLE_NAME": "openhour",
    "SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:openhour",
    "HOLD": "48h",
    "BUS_NAME": "openhour",
    "SENDER": "appointments@example.com",
    "CONFIGURATION_SET": "openhour",
    "API_URL": "https://api.example.com",
    "SITE_URL": "https://www.example.com",
    "HOURLY_CAP": "20",
    "DAILY_CAP": "100",
    "PROOF_AFTER": "5",
    "RELEASE": "2026-11-26T12:00:00Z 1a842e3",
    "ORIGIN_SECRET": "",
}

IMPORT_HANDLER = "import importlib; importlib.import_module(function + '.handler').lambda_handler"


def function_artifacts() -> dict[str, str]:
    found = template()["Resources"]
    return {
        resource["Properties"]["Handler"].partition(".")[0]: name
        for name, resource in found.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


FUNCTIONS = function_artifacts()


@pytest.fixture(scope="module", autouse=True)
def _build() -> Iterator[None]:
    assert BUILD.is_dir(), "Nothing is built: run `make build` first."
    with build_directory_to_oneself():
        yield


def artifacts() -> list[Path]:
    return sorted(path for path in BUILD.iterdir() if path.is_dir())


def sources() -> Iterator[tuple[Path, Path]]:
    for artifact in artifacts():
        for source in artifact.rglob("*.py"):
            yield artifact, source


def variables(function: str) -> dict[str, str]:
    document = template()
    own = document["Resources"][FUNCTIONS[function]]["Properties"].get("Environment", {}).get("Variables", {})
    names = {*document["Globals"]["Function"]["Environment"]["Variables"], *own}
    zones = {"PYTHONTZPATH": str(DEPENDENCIES / "tzdata" / "zoneinfo")}
    return {name: {**VALUES, **zones}[name] for name in names}


def run_in(function: str, program: str) -> Any:
    """Run a program with a function's artifact, its layers and the standard library alone; it prints JSON."""
    paths = [str(BUILD / FUNCTIONS[function]), str(DEPENDENCIES), str(SHARED)]
    # -I would keep PYTHONTZPATH away, -E too; -s and -P leave out the rest of what is this machine's own.
    command = [sys.executable, "-S", "-s", "-P", "-B", "-c"]
    start = f"import sys; sys.path[:0] = {paths!r}; function = {function!r}\n"
    environment = {**variables(function), "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}
    done = subprocess.run(
        [*command, start + program], env=environment, capture_output=True, check=False, cwd="/", text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout or "null")


def test_every_function_and_layer_is_built() -> None:
    assert {path.name for path in artifacts()} == {*FUNCTIONS.values(), "DependenciesLayer", "SharedLayer"}


def test_every_source_has_bytecode_that_is_never_checked_against_it() -> None:
    count = 0
    for _, source in sources():
        bytecode = bytecode_of(source).read_bytes()
        assert bytecode[:4] == importlib.util.MAGIC_NUMBER
        flags = int.from_bytes(bytecode[4:8], "little")
        assert (flags & HASH_BASED, flags & CHECKED) == (HASH_BASED, 0), source
        count += 1
    assert count > 500


def test_all_bytecode_is_of_the_source_beside_it() -> None:
    compiled = set()
    for _, source in sources():
        bytecode = bytecode_of(source)
        assert bytecode.read_bytes()[8:HEADER_BYTES] == importlib.util.source_hash(source.read_bytes()), source
        compiled.add(bytecode)
    assert compiled == {path for artifact in artifacts() for path in artifact.rglob("*.pyc")}


def test_what_is_built_is_what_the_project_holds() -> None:
    built = {path.relative_to(SHARED): path.read_bytes() for path in (SHARED / "openhour").rglob("*.py")}
    written = ROOT / "layers" / "shared"
    assert built == {path.relative_to(written): path.read_bytes() for path in (written / "openhour").rglob("*.py")}


def test_bytecode_names_the_paths_of_lambda_and_none_of_this_machine() -> None:
    for artifact, source in sources():
        code = marshal.loads(bytecode_of(source).read_bytes()[HEADER_BYTES:])
        assert isinstance(code, CodeType)
        mounted_at = "/opt" if artifact.name.endswith("Layer") else "/var/task"
        assert code.co_filename == f"{mounted_at}/{source.relative_to(artifact)}"


def test_what_describes_calls_is_not_deployed() -> None:
    assert list(BUILD.glob("*/*/handler.py"))
    assert not list(BUILD.glob(f"*/*/{NOT_DEPLOYED}"))


def test_botocore_describes_the_services_in_use_and_no_others() -> None:
    described = {path.name for path in (DEPENDENCIES / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == SERVICES


def test_each_function_with_its_layers_stays_below_the_limit() -> None:
    sizes = zipped_sizes()
    assert set(sizes) == set(FUNCTIONS.values())
    assert max(sizes.values()) <= LIMIT_MB


def test_no_name_stands_both_in_the_functions_and_in_a_layer() -> None:
    def names(directory: Path) -> set[str]:
        return {path.name for path in directory.iterdir()} - {"__pycache__"}

    functions = set().union(*(names(BUILD / name) for name in FUNCTIONS.values()))
    assert not functions & (names(DEPENDENCIES) | names(SHARED))
    assert not names(DEPENDENCIES) & names(SHARED)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_needs_nothing_but_its_artifact_and_its_layers(function: str) -> None:
    run_in(function, IMPORT_HANDLER)


def test_every_module_of_the_shared_layer_needs_nothing_but_the_layers() -> None:
    walk = """
import importlib, json, pkgutil, openhour
names = [module.name for module in pkgutil.walk_packages(openhour.__path__, "openhour.")]
for name in names: importlib.import_module(name)
print(json.dumps(len(names)))
"""
    assert run_in("submit_request", walk) > 20


@pytest.mark.parametrize("function", READERS)
@pytest.mark.parametrize("package", ["pydantic", "jinja2", "aws_xray_sdk", "icalendar", "email_validator"])
def test_reading_loads_nothing_that_only_writing_needs(function: str, package: str) -> None:
    loaded = run_in(function, f"{IMPORT_HANDLER}; import json; print(json.dumps(sorted(sys.modules)))")
    assert "botocore" in loaded
    assert not [name for name in loaded if name.partition(".")[0] == package]


def test_what_was_trimmed_away_is_not_missed() -> None:
    use_everything = f"""
import json, botocore.session, zoneinfo
from pydantic import EmailStr, TypeAdapter
for service in {sorted(SERVICES)!r}: botocore.session.get_session().create_client(service)
print(json.dumps([
    TypeAdapter(EmailStr).validate_python("ada@example.com"),
    zoneinfo.TZPATH,
    len(zoneinfo.available_timezones()) > 400,
    zoneinfo.ZoneInfo("Europe/London").key,
]))
"""
    zones = [str(DEPENDENCIES / "tzdata" / "zoneinfo")]
    assert run_in("send_mails", use_everything) == ["ada@example.com", zones, True, "Europe/London"]
