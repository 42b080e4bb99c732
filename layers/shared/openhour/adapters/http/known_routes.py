"""The paths of the API and their methods, for whoever answers what no route of the gateway matches."""

import json
import re
from collections.abc import Sequence


class KnownRoutes:
    """The routes in a table as `make docs` writes it: JSON, from each path to its methods."""

    def __init__(self, table: str) -> None:
        """`table` names paths with their parameters in braces."""
        routes: dict[str, list[str]] = json.loads(table)
        self._methods = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), methods) for path, methods in routes.items()]

    def methods(self, path: str) -> Sequence[str]:
        """What the path can be called with; nothing for a path that there is not."""
        return next((methods for pattern, methods in self._methods if pattern.fullmatch(path)), ())
