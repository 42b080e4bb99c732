"""The API's description is the API: every route, every answer and every problem, as the real handlers give them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from describe import api as api_description
from describe.calls import calls, described
from describe.problems import ALWAYS, problem_example
from describe.routes import routes as known_routes
from openhour.adapters.http import slot_query
from openhour.adapters.http.appointment_query import appointment_query
from openhour.adapters.http.bodies.change import change as read_change
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.ports.contention import ContentionError
from tests.handlers.gateway import heads, routes
from tests.unit.api_calls import ANSWERED, DONE, OF_EVERY_ROUTE, REFUSED, Answer, Api, Prepared

DOCUMENT = api_description.document()
PROBLEMS = {call.route: call.problems for call in calls()} | {
    "$default": (*ALWAYS, Problem.UNKNOWN_PATH, Problem.WRONG_METHOD)
}
METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def validator(pointer: str) -> Draft202012Validator:
    """For the schema that `pointer` points to in the document."""
    resource = Resource(contents=DOCUMENT, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:openhour", resource)
    return Draft202012Validator({"$ref": f"urn:openhour#{pointer}"}, registry=registry)


def pointer_to(*parts: str) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def media_types() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every media type of every operation and shared response, by where it stands."""
    for route, operation in OPERATIONS.items():
        method, path = route.split()
        base = ("paths", path, method.lower())
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            yield pointer_to(*base, "requestBody", "content", kind), media
        for status, response in operation["responses"].items():
            for kind, media in response.get("content", {}).items():
                yield pointer_to(*base, "responses", status, "content", kind), media
    for name, response in DOCUMENT["components"]["responses"].items():
        for kind, media in response["content"].items():
            yield pointer_to("components", "responses", name, "content", kind), media


def examples_of(media: dict[str, Any]) -> list[Any]:
    named = [example["value"] for example in media.get("examples", {}).values()]
    return [*named, media["example"]] if "example" in media else named


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    return Api(monkeypatch)


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_each_folder_describes_the_routes_that_the_template_leads_to_its_function() -> None:
    told = {call.route: folder for folder, module in described().items() for call in module.CALLS}
    assert told | {"$default": "refuse_unknown"} == {key: routes()[key] for key in routes().keys() - heads()}
    assert set(OPERATIONS) == set(told)


def test_head_is_wherever_get_is_and_the_known_routes_are_those_of_the_template() -> None:
    gets = {key.removeprefix("GET"): function for key, function in routes().items() if key.startswith("GET ")}
    assert {key.removeprefix("HEAD"): routes()[key] for key in routes() if key.startswith("HEAD ")} == gets
    known = {f"{method} {path}" for path, methods in known_routes().items() for method in methods}
    assert known | {"$default"} == set(routes())


def test_every_route_is_called_here_for_what_it_does_and_for_what_it_refuses() -> None:
    pages = {route for route, *_ in ANSWERED}
    assert set(DONE) | pages == set(OPERATIONS)
    assert set(REFUSED) | pages == {*OPERATIONS, "$default"}


def test_every_operation_has_its_own_name_and_every_tag_is_explained() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} == {
        tag["name"] for tag in DOCUMENT["tags"]
    }


def test_every_path_parameter_is_described() -> None:
    for path, item in DOCUMENT["paths"].items():
        named = [
            DOCUMENT["components"]["parameters"][one["$ref"].rpartition("/")[2]] for one in item.get("parameters", ())
        ]
        assert {one["name"] for one in named} == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_the_slot_lookup_describes_exactly_the_parameters_it_reads() -> None:
    for route in ("GET /v1/slots", "GET /v1/providers/{provider}/slots"):
        references = [one["$ref"].rpartition("/")[2] for one in OPERATIONS[route]["parameters"]]
        described = [DOCUMENT["components"]["parameters"][name] for name in references]
        assert {one["name"] for one in described} == set(slot_query._PARSERS)
        assert {one["name"] for one in described if one["required"]} == slot_query._NEEDED


@pytest.mark.parametrize(("pointer", "media"), list(media_types()), ids=[pointer for pointer, _ in media_types()])
def test_every_example_is_valid(pointer: str, media: dict[str, Any]) -> None:
    found = examples_of(media)
    assert found or media["schema"].get("type") in {"string", "object"}, "a media type without an example"
    for example in found:
        validator(pointer + "/schema").validate(example)


def test_every_example_of_a_parameter_is_valid() -> None:
    shared = {f"/components/parameters/{name}": one for name, one in DOCUMENT["components"]["parameters"].items()}
    with_example = {pointer: one for pointer, one in shared.items() if "example" in one}
    assert len(with_example) >= 8
    for pointer, one in with_example.items():
        validator(f"{pointer}/schema").validate(one["example"])


def test_an_answer_with_a_member_too_few_or_too_many_is_not_valid() -> None:
    [whole] = examples_of(OPERATIONS["GET /v1/requests/{request}"]["responses"]["200"]["content"]["application/json"])
    schema = validator("/components/schemas/ManagedRequest")
    for name in whole:
        assert not schema.is_valid({key: value for key, value in whole.items() if key != name}), name
    assert not schema.is_valid(whole | {"client_email": "ana@example.com"})


@pytest.mark.parametrize("problem", Problem, ids=lambda problem: problem.value[0])
def test_every_problem_is_an_answer_of_some_route(problem: Problem) -> None:
    listed = {kind for kinds in PROBLEMS.values() for kind in kinds}
    assert problem in listed


@pytest.mark.parametrize("problem", Problem, ids=lambda problem: problem.value[0])
def test_a_problem_is_valid_against_its_own_schema_alone(problem: Problem) -> None:
    document = problem_example(problem)
    names = [name for name in DOCUMENT["components"]["schemas"] if name.endswith("Problem") and name != "Problem"]
    fitting = [name for name in names if validator(f"/components/schemas/{name}").is_valid(document)]
    assert len(names) == len(Problem)
    assert len(fitting) == 1


@pytest.mark.parametrize(
    ("route", "status", "prepare"),
    [(route, status, prepare) for route, answers in DONE.items() for status, prepare in answers],
    ids=lambda value: str(value) if isinstance(value, str | int) else "",
)
def test_what_a_handler_answers_is_what_the_document_says(api: Api, route: str, status: int, prepare: Prepared) -> None:
    given = api.call(route, **prepare(api))
    assert given.status == status
    check_described(route, given)


def check_described(route: str, given: Answer) -> None:
    method, path = route.split()
    described = OPERATIONS[route]["responses"][str(given.status)]
    if "content" not in described:
        assert given.body == ""
        return
    assert given.kind in described["content"]
    pointer = pointer_to("paths", path, method.lower(), "responses", str(given.status), "content", given.kind, "schema")
    validator(pointer).validate(given.document)
    for name in described.get("headers", ()):
        assert name in given.headers


@pytest.mark.parametrize(
    ("route", "problem", "prepare"),
    [
        (route, problem, prepare)
        for route, refused in REFUSED.items()
        for problem, prepare in (refused | OF_EVERY_ROUTE).items()
    ],
    ids=lambda value: value if isinstance(value, str) else value.value[0] if isinstance(value, Problem) else "",
)
def test_a_refusal_is_the_problem_that_the_document_lists(
    api: Api, route: str, problem: Problem, prepare: Prepared
) -> None:
    given = api.call(route, **prepare(api))
    assert (given.status, given.document["type"]) == (problem.status, problem.type)
    if route == "$default":
        validator("/components/schemas/Problem").validate(given.document)
    else:
        check_described(route, given)


@pytest.mark.parametrize("route", [route for route in REFUSED if Problem.TRY_LATER in PROBLEMS[route]])
def test_a_contended_table_is_the_problem_that_asks_to_try_later(api: Api, route: str) -> None:
    call = dict(DONE[route][0][1](api))
    api.fail_with(ContentionError())
    given = api.call(route, **call)
    assert given.document["type"] == Problem.TRY_LATER.type
    check_described(route, given)


@pytest.mark.parametrize("route", [route for route in REFUSED if Problem.TRY_LATER in PROBLEMS[route]])
def test_whatever_else_fails_is_a_problem_without_its_cause(api: Api, route: str) -> None:
    call = dict(DONE[route][0][1](api))
    api.fail_with(RuntimeError("ana@client.example"))
    given = api.call(route, **call)
    assert given.document["type"] == Problem.FAILED.type
    assert "ana@client.example" not in given.body
    check_described(route, given)


def test_each_route_lists_the_problems_that_were_seen_here_and_no_others() -> None:
    for route, refused in REFUSED.items():
        seen = {*refused, *OF_EVERY_ROUTE, Problem.FAILED}
        if route in DONE and route != "GET /v1/openapi.json":
            seen.add(Problem.TRY_LATER)
        assert set(PROBLEMS[route]) == seen, route


# The answer page


@pytest.mark.parametrize(("route", "status", "prepare", "call"), ANSWERED)
def test_an_answer_page_has_one_of_the_statuses_that_the_document_lists(
    api: Api, route: str, status: int, prepare: Callable[[Api], None], call: dict[str, Any]
) -> None:
    prepare(api)
    given = api.call(route, **call)
    assert (given.status, given.kind) == (status, "text/html")
    described = OPERATIONS[route]["responses"][str(status)]
    assert set(described.get("headers", ())) <= set(given.headers)


def test_the_answer_page_lists_the_statuses_that_were_seen_here_and_no_others() -> None:
    for route in ("GET /v1/answers/{token}", "HEAD /v1/answers/{token}", "POST /v1/answers/{token}"):
        seen = {str(status) for tested, status, *_ in ANSWERED if tested == route}
        assert set(OPERATIONS[route]["responses"]) == seen, route


def _links() -> Iterator[tuple[str, dict[str, Any]]]:
    for operation in OPERATIONS.values():
        for response in operation["responses"].values():
            yield from response.get("links", {}).items()


def test_links_lead_to_calls_with_the_parameters_of_their_paths() -> None:
    by_name = {operation["operationId"]: route for route, operation in OPERATIONS.items()}
    for name, link in _links():
        assert link["operationId"] == name
        assert set(link.get("parameters", {})) == set(re.findall(r"\{(\w+)\}", by_name[name]))
    reached = {name for name, _ in _links()}
    assert {"showRequest", "changeRequest", "endRequest", "verifyRequest", "listAppointments", "signIn"} <= reached


@pytest.mark.parametrize(
    ("change", "usable"),
    [
        ({}, False),
        ({"chosen": "2027-03-08T09:00:00Z"}, True),
        ({"chosen": "2027-03-08T09:00:00Z", "note": None}, False),
        ({"chosen": None, "note": "Later"}, True),
        ({"start": "2027-03-08T09:00:00Z", "note": None}, True),
    ],
)
def test_the_schema_of_a_change_says_what_the_call_takes(change: dict[str, Any], usable: bool) -> None:
    assert validator("/components/schemas/Change").is_valid(change) == usable
    body = HttpRequest("PATCH", {}, (), {"content-type": "application/json"}, json.dumps(change).encode())
    if usable:
        read_change(body)
    else:
        with pytest.raises(ProblemError):
            read_change(body)


def test_an_empty_after_is_invalid_in_schema_and_call() -> None:
    (after,) = (each for each in OPERATIONS["GET /v1/appointments"]["parameters"] if each["name"] == "after")
    assert not Draft202012Validator(after["schema"]).is_valid("")
    with pytest.raises(ProblemError):
        appointment_query(HttpRequest("GET", {}, (("after", ""),), {}, b""))
