"""`POST /v1/requests/{request}/verification`: the button behind the link that proves an address."""

from openhour.adapters.http.access import verify_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import proven_request
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request, sent on to the provider, and a sign-in; the same request when it already was."""
    tokens = requesting.tokens()
    proven = requesting.verifying().verify(verify_link(request, tokens))
    portal = None if proven.signed_in is None else tokens.portal(proven.signed_in)
    return as_json(proven_request(proven.seen, tokens.manage(proven.seen.request), portal, requesting.clock().now()))
