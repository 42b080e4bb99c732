"""`DELETE /v1/sign-ins`: sign out everywhere."""

from openhour.adapters.http.access import signed_in
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.application.client.portal import sign_out
from openhour.wiring import signing_in


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """Whatever was signed in before is not any more; doing it again changes nothing."""
    sign_out(signed_in(request, signing_in.tokens()), signing_in.portal(), signing_in.clock())
    return as_json({})
