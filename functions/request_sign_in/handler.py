"""`POST /v1/sign-in-links`: have a sign-in link mailed. Always 202: whether the address is known shows nowhere."""

from openhour.adapters.http.bodies.sign_in import sign_in_wish
from openhour.adapters.http.caller import caller_address
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.application.client.portal import ask_for_link
from openhour.wiring import signing_in


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """202, whoever asks, up to the caps of whoever calls."""
    email, locale = sign_in_wish(request)
    caller = caller_address(request, signing_in.origin_secret())
    people = signing_in.portal(), signing_in.identity(), signing_in.clock()
    ask_for_link(email, locale, caller, signing_in.ration(), *people)
    return as_json({}, status=202)
