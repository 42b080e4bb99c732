"""`GET /v1/providers` and `GET /v1/providers/{provider}`: who can be booked."""

from openhour.adapters.http.directory_view import provider_summary, providers_summary
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_shared_json
from openhour.application.client.directory import bookable_provider, public_providers
from openhour.wiring import reading


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """All public providers, or the one that the path names."""
    provider_id = request.path.get("provider")
    if provider_id is None:
        return as_shared_json(request, providers_summary(*public_providers(reading.directory())))
    return as_shared_json(request, provider_summary(bookable_provider(provider_id, reading.directory())))
