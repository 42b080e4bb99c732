"""`GET /v1/requests/{request}/slots` in the API's description."""

from describe.calls import Call, json_answer, one_parameter, parameter
from describe.examples import PROVIDER, START, WANTED, WORLD
from describe.problems import MANAGING
from describe.shapes import reference
from openhour.adapters.http.problems import Problem
from openhour.adapters.http.slot_list import slot_list
from openhour.application.client.slot_lookup import MOST_DAYS, SlotQuery, slots_of_provider

_FOUND = slot_list(slots_of_provider(PROVIDER.id, SlotQuery(WANTED, START.date(), START.date()), WORLD, WORLD))
_AS_ASKED = "What the request asks for, unless it is given."

CALLS = (
    Call(
        route="GET /v1/requests/{request}/slots",
        name="listSlotsOfRequest",
        summary="Free starts for a change or a move",
        text=f"Those of the request's provider, at most {MOST_DAYS} dates at a time. The request's own time, and that "
        "of the appointment it would replace, count as free: a change may overlap them.",
        tag="Requests",
        tokens=["manageLink", "signedIn"],
        parameters=[
            *(parameter(name) for name in ("From", "To", "TimeZone")),
            one_parameter("query", "service", _AS_ASKED, reference("Id"), "session", required=False),
            one_parameter("query", "location", _AS_ASKED, reference("Id"), "harbour", required=False),
            one_parameter("query", "forum", _AS_ASKED, reference("Forum"), "in_person", required=False),
        ],
        done={200: json_answer("SlotList", "The free starts.", _FOUND)},
        problems=(*MANAGING, Problem.UNKNOWN_PROVIDER, Problem.INVALID),
    ),
)
