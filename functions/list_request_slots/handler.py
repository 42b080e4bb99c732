"""`GET /v1/requests/{request}/slots`: the starts that a request's client can have instead of their own."""

from openhour.adapters.http.access import manage_link
from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response, as_json
from openhour.adapters.http.request_slot_query import request_slot_query
from openhour.adapters.http.slot_list import slot_list
from openhour.application.client.request_slots import slots_of_request
from openhour.wiring import reading, requesting


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """The free starts in the dates asked for; nobody keeps this answer for anybody else."""
    link, query = manage_link(request, requesting.tokens()), request_slot_query(request)
    found = slots_of_request(link, query, requesting.requests(), reading.directory(), requesting.clock())
    return as_json(slot_list(found))
