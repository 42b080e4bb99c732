"""`GET /v1/practice` in the API's description."""

from describe.calls import UNCHANGED, Call, json_answer
from describe.examples import PRACTICE
from describe.problems import READING
from describe.shapes import an_object, or_null, reference
from openhour.adapters.http.directory_view import about_practice

CALLS = (
    Call(
        route="GET /v1/practice",
        name="showPractice",
        summary="The practice",
        text="Without its providers. `ETag` is good for `If-None-Match`.",
        tag="Directory",
        done={200: json_answer("AboutPractice", "The practice.", about_practice(PRACTICE)), **UNCHANGED},
        problems=READING,
    ),
)

SCHEMAS = {
    "AboutPractice": an_object("The practice alone.", {"practice": or_null(reference("Practice"))}),
}
