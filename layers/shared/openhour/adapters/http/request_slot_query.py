"""The query string of the slots for a request's change."""

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.slot_query import DATES, values_of
from openhour.application.client.request_slots import RequestSlotQuery


def request_slot_query(request: HttpRequest) -> RequestSlotQuery:
    """Read it: dates, and what shall be otherwise. Raises ProblemError as `slot_query` does."""
    values = values_of(request, DATES)
    return RequestSlotQuery(values.pop("from"), values.pop("to"), **values)
