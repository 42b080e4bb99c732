"""`DELETE /v1/me`: the signed-in client erases what is stored of them."""

from openhour.adapters.http.access import signed_in
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.wiring import erasing


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """Their requests are anonymous, the rest is gone, and they are signed out everywhere."""
    erasing.erasing().forget_me(signed_in(request, erasing.tokens()))
    return as_json({})
