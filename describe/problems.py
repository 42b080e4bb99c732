"""The problems of the API's description: which go together, what each looks like, and an example of each."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from describe.examples import MOVED, NOW, PRACTICE, PROVIDER, REQUEST_ID, START, WANTED, WORLD
from describe.shapes import Schema, an_object, list_of, number, reference, text
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.http.times import rfc3339
from openhour.adapters.proofs import LARGEST_NUMBER
from openhour.application.client.change import MOST_CHANGES
from openhour.application.client.slot_lookup import SlotQuery, slots_of_provider
from openhour.application.errors import InvalidInputError
from openhour.application.free_time import ALTERNATIVES, REFUSALS, reason_of
from openhour.domain.transitions import Status

# What calls of one kind may answer with.
ALWAYS = (Problem.MALFORMED, Problem.TOO_LARGE, Problem.FAILED)
READING = (*ALWAYS, Problem.TRY_LATER)
LINKED = (*READING, Problem.TOKEN_MISSING, Problem.TOKEN_INVALID, Problem.WRONG_REQUEST, Problem.UNKNOWN_REQUEST)
MANAGING = (*LINKED, Problem.SIGNED_OUT)
ASKING = (
    Problem.UNKNOWN_PROVIDER,
    Problem.SLOT_TAKEN,
    Problem.OWN_CONFLICT,
    Problem.TOO_MANY_OPEN,
    Problem.TOO_MANY_REQUESTS,
    Problem.KNOWN_CLIENTS_ONLY,
    Problem.NOT_JSON,
    Problem.INVALID,
)
SIGNED_IN = (*READING, Problem.TOKEN_MISSING, Problem.TOKEN_INVALID)

_EXTRA_MEMBERS = {
    Problem.INVALID: "errors",
    Problem.SLOT_TAKEN: "alternatives",
    Problem.TOO_MANY_OPEN: "limit",
    Problem.TOO_MANY_CHANGES: "limit",
    Problem.CHANGE_WAITS: "replacement",
    Problem.OWN_CONFLICT: "request",
    Problem.NOT_AS_SEEN: "request_status",
    Problem.PROOF_NEEDED: "challenge",
    Problem.TOO_MANY_REQUESTS: "until",
    Problem.STILL_TO_COME: "requests",
}


def problem_name(problem: Problem) -> str:
    """The name of a problem's schema: `SlotTakenProblem`."""
    return "".join(part.title() for part in problem.value[0].split("-")) + "Problem"


def problem_schemas() -> dict[str, Schema]:
    """What all problems have, and each problem."""
    return {"Problem": _problem(), **dict(_problems())}


def _problem() -> Schema:
    types = [problem.type for problem in Problem]
    per_field = an_object(
        "What is wrong with a field.",
        {
            "field": text("Its name; parts of nested fields are joined by dots."),
            "detail": text("What to do about it."),
        },
    )
    return {
        "type": "object",
        "description": "Why something was not done (RFC 9457).",
        "properties": {
            "type": {"type": "string", "enum": types, "description": "Stable; what programs go by."},
            "title": text("The same for every occurrence of the type."),
            "status": number("The HTTP status."),
            "detail": text("A sentence that a person can act on."),
            "errors": list_of(per_field, "Every field that is not usable."),
            "reason": text("Why nobody can have this start, where that is what is wrong.")
            | {"enum": [reason_of(verdict) for verdict in REFUSALS]},
            "alternatives": list_of(
                reference("Instant"), f"Up to {ALTERNATIVES} free starts nearest to the one asked for."
            ),
            "limit": number("How many there may be: open requests of one client, or changes of one request."),
            "replacement": text("The id of the request that waits."),
            "request_status": text("The status that counts now."),
            "request": text("The id of the client's own request that is at this time."),
            "challenge": _challenge(),
            "until": reference("Instant") | {"description": "From when on there is room again."},
            "requests": list_of({"type": "string"}, "The ids of what still waits or is to come, by start."),
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    }


def _challenge() -> Schema:
    about = (
        "Find the number, from 0 to `maxnumber`, whose SHA-256 with `salt` before it is `challenge`. Lasts 10 minutes."
    )
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    fields = {
        "algorithm": {"const": "SHA-256"},
        "challenge": digest | {"description": "In hexadecimal digits."},
        "maxnumber": number("The largest number it can be."),
        "salt": text("What stands before the number, whose decimal digits follow it."),
        "signature": digest | {"description": "To be sent back as it is."},
    }
    return an_object(about, fields)


def _problems() -> Iterator[tuple[str, Schema]]:
    for problem in Problem:
        fixed = {"type": problem.type, "title": problem.title, "status": problem.status}
        schema: Schema = {
            "allOf": [reference("Problem")],
            "description": problem.detail,
            "properties": {name: {"const": value} for name, value in fixed.items()},
        }
        if problem in _EXTRA_MEMBERS:
            schema["required"] = [_EXTRA_MEMBERS[problem]]
        yield problem_name(problem), schema


def problem_example(kind: Problem, *, of_query: bool = False) -> dict[str, Any]:
    """An example of a problem; `of_query` when its fields are query parameters rather than the body's."""
    document: dict[str, Any] = json.loads(_problem_error(kind, of_query=of_query).document())
    return document


def _problem_error(kind: Problem, *, of_query: bool) -> ProblemError:
    match kind:
        case Problem.INVALID:
            return ProblemError(kind, errors=_wrong_dates() if of_query else {"client.email": "This field is needed."})
        case Problem.SLOT_TAKEN:
            free = [datetime(2027, 3, 8, 10, 0, tzinfo=UTC), datetime(2027, 3, 10, 9, 0, tzinfo=UTC)]
            return ProblemError(kind, members={"alternatives": [rfc3339(start) for start in free]})
        case Problem.NOT_POSSIBLE:
            return ProblemError(kind, f"The request is {Status.CONFIRMED} already.")
    return ProblemError(kind, members=_MEMBERS.get(kind))


_MEMBERS: Mapping[Problem, Mapping[str, Any]] = {
    Problem.TOO_MANY_OPEN: {"limit": PRACTICE.max_open_requests},
    Problem.TOO_MANY_CHANGES: {"limit": MOST_CHANGES},
    Problem.CHANGE_WAITS: {"replacement": MOVED.id},
    Problem.OWN_CONFLICT: {"request": REQUEST_ID},
    Problem.NOT_AS_SEEN: {"request_status": Status.CONFIRMED.value},
    Problem.STILL_TO_COME: {"requests": [REQUEST_ID]},
    Problem.TOO_MANY_REQUESTS: {"until": rfc3339(NOW)},
    Problem.PROOF_NEEDED: {
        "challenge": {
            "algorithm": "SHA-256",
            "challenge": "dbc62b030a0b11a48c83334f55f393063e14c967f56347518fa0d78f53d535d4",
            "maxnumber": LARGEST_NUMBER,
            "salt": "5a1f0c9e7d3b2a4f6e8d0c1b?expires=1804069500&",
            "signature": "b2da1e650b485c3ba10e4f9cd90fb35aa9874f3713870b909c5dee46946bfa27",
        }
    },
}


def _wrong_dates() -> dict[str, str]:
    """What the slot lookup says about dates the wrong way round."""
    try:
        slots_of_provider(PROVIDER.id, SlotQuery(WANTED, START.date(), NOW.date()), WORLD, WORLD)
    except InvalidInputError as error:
        return error.errors
    raise AssertionError("the slot lookup took dates the wrong way round")
