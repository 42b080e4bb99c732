"""`GET` and `HEAD /v1/answers/{token}`: the page behind a provider's link. Whoever fetches it changes nothing."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.pages.answer_page import answer_link, answer_page, problem_page
from openhour.application.provider.answer import look
from openhour.wiring import requesting


@endpoint(render=problem_page)
def lambda_handler(request: HttpRequest) -> Response:
    """The request with its buttons, or what has become of it; with `?times=true` also what could be offered instead."""
    link = answer_link(request, requesting.tokens())
    if request.flag("times"):
        return answer_page(requesting.answering().look_for_times(link))
    return answer_page(look(link, requesting.requests(), requesting.clock()))
