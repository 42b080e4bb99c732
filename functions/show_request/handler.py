"""`GET /v1/requests/{request}`: a client sees a request through its manage link."""

from openhour.adapters.http.access import manage_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import managed_request
from openhour.application.client.manage import see
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request as it stands now."""
    link = manage_link(request, requesting.tokens())
    return as_json(managed_request(see(link, requesting.requests(), requesting.clock())))
