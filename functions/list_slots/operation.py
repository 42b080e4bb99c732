"""`GET /v1/providers/{provider}/slots` and `GET /v1/slots` in the API's description."""

from describe.calls import UNCHANGED, Call, json_answer, links, one_parameter, parameter
from describe.examples import PROVIDER, START, WANTED, WORLD
from describe.problems import READING
from describe.shapes import an_object, list_of, number, reference, text
from openhour.adapters.http.problems import Problem
from openhour.adapters.http.slot_list import slot_list
from openhour.application.client.slot_lookup import (
    MOST_DAYS,
    MOST_DAYS_OF_ALL,
    MOST_PROVIDERS,
    SlotQuery,
    slots_of_any,
    slots_of_provider,
)

_QUERY = SlotQuery(WANTED, START.date(), START.date())
_OF_PROVIDER = slot_list(slots_of_provider(PROVIDER.id, _QUERY, WORLD, WORLD))
_OF_ANY = slot_list(slots_of_any(_QUERY, WORLD, WORLD))
_PARAMETERS = [parameter(name) for name in ("Service", "Location", "Forum", "From", "To", "TimeZone")]

CALLS = (
    Call(
        route="GET /v1/providers/{provider}/slots",
        name="listSlotsOfProvider",
        summary="Free starts of one provider",
        text=f"At most {MOST_DAYS} dates at a time. Unknown parameters are refused.",
        tag="Slots",
        parameters=_PARAMETERS,
        done={200: json_answer("SlotList", "The free starts.", _OF_PROVIDER) | links("submitRequest"), **UNCHANGED},
        problems=(*READING, Problem.UNKNOWN_PROVIDER, Problem.INVALID),
    ),
    Call(
        route="GET /v1/slots",
        name="listSlotsOfAnyProvider",
        summary="Free starts of all providers of a service",
        text=f"At most {MOST_DAYS_OF_ALL} dates at a time, and services that at most {MOST_PROVIDERS} providers offer. "
        "`by_provider` says whose the starts are.",
        tag="Slots",
        parameters=_PARAMETERS,
        done={200: json_answer("AnySlotList", "The free starts.", _OF_ANY) | links("submitRequest"), **UNCHANGED},
        problems=(*READING, Problem.INVALID),
    ),
)

_DAY = {"type": "string", "format": "date"}
PARAMETERS = {
    "Service": one_parameter("query", "service", "The service's id.", reference("Id"), "session"),
    "Location": one_parameter("query", "location", "The location's id.", reference("Id"), "harbour"),
    "Forum": one_parameter("query", "forum", "How to meet.", reference("Forum"), "in_person"),
    "From": one_parameter("query", "from", "First date, in `time_zone`.", _DAY, "2027-03-08"),
    "To": one_parameter("query", "to", "Last date, inclusive, in `time_zone`.", _DAY, "2027-03-08"),
    "TimeZone": one_parameter(
        "query",
        "time_zone",
        "IANA zone that the dates are meant in. Without it the provider's; the practice's for any provider.",
        reference("TimeZone"),
        "Europe/London",
        required=False,
    ),
}

_MEMBERS = {
    "slots": list_of(reference("Instant"), "Starts, in order of time."),
    "duration_minutes": number("How long the service takes; of several providers' durations the longest."),
    "time_zone": text("The zone that the dates were read in."),
}
_BY_PROVIDER = {
    "type": "object",
    "description": "The starts of each provider who has any, by the provider's id.",
    "additionalProperties": {"type": "array", "items": reference("Instant")},
}
SCHEMAS = {
    "SlotList": an_object("Free starts of one provider.", _MEMBERS),
    "AnySlotList": an_object(
        "Free starts of all providers who offer the service.", _MEMBERS | {"by_provider": _BY_PROVIDER}
    ),
}
