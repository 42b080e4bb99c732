"""`DELETE /v1/requests/{request}`: a client takes a request back through its manage link."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.manage_token import manage_link
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import managed_request
from openhour.application.manage import withdraw
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request, withdrawn; the same when it already was."""
    link = manage_link(request, requesting.tokens())
    return as_json(managed_request(withdraw(link, requesting.requests(), requesting.clock(), requesting.pause)))
