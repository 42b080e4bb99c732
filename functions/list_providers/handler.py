"""`GET /v1/providers` and `GET /v1/providers/{provider}`: who can be booked."""

from openhour.adapters.http.directory_view import provider_summary, providers_summary
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import BRIEFLY_SHARED, HttpRequest, Response, as_json
from openhour.application.client.directory import bookable_provider, public_providers
from openhour.wiring import reading


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """All public providers, or the one that the path names."""
    provider_id = request.path.get("provider")
    if provider_id is None:
        return as_json(providers_summary(*public_providers(reading.directory())), headers=BRIEFLY_SHARED)
    return as_json(provider_summary(bookable_provider(provider_id, reading.directory())), headers=BRIEFLY_SHARED)
