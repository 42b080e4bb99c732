"""The `$default` route: every path and method that is nothing else."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.mailed_token import repaired_answer
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.http.problems import Problem, ProblemError

_OF_A_PAGE = frozenset({"GET", "HEAD", "POST"})
_METHOD_STAYS = 307


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """404 as a problem; an answer link that a mail program has changed leads on to the page it was meant for."""
    repaired = repaired_answer(request.raw_path) if request.method in _OF_A_PAGE else None
    if repaired is None or repaired == request.raw_path:
        raise ProblemError(Problem.UNKNOWN_PATH)
    return Response(_METHOD_STAYS, "", "text/plain", {"location": repaired, "referrer-policy": "no-referrer"})
