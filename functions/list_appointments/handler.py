"""`GET /v1/appointments`: the signed-in client's own, upcoming or past."""

from openhour.adapters.http.access import signed_in
from openhour.adapters.http.appointment_query import appointment_query
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import appointments
from openhour.application.client.portal import own_appointments
from openhour.wiring import signing_in


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """One page of them, and the cursor of the next."""
    who = signed_in(request, signing_in.tokens())
    when, after = appointment_query(request)
    page = own_appointments(who, when, after, signing_in.portal(), signing_in.clock())
    return as_json(appointments(page, signing_in.clock().now()))
