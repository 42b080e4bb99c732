"""What every HTTP handler has around it: errors become responses here and nowhere else, and one line is logged."""

from collections.abc import Callable, Mapping
from typing import Any

from openhour.adapters.http.messages import HttpRequest, Response, header_fields
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.http.times import rfc3339
from openhour.adapters.logs import log_failure, logger
from openhour.adapters.starting import start
from openhour.application import errors
from openhour.application.ports.contention import ContentionError
from openhour.domain.errors import NotPossibleError, TooLateError

type Handle = Callable[[HttpRequest], Response]
type LambdaHandler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
type Render = Callable[[ProblemError, Mapping[str, str]], Response]

_RETRY_AFTER = "2"
_ENOUGH_FOR_TODAY = "You have made as many requests today as can be. Try again from `until` on, or call the practice."


def as_problem(error: ProblemError, _asked_with: Mapping[str, str]) -> Response:
    """The problem as `application/problem+json`, whatever the header fields of the request."""
    headers = dict(error.headers)
    if error.problem.status == Problem.TOKEN_INVALID.status:
        headers["www-authenticate"] = "Bearer"  # RFC 9110, section 11.6.1
    return Response(error.problem.status, error.document(), "application/problem+json", headers)


def endpoint(render: Render = as_problem) -> Callable[[Handle], LambdaHandler]:
    """Make a Lambda handler of a function from request to response; `render` says how a problem looks.

    It gets the problem and the request's header fields, their names in lower case.
    """

    def wrap(handle: Handle) -> LambdaHandler:
        start()  # a handler is the last thing that its module makes

        def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
            response = _answer(handle, event, render)
            invocation = getattr(context, "aws_request_id", None)
            fields = {"route": event.get("routeKey"), "status": response.status, "invocation": invocation}
            logger.info("answered", extra=fields)
            return response.for_gateway()

        return lambda_handler

    return wrap


def _answer(handle: Handle, event: Mapping[str, Any], render: Render) -> Response:
    try:
        return handle(HttpRequest.of(event))
    except Exception as error:  # noqa: BLE001 - the one place where nothing may get past
        problem = translated(error)
        if problem.problem is Problem.FAILED:
            log_failure(error)
        return render(problem, header_fields(event))


def translated(error: Exception) -> ProblemError:
    """The problem that an error is to whoever called."""
    if isinstance(error, ProblemError):
        return error
    for kind, translate in _TRANSLATIONS:
        if isinstance(error, kind):
            return translate(error)
    return ProblemError(Problem.FAILED)


def _invalid(error: errors.InvalidInputError) -> ProblemError:
    return ProblemError(
        Problem.INVALID, errors=error.errors, members={"reason": error.reason} if error.reason else None
    )


def _slot_taken(error: errors.SlotTakenError) -> ProblemError:
    return ProblemError(Problem.SLOT_TAKEN, members={"alternatives": [rfc3339(start) for start in error.alternatives]})


def _too_many_open(error: errors.TooManyOpenRequestsError) -> ProblemError:
    return ProblemError(Problem.TOO_MANY_OPEN, members={"limit": error.limit})


def _try_later(error: errors.TryAgainLaterError) -> ProblemError:
    return ProblemError(Problem.TRY_LATER, headers={"retry-after": str(error.retry_after)})


def _too_many(error: errors.TooManyRequestsError) -> ProblemError:
    today = isinstance(error, errors.TooManyRequestsTodayError)
    detail = _ENOUGH_FOR_TODAY if today else None
    headers, members = {"retry-after": str(error.retry_after)}, {"until": rfc3339(error.until)}
    return ProblemError(Problem.TOO_MANY_REQUESTS, detail, members=members, headers=headers)


# In this order: TooLateError is a NotPossibleError too.
_TRANSLATIONS: tuple[tuple[type[Exception], Callable[[Any], ProblemError]], ...] = (
    (errors.InvalidInputError, _invalid),
    (errors.SlotTakenError, _slot_taken),
    (
        errors.NotAsSeenError,
        lambda error: ProblemError(Problem.NOT_AS_SEEN, members={"request_status": error.status}),
    ),
    (errors.OwnConflictError, lambda error: ProblemError(Problem.OWN_CONFLICT, members={"request": error.request})),
    (errors.TooManyOpenRequestsError, _too_many_open),
    (errors.TryAgainLaterError, _try_later),
    (errors.TooManyRequestsError, _too_many),
    (
        errors.ProofNeededError,
        lambda error: ProblemError(Problem.PROOF_NEEDED, members={"challenge": error.challenge}),
    ),
    (errors.UnknownProviderError, lambda _: ProblemError(Problem.UNKNOWN_PROVIDER)),
    (errors.UnknownRequestError, lambda _: ProblemError(Problem.UNKNOWN_REQUEST)),
    (
        errors.StillToComeError,
        lambda error: ProblemError(Problem.STILL_TO_COME, members={"requests": list(error.requests)}),
    ),
    (errors.NotYetToldError, lambda _: ProblemError(Problem.NOT_YET_TOLD)),
    (errors.LinkUsedError, lambda _: ProblemError(Problem.LINK_USED)),
    (errors.SignedOutError, lambda _: ProblemError(Problem.SIGNED_OUT)),
    (errors.KnownClientsOnlyError, lambda _: ProblemError(Problem.KNOWN_CLIENTS_ONLY)),
    (errors.TooManyChangesError, lambda error: ProblemError(Problem.TOO_MANY_CHANGES, members={"limit": error.limit})),
    (
        errors.ChangeWaitsError,
        lambda error: ProblemError(Problem.CHANGE_WAITS, members={"replacement": error.replacement}),
    ),
    (errors.NotOfferedError, lambda _: ProblemError(Problem.NOT_OFFERED)),
    (errors.KeyReusedError, lambda _: ProblemError(Problem.KEY_REUSED)),
    (ContentionError, lambda _: ProblemError(Problem.TRY_LATER, headers={"retry-after": _RETRY_AFTER})),
    (TooLateError, lambda _: ProblemError(Problem.NOT_POSSIBLE, "Its time has passed: it has expired, or has begun.")),
    (
        NotPossibleError,
        lambda error: ProblemError(Problem.NOT_POSSIBLE, f"This cannot be done: the request is {error.status}."),
    ),
)
