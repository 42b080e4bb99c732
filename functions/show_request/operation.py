"""`GET /v1/requests/{request}` in the API's description."""

from describe.calls import Call, json_answer, links, one_parameter
from describe.examples import REQUEST, REQUEST_ID
from describe.problems import MANAGING
from openhour.adapters.http.presenting import managed_request
from openhour.application.client.manage import LINK_OUTLIVES, Seen
from openhour.domain.transitions import Status

_SEEN = managed_request(Seen(REQUEST, Status.PENDING))

CALLS = (
    Call(
        route="GET /v1/requests/{request}",
        name="showRequest",
        summary="See a request",
        text=f"With the token of the manage link, until {LINK_OUTLIVES.days} days after the session's end.",
        tag="Requests",
        tokens=["manageLink", "signedIn"],
        done={
            200: json_answer("ManagedRequest", "The request as it stands now.", _SEEN)
            | links("changeRequest", "endRequest", request="$request.path.request")
        },
        problems=MANAGING,
    ),
)

PARAMETERS = {"Request": one_parameter("path", "request", "The request's id.", {"type": "string"}, REQUEST_ID)}
