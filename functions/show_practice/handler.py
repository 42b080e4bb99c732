"""`GET /v1/practice`: the practice, for pages that show nothing else of the directory."""

from openhour.adapters.http.directory_view import about_practice
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_shared_json
from openhour.application.client.directory import public_practice
from openhour.wiring import reading


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The practice without its providers."""
    return as_shared_json(request, about_practice(public_practice(reading.directory())))
