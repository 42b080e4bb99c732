"""`POST /v1/answers/{token}` in the API's description."""

from describe.calls import Call
from describe.pages import PAGES, pages
from describe.shapes import an_object, enumeration, list_of, reference
from openhour.adapters.pages.answer_form import LONGEST_REASON
from openhour.application.provider.answer import MOST_OFFERS, Decision

_CONFLICT = " So too where another appointment has taken the time meanwhile; nothing was changed then."
_FORM = {"schema": reference("Answer"), "example": {"decision": "confirm"}}

CALLS = (
    Call(
        route="POST /v1/answers/{token}",
        name="answer",
        summary="Confirm or decline",
        text="What the page's buttons send. The same answer again changes nothing and shows the same page.",
        tag="Answers",
        body={"application/x-www-form-urlencoded": _FORM},
        done=pages(PAGES | {409: PAGES[409] + _CONFLICT, 422: "A page that says what is wrong with the form."}),
    ),
)

_START = list_of(reference("Instant"), "With `offer`: the times, the field once for each.")
SCHEMAS = {
    "Answer": an_object(
        "What a button of the answer page sends.",
        {
            "decision": enumeration(Decision, "The button."),
            "reason": {
                "type": "string",
                "maxLength": LONGEST_REASON,
                "description": "With `decline` and `cancel`: told to the client.",
            },
            "start": _START | {"minItems": 1, "maxItems": MOST_OFFERS},
        },
        {"reason", "start"},
    )
}
