"""`DELETE /v1/requests/{request}` in the API's description."""

from dataclasses import replace

from describe.calls import Call, json_answer, one_parameter
from describe.examples import REQUEST
from describe.problems import MANAGING
from openhour.adapters.http.presenting import managed_request
from openhour.adapters.http.problems import Problem
from openhour.application.client.manage import ENDABLE, Seen
from openhour.domain.transitions import Status

_WITHDRAWN = replace(REQUEST, status=Status.WITHDRAWN, version=2, deadline=None)
_ENDED = managed_request(Seen(_WITHDRAWN, Status.WITHDRAWN))
_SEEN = {"type": "string", "enum": [status.value for status in ENDABLE]}

CALLS = (
    Call(
        route="DELETE /v1/requests/{request}",
        name="endRequest",
        summary="Withdraw a request or cancel",
        text="A request while it is open, an appointment until it starts; after `free_to_cancel_until` that is marked "
        "late. `status` says what was seen: if it is something else by now, nothing is done, and `request_status` says "
        "what. Without it an open request is withdrawn, but an appointment never cancelled. A request to move an "
        "appointment ends with it. Doing it again changes nothing and answers the same.",
        tag="Requests",
        tokens=["manageLink", "signedIn"],
        parameters=[one_parameter("query", "status", "The status that was seen.", _SEEN, required=False)],
        done={200: json_answer("ManagedRequest", "The request, withdrawn or cancelled.", _ENDED)},
        problems=(*MANAGING, Problem.NOT_AS_SEEN, Problem.NOT_POSSIBLE, Problem.INVALID),
    ),
)
