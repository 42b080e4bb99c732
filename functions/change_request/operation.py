"""`PATCH /v1/requests/{request}` in the API's description."""

from describe.calls import Call, headers, json_answer, json_body, links
from describe.examples import DAY, MOVED, REQUEST, START, TOKEN
from describe.problems import ASKING, MANAGING
from describe.shapes import of_model, public, with_texts
from openhour.adapters.http.bodies.change import ChangeBody
from openhour.adapters.http.presenting import changed_request
from openhour.adapters.http.problems import Problem
from openhour.adapters.http.times import rfc3339
from openhour.application.client.change import MOST_CHANGES
from openhour.application.client.manage import Seen
from openhour.domain.transitions import Status

_CHANGED = changed_request(Seen(REQUEST, Status.PENDING))
_MADE = json_answer(
    "ChangedRequest",
    "The new request that would take the appointment's place.",
    changed_request(Seen(MOVED, Status.PENDING), TOKEN),
)

CALLS = (
    Call(
        route="PATCH /v1/requests/{request}",
        name="changeRequest",
        summary="Change a request",
        text=f"An unanswered request at most {MOST_CHANGES} times; it then waits anew, and the links of earlier mails "
        "no longer answer it. Of offered times one can be `chosen`, which confirms it. Of a confirmed appointment a "
        "new request is made that takes its place once it is confirmed. The same change again changes nothing.",
        tag="Requests",
        tokens=["manageLink", "signedIn"],
        body=json_body("Change", {"start": rfc3339(START + DAY), "note": None}),
        done={
            200: json_answer("ChangedRequest", "The request as it stands now.", _CHANGED)
            | links("showRequest", "changeRequest", "endRequest", request="$request.path.request"),
            201: _MADE
            | {"headers": headers({"location": "Location"})}
            | links("showRequest", "changeRequest", "endRequest", request="$response.body#/id"),
        },
        problems=(
            *MANAGING,
            *ASKING,
            Problem.NOT_POSSIBLE,
            Problem.TOO_MANY_CHANGES,
            Problem.CHANGE_WAITS,
            Problem.NOT_OFFERED,
        ),
    ),
)

_TEXTS = {
    "location": "The location's id.",
    "forum": "How client and provider meet.",
    "service": "The service's id.",
    "start": "A start that the slot lookup lists, RFC 3339 with any offset, on a whole minute.",
    "chosen": "One of the times that the provider offered; whoever sends it sends nothing else.",
    "note": "null takes the note away. A change of the note alone leaves deadline and revision as they are.",
}
_ALONE = {
    "minProperties": 1,
    # An offered time is chosen alone.
    "if": {"properties": {"chosen": {"type": "string"}}, "required": ["chosen"]},
    "then": {"maxProperties": 1},
}
SCHEMAS = {
    "Change": public(with_texts(of_model(ChangeBody), _TEXTS, "What shall be otherwise (merge patch, RFC 7396)."))
    | _ALONE
}
