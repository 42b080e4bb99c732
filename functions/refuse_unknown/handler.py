"""The `$default` route: every path and method that is nothing else."""

from pathlib import Path

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.known_routes import KnownRoutes
from openhour.adapters.http.mailed_token import repaired_answer
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.http.problems import Problem, ProblemError

_OF_A_PAGE = frozenset({"GET", "HEAD", "POST"})
_METHOD_STAYS = 307
# Made from what the folders beside this one say of their calls.
_ROUTES = KnownRoutes((Path(__file__).parent / "routes.json").read_text(encoding="utf-8"))


@endpoint()
def lambda_handler(request: HttpRequest) -> Response:
    """404 as a problem, or 405 where the path has other methods.

    An answer link that a mail program has changed leads on to the page it was meant for.
    """
    repaired = repaired_answer(request.raw_path) if request.method in _OF_A_PAGE else None
    if repaired is None:
        raise _refusal(request.raw_path)
    return Response(_METHOD_STAYS, "", "text/plain", {"location": repaired, "referrer-policy": "no-referrer"})


def _refusal(path: str) -> ProblemError:
    methods = _ROUTES.methods(path)
    if methods:
        return ProblemError(Problem.WRONG_METHOD, headers={"allow": ", ".join(methods)})  # RFC 9110, section 15.5.6
    return ProblemError(Problem.UNKNOWN_PATH)
