"""`POST /v1/requests/{request}/verification` in the API's description."""

from describe.calls import Call, json_answer, links
from describe.examples import NOW, REQUEST, TOKEN
from describe.problems import LINKED
from openhour.adapters.http.presenting import proven_request
from openhour.adapters.http.problems import Problem
from openhour.application.client.manage import Seen
from openhour.domain.transitions import Status

_PROVEN = proven_request(Seen(REQUEST, Status.PENDING), TOKEN, TOKEN, NOW)

CALLS = (
    Call(
        route="POST /v1/requests/{request}/verification",
        name="verifyRequest",
        summary="Prove an address",
        text="What the button behind the mailed link sends. It proves the address, so it signs its reader in besides: "
        "`signed_in` is what signing in answers with, and null once 30 minutes have passed since the request was made, "
        "or the person has signed out everywhere since. Limits of the client, and whether the practice takes requests "
        "from them, are told here. Doing it again changes nothing more.",
        tag="Requests",
        tokens=["verifyLink"],
        done={
            200: json_answer("ProvenRequest", "The request, which now waits for the provider.", _PROVEN)
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
