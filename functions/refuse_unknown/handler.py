"""The `$default` route: every path and method that is nothing else."""

from openhour.adapters.http.endpoint import endpoint
from openhour.adapters.http.messages import HttpRequest, Response
from openhour.adapters.http.problems import Problem, ProblemError


@endpoint()
def lambda_handler(_request: HttpRequest) -> Response:
    """404 as a problem."""
    raise ProblemError(Problem.UNKNOWN_PATH)
