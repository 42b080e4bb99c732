"""`GET /v1/appointments` in the API's description."""

from describe.calls import Call, json_answer, links, one_parameter
from describe.examples import DEADLINE, LOCATION, NOW, PROVIDER, REQUEST, REQUEST_ID, SERVICE, START
from describe.problems import SIGNED_IN
from describe.requests import times
from describe.shapes import an_object, list_of, named, or_null, reference, text
from openhour.adapters.http.presenting import appointments
from openhour.adapters.http.problems import Problem
from openhour.application.client.portal import When
from openhour.application.ports.people import Appointment, Named, Page
from openhour.domain.transitions import Status
from openhour.domain.values import Forum

_APPOINTMENT = Appointment(
    id=REQUEST_ID,
    status=Status.PENDING,
    start=START,
    end=REQUEST.end,
    deadline=DEADLINE,
    provider=Named(PROVIDER.id, PROVIDER.name),
    location=Named(LOCATION.id, LOCATION.name),
    forum=Forum.IN_PERSON,
    service=Named(SERVICE.id, SERVICE.name),
)
_PAGE = appointments(Page([_APPOINTMENT], "APPT#2027-03-08T09:00:00Z#" + REQUEST_ID), NOW)
_WHEN = {"type": "string", "enum": [when.value for when in When], "default": When.UPCOMING.value}

CALLS = (
    Call(
        route="GET /v1/appointments",
        name="listAppointments",
        summary="One's own appointments",
        text="Requests and appointments, right after they were made too. Upcoming ones are those that have not ended.",
        tag="People",
        tokens=["signedIn"],
        parameters=[
            one_parameter("query", "when", "Which ones.", _WHEN, required=False),
            one_parameter(
                "query",
                "after",
                "The `next` of the page before, as it is. Left out for the first page: an empty one is invalid.",
                {"type": "string", "minLength": 1},
                required=False,
            ),
        ],
        done={
            200: json_answer("Appointments", "One page of them; it may be empty and yet not be the last.", _PAGE)
            | links("showRequest", request="$response.body#/appointments/0/id"),
        },
        problems=(*SIGNED_IN, Problem.SIGNED_OUT, Problem.INVALID),
    ),
)

_LINE = an_object(
    "One appointment or request.",
    {"id": text("Its id.")}
    | times()
    | {name: an_object(f"The {name}.", named()) for name in ("provider", "location", "service")}
    | {"forum": reference("Forum")},
)
SCHEMAS = {
    "Appointments": an_object(
        "One page of a client's own list.",
        {
            "appointments": list_of(_LINE, "Upcoming ones soonest first, past ones latest first."),
            "next": or_null(text("What to send as `after` for the next page.")),
        },
    )
}
