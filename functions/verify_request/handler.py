"""`POST /v1/requests/{request}/verification`: the button behind the link that proves an address."""

from openhour.adapters.http.access import verify_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import changed_request
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request, sent on to the provider; the same when it already was."""
    seen = requesting.verifying().verify(verify_link(request, requesting.tokens()))
    return as_json(changed_request(seen, requesting.tokens().manage(seen.request)))
