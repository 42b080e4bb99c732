"""The token of a client's manage link, as an API call carries it."""

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.tokens import TokenError, Tokens
from openhour.application.manage import ManageLink


def manage_link(request: HttpRequest, tokens: Tokens) -> ManageLink:
    """What the token opens. Raises ProblemError when it is missing, not ours, or of another request than the path."""
    try:
        link = tokens.read_manage(request.bearer())
    except TokenError as error:
        raise ProblemError(Problem.TOKEN_INVALID) from error
    if link.request != request.path.get("request"):
        raise ProblemError(Problem.WRONG_REQUEST)
    return link
