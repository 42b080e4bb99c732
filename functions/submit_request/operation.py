"""`POST /v1/requests` in the API's description."""

from describe.calls import Call, headers, json_answer, links, one_parameter
from describe.examples import DEADLINE, KEY, NOW, REQUEST, START, wish
from describe.problems import ASKING, READING
from describe.requests import times
from describe.shapes import an_object, of_model, public, reference, text, with_texts
from openhour.adapters.http.bodies.submission import KEY as KEY_PATTERN
from openhour.adapters.http.bodies.submission import DraftBody, SubmissionBody
from openhour.adapters.http.presenting import preview, submitted_request
from openhour.adapters.http.problems import Problem
from openhour.application.client.submit import Preview
from openhour.domain.transitions import Status

_CLIENT = {"name": "Ana Lima", "email": "ana@example.com", "time_zone": "Europe/Lisbon", "locale": "en"}
_MADE = json_answer("SubmittedRequest", "The request that this key stands for.", submitted_request(REQUEST, NOW))
_CHECKED = preview(Preview(Status.PENDING, START, REQUEST.end, DEADLINE))

CALLS = (
    Call(
        route="POST /v1/requests",
        name="submitRequest",
        summary="Ask for an appointment",
        text="Holds the time until the deadline and mails the provider. The same key and body again answer with the "
        "same request, as it stands then; nothing is done twice. With `validate_only=true` everything is checked and "
        "nothing is written, and neither the key nor `client` is needed. Only a token shows that an address is its "
        "sender's: without one every address is answered alike, its limits are not looked at, and where many such "
        "requests come from one network, or `leave_empty` is filled in, a proof of work is asked for.",
        tag="Requests",
        parameters=[
            one_parameter(
                "header",
                "Idempotency-Key",
                "A new one for each new request, a UUID for example. Needed unless the request is only validated.",
                {"type": "string", "pattern": f"^{KEY_PATTERN.pattern}$"},
                KEY,
                required=False,
            ),
            one_parameter(
                "query",
                "validate_only",
                "Check, write nothing.",
                {"type": "boolean", "default": False},
                required=False,
            ),
        ],
        body={
            "application/json": {
                "schema": {"anyOf": [reference("Submission"), reference("Draft")]},
                "examples": {
                    "submission": {
                        "summary": "To submit",
                        "value": wish() | {"client": _CLIENT, "note": REQUEST.note},
                    },
                    "draft": {"summary": "To validate before anybody said who asks", "value": wish()},
                },
            }
        },
        done={
            201: _MADE
            | {"headers": headers({"location": "Location"})}
            | links("showRequest", "changeRequest", "endRequest", "verifyRequest", request="$response.body#/id"),
            200: json_answer("Preview", "With `validate_only=true`: what the request would be.", _CHECKED),
        },
        problems=(
            *READING,
            *ASKING,
            Problem.KEY_MISSING,
            Problem.KEY_REUSED,
            Problem.TOKEN_MISSING,
            Problem.TOKEN_INVALID,
            Problem.SIGNED_OUT,
            Problem.PROOF_NEEDED,
        ),
    ),
)

_SUBMISSION_TEXTS = {
    "provider": "The provider's id, as `/v1/providers` lists it.",
    "location": "The location's id.",
    "forum": "How client and provider meet.",
    "service": "The service's id.",
    "start": "A start that the slot lookup lists, RFC 3339 with any offset, on a whole minute.",
    "client": "Who asks. Always needed to submit, signed in or not; may be left out with `validate_only=true`.",
    "attendee": "Whom the session is for, when that is not the client.",
    "leave_empty": "A trap for programs: leave it out. Filled in, it costs a proof of work (`proof-needed`).",
    "proof": "With a solution of a `proof-needed` problem's `challenge`: base64 of the JSON of its `algorithm`, "
    "`challenge`, `salt` and `signature`, and the `number` that was found (ALTCHA, version 1).",
    "note": "For the provider's eyes: shown on the answer page, never mailed. "
    "Characters that cannot be seen are left out.",
}
_CLIENT_TEXTS = {
    "name": "Without a web or mail address. What cannot be seen is left out; line ends and tabs are blanks.",
    "email": "Where the mails go, read out of what is pasted: `mailto:`, a name around it and marks that "
    "cannot be seen are left out. At most 64 characters before the @. "
    "It decides together with the Idempotency-Key which request this is.",
    "phone": "Digits of any script become 0 to 9.",
    "time_zone": "IANA name of the zone in which mails tell the client times. Without it the provider's.",
    "locale": "Language tag (BCP 47) of the client's mails. Without it the practice's.",
}
_ATTENDEE_TEXTS = {"name": _CLIENT_TEXTS["name"], "guardian": "Whether the client is their guardian."}
_SUBMISSION = of_model(SubmissionBody)
_PARTS = _SUBMISSION["$defs"]

SCHEMAS = public(
    {
        "Note": _PARTS["Note"],
        "Locale": _PARTS["Locale"],
        "Attendee": with_texts(_PARTS["_AttendeeBody"], _ATTENDEE_TEXTS, "Whom a session is for."),
        "Id": _PARTS["Id"] | {"description": "An id as `/v1/providers` lists it."},
        "Client": with_texts(_PARTS["_ClientBody"], _CLIENT_TEXTS, "Who asks."),
        "Submission": with_texts(_SUBMISSION, _SUBMISSION_TEXTS, "What a client asks for."),
        "Draft": with_texts(
            of_model(DraftBody), _SUBMISSION_TEXTS, "What is only to be validated: who asks may still be open."
        ),
    }
) | {
    "SubmittedRequest": an_object("A request, without anything personal.", {"id": text("Its id.")} | times()),
    "Preview": an_object("What a submission would be, were it made now.", times()),
}
