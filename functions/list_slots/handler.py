"""`GET /v1/providers/{provider}/slots` and `GET /v1/slots`: the free starts of one provider, or of any."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_shared_json
from openhour.adapters.http.slot_list import slot_list
from openhour.adapters.http.slot_query import slot_query
from openhour.application.client.slot_lookup import slots_of_any, slots_of_provider
from openhour.wiring import reading


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The free starts in the dates asked for."""
    query, provider_id, directory = slot_query(request), request.path.get("provider"), reading.directory()
    if provider_id is None:
        found = slots_of_any(query, directory, reading.clock())
    else:
        found = slots_of_provider(provider_id, query, directory, reading.clock())
    return as_shared_json(request, slot_list(found))
