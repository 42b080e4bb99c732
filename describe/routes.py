"""The paths of the API and the methods that each has, for whoever answers what no route matches."""

import json
from pathlib import Path

from describe.calls import FUNCTIONS, calls

KNOWN_ROUTES = FUNCTIONS / "refuse_unknown" / "routes.json"


def texts() -> dict[Path, str]:
    """The table as it is written, by where."""
    return {KNOWN_ROUTES: json.dumps(routes(), indent=1) + "\n"}


def routes() -> dict[str, list[str]]:
    """The methods of each path, with HEAD wherever GET is."""
    found: dict[str, set[str]] = {}
    for call in calls():
        method = call.method.upper()
        found.setdefault(call.path, set()).update({"GET", "HEAD"} if method == "GET" else {method})
    return {path: sorted(found[path]) for path in sorted(found)}
