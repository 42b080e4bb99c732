"""Each folder of functions/ stands by itself: what is in it, and whom it knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud import ROOT

FUNCTIONS = ROOT / "functions"
FOLDERS = sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))
BESIDE_THE_HANDLER = {"__init__.py", "operation.py"}


def imported(source: Path) -> Iterator[str]:
    """The names of all modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_handler_knows_the_product_and_no_other_function(folder: str) -> None:
    roots = {name.partition(".")[0] for name in imported(FUNCTIONS / folder / "handler.py")}
    assert roots <= {"openhour", "collections", "pathlib", "typing"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_describes_a_call_knows_no_function(folder: str) -> None:
    path = FUNCTIONS / folder / "operation.py"
    roots = {name.partition(".")[0] for name in imported(path)} if path.exists() else set()
    assert not roots & {*FOLDERS, ""}


def test_nothing_in_the_shared_code_knows_a_function_or_what_describes_it() -> None:
    for path in (ROOT / "layers" / "shared").rglob("*.py"):
        assert not {name.partition(".")[0] for name in imported(path)} & {*FOLDERS, "describe"}, path


def test_a_folder_holds_a_handler_and_what_it_serves_and_nothing_else_in_python() -> None:
    for folder in FOLDERS:
        names = {path.name for path in (FUNCTIONS / folder).glob("*.py")}
        assert {"__init__.py", "handler.py"} <= names <= {"handler.py"} | BESIDE_THE_HANDLER, folder
    assert {path.parent.name for path in FUNCTIONS.glob("*/operation.py")} <= set(FOLDERS)
