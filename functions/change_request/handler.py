"""`PATCH /v1/requests/{request}`: a client changes a request, chooses an offered time, or moves an appointment."""

from openhour.adapters.http.access import manage_link
from openhour.adapters.http.bodies.change import change
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import changed_request
from openhour.wiring import requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The request as it stands afterwards; 201 with a new one where that would take the place of an appointment."""
    link = manage_link(request, requesting.tokens())
    seen = requesting.changing().change(link, change(request))
    if seen.request.id == link.request:
        return as_json(changed_request(seen))
    headers = {"location": f"/v1/requests/{seen.request.id}"}
    return as_json(changed_request(seen, requesting.tokens().manage(seen.request)), status=201, headers=headers)
