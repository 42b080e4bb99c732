"""`GET /v1/openapi.json`: the API's own description."""

from pathlib import Path

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response

_DOCUMENT = (Path(__file__).parent / "openapi.json").read_text(encoding="utf-8")
_KEEP_AN_HOUR = {"cache-control": "public, max-age=3600"}


@endpoint()
def lambda_handler(_request: HttpRequest) -> Response:
    """The OpenAPI 3.1 document."""
    return Response(200, _DOCUMENT, headers=_KEEP_AN_HOUR)
