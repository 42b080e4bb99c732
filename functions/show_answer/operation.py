"""`GET` and `HEAD /v1/answers/{token}` in the API's description."""

from describe.calls import Call, one_parameter
from describe.pages import PAGES, pages

_PAGES = pages(PAGES | {422: "A page that says what is wrong with the query string."})
_TIMES = one_parameter(
    "query",
    "times",
    "Show the free times of the next three weeks, that could be offered instead.",
    {"type": "boolean", "default": False},
    required=False,
)

CALLS = (
    Call(
        route="GET /v1/answers/{token}",
        name="showAnswer",
        summary="The page behind a provider's link",
        text="Changes nothing, whoever fetches it and however often. Works without JavaScript.",
        tag="Answers",
        parameters=[_TIMES],
        done=_PAGES,
    ),
    Call(
        route="HEAD /v1/answers/{token}",
        name="checkAnswer",
        summary="The same without the page",
        text="For programs that look at links before people do. Changes nothing.",
        tag="Answers",
        parameters=[_TIMES],
        done={status: {"description": page["description"]} for status, page in _PAGES.items()},
    ),
)

PARAMETERS = {"Token": one_parameter("path", "token", "The token of the mailed link.", {"type": "string"})}
