"""Tokens as API calls carry them: of a request's manage link, or of somebody signed in."""

import hashlib
import secrets

from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.tokens import TokenError, Tokens
from openhour.application.client.manage import ManageLink
from openhour.application.client.verify import VerifyLink
from openhour.application.ports.people import Use
from openhour.application.signed_in import SignedIn


def manage_link(request: HttpRequest, tokens: Tokens) -> ManageLink:
    """What the token opens of the path's request.

    Raises ProblemError when it is missing, not ours, or of another request than the path.
    """
    token = request.bearer()
    try:
        link = tokens.read_manage(token)
    except TokenError:
        return ManageLink(request.path.get("request", ""), None, _signed_in(token, tokens))
    _check_request(link.request, request)
    return link


def verify_link(request: HttpRequest, tokens: Tokens) -> VerifyLink:
    """What a verification token opens. Raises ProblemError as `manage_link` does."""
    try:
        link = tokens.read_verify(request.bearer())
    except TokenError as error:
        raise ProblemError(Problem.TOKEN_INVALID) from error
    _check_request(link.request, request)
    return link


def signed_in(request: HttpRequest, tokens: Tokens) -> SignedIn:
    """Who is signed in. Raises ProblemError when the token is missing, not ours, or too old."""
    return _signed_in(request.bearer(), tokens)


def maybe_signed_in(request: HttpRequest, tokens: Tokens) -> SignedIn | None:
    """Who is signed in, None when no token came along. Raises ProblemError for one that is not ours, or too old."""
    return signed_in(request, tokens) if "authorization" in request.headers else None


def sign_in_link(request: HttpRequest, tokens: Tokens) -> tuple[SignedIn, Use]:
    """Who a mailed sign-in link is for, and its use by whoever sends this key. Raises ProblemError as `signed_in` does.

    Without a key nobody else can be the same one: it is used once.
    """
    try:
        who, ends = tokens.read_sign_in(request.bearer())
    except TokenError as error:
        raise ProblemError(Problem.TOKEN_INVALID) from error
    key = request.headers.get("idempotency-key") or secrets.token_hex()
    return who, Use(ends, hashlib.sha256(key.encode(errors="replace")).hexdigest())


def _signed_in(token: str, tokens: Tokens) -> SignedIn:
    try:
        return tokens.read_portal(token)
    except TokenError as error:
        raise ProblemError(Problem.TOKEN_INVALID) from error


def _check_request(bound_to: str, request: HttpRequest) -> None:
    if bound_to != request.path.get("request"):
        raise ProblemError(Problem.WRONG_REQUEST)
