"""`POST /v1/requests/{request}/verification` in the API's description."""

from describe.calls import Call, json_answer, links
from describe.examples import REQUEST, TOKEN
from describe.problems import LINKED
from openhour.adapters.http.presenting import changed_request
from openhour.adapters.http.problems import Problem
from openhour.application.client.manage import Seen
from openhour.domain.transitions import Status

_VERIFIED = changed_request(Seen(REQUEST, Status.PENDING), TOKEN)

CALLS = (
    Call(
        route="POST /v1/requests/{request}/verification",
        name="verifyRequest",
        summary="Prove an address",
        text="What the button behind the mailed link sends. Doing it again changes nothing and answers the same.",
        tag="Requests",
        tokens=["verifyLink"],
        done={
            200: json_answer("ChangedRequest", "The request, which now waits for the provider.", _VERIFIED)
            | links("showRequest", "changeRequest", "endRequest", request="$request.path.request")
        },
        problems=(
            *LINKED,
            Problem.UNKNOWN_PROVIDER,
            Problem.NOT_POSSIBLE,
            Problem.OWN_CONFLICT,
            Problem.TOO_MANY_OPEN,
            Problem.TOO_MANY_REQUESTS,
            Problem.KNOWN_CLIENTS_ONLY,
        ),
    ),
)
