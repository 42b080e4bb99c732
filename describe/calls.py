"""What the folders in `functions/` say of their calls, in `operation.py`, and the operations that are made of it.

An `operation.py` has `CALLS`, and where they need them `SCHEMAS` and `PARAMETERS`: what the document has under these
names among its components. It stands beside the handler for whoever changes both; it is not deployed.
"""

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from describe import ROOT
from describe.problems import problem_example, problem_name
from describe.shapes import Schema, reference
from openhour.adapters.http.problems import Problem

type Operation = dict[str, Any]

FUNCTIONS = ROOT / "functions"

_HEADERS = {
    Problem.TRY_LATER.status: {"retry-after": "RetryAfter"},
    Problem.TOO_MANY_REQUESTS.status: {"retry-after": "RetryAfter"},
    Problem.TOKEN_INVALID.status: {"www-authenticate": "WwwAuthenticate"},
}


@dataclass(frozen=True, slots=True)
class Call:
    """One route as the API describes it.

    `done` are the answers when it does what it is for, by status; `problems` all that it may answer with instead, as
    `application/problem+json`. Any one of `tokens` (security schemes) opens it; without any, everybody may call.
    What stands in the path between braces is a parameter of the same name with a capital.
    """

    route: str
    name: str
    summary: str
    text: str
    tag: str
    done: Mapping[int, Schema]
    problems: Sequence[Problem] = ()
    tokens: Sequence[str] = ()
    parameters: Sequence[Schema] = ()
    body: Schema | None = None

    @property
    def method(self) -> str:
        """`get`, as OpenAPI writes it."""
        return self.route.partition(" ")[0].lower()

    @property
    def path(self) -> str:
        """`/v1/requests/{request}`."""
        return self.route.partition(" ")[2]

    def operation(self) -> Operation:
        """The call in the document."""
        parts: dict[str, Any] = {
            "security": [{token: []} for token in self.tokens],
            "parameters": list(self.parameters),
            "requestBody": self.body and {"required": True, "content": self.body},
        }
        about = {"operationId": self.name, "summary": self.summary, "description": self.text, "tags": [self.tag]}
        return about | {name: part for name, part in parts.items() if part} | {"responses": self._responses()}

    def _responses(self) -> dict[str, Schema]:
        by_status: dict[int, list[Problem]] = {}
        for problem in self.problems:
            by_status.setdefault(problem.status, []).append(problem)
        failures = {status: self._refusal(status, problems) for status, problems in by_status.items()}
        return {str(status): response for status, response in sorted({**self.done, **failures}.items())}

    def _refusal(self, status: int, problems: Sequence[Problem]) -> Schema:
        of_query = self.body is None  # what else could be wrong with it
        choices = [reference(problem_name(problem)) for problem in problems]
        shown = {problem.value[0]: {"value": problem_example(problem, of_query=of_query)} for problem in problems}
        schema = choices[0] if len(choices) == 1 else {"oneOf": choices}
        response = {
            "description": _sentence(problem.title for problem in problems),
            "content": {"application/problem+json": {"schema": schema, "examples": shown}},
        }
        return response | ({"headers": headers(_HEADERS[status])} if status in _HEADERS else {})


def _sentence(titles: Iterable[str]) -> str:
    return ", or: ".join(titles) + "."


def headers(names: Mapping[str, str]) -> dict[str, Schema]:
    """Headers of an answer: their names and their shared descriptions."""
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}


def links(*calls: str, **parameters: str) -> Schema:
    """What can be called next with what an answer, or the call itself, has told (OpenAPI 3.1, section 4.8.20)."""
    given = {"parameters": parameters} if parameters else {}
    return {"links": {name: {"operationId": name} | given for name in calls}}


def json_answer(schema: str, text: str, example: Any) -> Schema:
    """An answer in JSON, with its example."""
    return {"description": text, "content": {"application/json": {"schema": reference(schema), "example": example}}}


UNCHANGED: Mapping[int, Schema] = {304: {"description": "What the caller has already, as `If-None-Match` says."}}
"""The other answer of a call that gives an `ETag`."""


def json_body(schema: str, example: Any) -> Schema:
    """A body in JSON, with its example."""
    return {"application/json": {"schema": reference(schema), "example": example}}


def parameter(name: str) -> Schema:
    """A shared parameter."""
    return {"$ref": f"#/components/parameters/{name}"}


def one_parameter(
    where: str, name: str, text: str, schema: Schema, example: str | None = None, *, required: bool = True
) -> Schema:
    """One parameter."""
    described = {"name": name, "in": where, "required": required, "description": text, "schema": schema}
    return described if example is None else described | {"example": example}


def described() -> dict[str, ModuleType]:
    """Every `operation.py`, by the name of its folder."""
    if str(FUNCTIONS) not in sys.path:
        sys.path.append(str(FUNCTIONS))
    folders = sorted(path.parent.name for path in FUNCTIONS.glob("*/operation.py"))
    return {folder: importlib.import_module(f"{folder}.operation") for folder in folders}


def calls() -> Iterator[Call]:
    """Every call that some folder describes."""
    for module in described().values():
        yield from module.CALLS


def components(name: str) -> dict[str, Schema]:
    """What the folders add to the document's `SCHEMAS` or `PARAMETERS`.

    Raises:
        ValueError: two folders mean different things by one name.

    """
    found: dict[str, Schema] = {}
    for folder, module in described().items():
        added: Mapping[str, Schema] = getattr(module, name, {})
        if twice := found.keys() & added.keys():
            raise ValueError(f"{folder}/operation.py describes {', '.join(sorted(twice))} once more.")
        found |= added
    return found
