"""`GET /v1/providers/{provider}/slots` and `GET /v1/slots`: the free starts of one provider, or of any."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.slot_list import slot_list
from openhour.adapters.http.slot_query import slot_query
from openhour.application.slot_lookup import slots_of_any, slots_of_provider
from openhour.wiring import reading


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The free starts in the dates asked for."""
    query, provider_id = slot_query(request), request.path.get("provider")
    if provider_id is None:
        return as_json(slot_list(slots_of_any(query, reading.directory(), reading.clock())))
    return as_json(slot_list(slots_of_provider(provider_id, query, reading.directory(), reading.clock())))
