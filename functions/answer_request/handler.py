"""`POST /v1/answers/{token}`: the provider pressed a button on the answer page."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.pages.answer_form import answer_form
from openhour.adapters.pages.answer_page import answer_link, answer_page, problem_page
from openhour.wiring import requesting


@endpoint(render=problem_page)
def lambda_handler(request: HttpRequest) -> Response:
    """The page that says what the answer did; the same page for the same answer again."""
    link = answer_link(request, requesting.tokens())
    return answer_page(requesting.answering().answer(link, answer_form(request)))
