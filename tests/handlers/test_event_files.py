"""The files in events/ beside the template: one for every route and every function, each of one piece."""

from typing import Any

from tests.cloud import ROOT
from tests.handlers.gateway import heads, routes
from tests.handlers.test_events import FILES, event


def test_there_is_an_event_for_every_route_with_the_function_that_the_template_puts_behind_it() -> None:
    told = {event(file)["routeKey"]: file.partition(".")[0] for file in FILES if "routeKey" in event(file)}
    assert told == {key: function for key, function in routes().items() if key not in heads()}


def test_the_parts_of_an_http_event_agree_with_each_other() -> None:
    for file in FILES:
        found = event(file)
        if "routeKey" in found:
            http = found["requestContext"]["http"]
            assert http["path"] == found["rawPath"]
            assert found["requestContext"]["routeKey"] == found["routeKey"]
            assert found["routeKey"] in {"$default", f"{http['method']} {_pattern(found)}"}


def _pattern(found: dict[str, Any]) -> str:
    path: str = found["rawPath"]
    for name, value in found.get("pathParameters", {}).items():
        path = path.replace(value, f"{{{name}}}")
    return path


def test_every_function_of_the_template_has_an_event() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert {file.partition(".")[0] for file in FILES} == folders
