"""`DELETE /v1/requests/{request}`: a client takes a request back, or cancels an appointment."""

from openhour.adapters.http.access import manage_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import managed_request
from openhour.application.client.manage import ENDABLE, end
from openhour.domain.transitions import Status
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request, withdrawn or cancelled; the same when it already was."""
    link = manage_link(request, requesting.tokens())
    status = request.one_of("status", ENDABLE)
    saw = None if status is None else Status(status)
    return as_json(managed_request(end(link, saw, requesting.requests(), requesting.clock(), requesting.pause)))
