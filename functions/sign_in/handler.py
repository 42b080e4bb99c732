"""`POST /v1/sign-ins`: the button behind a mailed sign-in link exchanges its token for one of the portal."""

from openhour.adapters.http.access import sign_in_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.presenting import signed_in
from openhour.application.client.portal import sign_in
from openhour.wiring import signing_in


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The portal's token, and until when it opens anything."""
    tokens, clock = signing_in.tokens(), signing_in.clock()
    who = sign_in(*sign_in_link(request, tokens), signing_in.portal(), clock)
    return as_json(signed_in(tokens.portal(who), clock.now()), status=201)
