"""What a use case refuses, with what its reader needs to explain it to a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil


class ApplicationError(Exception):
    """Base of everything a use case refuses."""


class InvalidInputError(ApplicationError):
    """Some fields are not usable. `errors` maps a field's name to a sentence a person can act on.

    `reason` says the same of a start to programs: `too-soon`, `outside-hours` and so on; None of other fields.
    """

    def __init__(self, errors: Mapping[str, str], reason: str | None = None) -> None:
        """`errors` names each field at most once."""
        super().__init__(f"invalid: {', '.join(errors)}")
        self.errors = dict(errors)
        self.reason = reason


class UnknownProviderError(ApplicationError):
    """No provider of this id can be booked here."""


class UnknownRequestError(ApplicationError):
    """There is no such request, or its link has outlived it."""


class SlotTakenError(ApplicationError):
    """The time is not free any more. `alternatives` are the nearest free starts, UTC, in order of time."""

    def __init__(self, alternatives: Sequence[datetime]) -> None:
        """`alternatives` may be empty."""
        super().__init__("slot taken")
        self.alternatives = tuple(alternatives)


class OwnConflictError(ApplicationError):
    """The client has something else at this time. `request` is the id of that request of theirs."""

    def __init__(self, request: str) -> None:
        """`request` belongs to the same client."""
        super().__init__("own conflict")
        self.request = request


class NotAsSeenError(ApplicationError):
    """The request is not what its client saw when they ended it. `status` is the name of the one that counts now."""

    def __init__(self, status: str) -> None:
        """`status` is what the client has not seen yet."""
        super().__init__("not as seen")
        self.status = status


class KeyReusedError(ApplicationError):
    """The idempotency key was used before, for another body."""


class TooManyOpenRequestsError(ApplicationError):
    """The client has as many open requests as the practice allows. `limit` is that number."""

    def __init__(self, limit: int) -> None:
        """`limit` is the practice's setting."""
        super().__init__("too many open requests")
        self.limit = limit


class TooManyChangesError(ApplicationError):
    """The client has changed this request as often as may be. `limit` is that number."""

    def __init__(self, limit: int) -> None:
        """`limit` is 5."""
        super().__init__("too many changes")
        self.limit = limit


class ChangeWaitsError(ApplicationError):
    """A change of this appointment waits for an answer already. `replacement` is the id of that request."""

    def __init__(self, replacement: str) -> None:
        """`replacement` belongs to the same client."""
        super().__init__("a change waits")
        self.replacement = replacement


class NotOfferedError(ApplicationError):
    """The time that was chosen is not among those that were offered."""


class KnownClientsOnlyError(ApplicationError):
    """The practice takes requests only from clients it knows, and this address is not one of theirs."""


class StillToComeError(ApplicationError):
    """Somebody cannot be forgotten while something of theirs waits or is to come. `requests` are the ids of those."""

    def __init__(self, requests: Sequence[str]) -> None:
        """`requests` is in order of their start."""
        super().__init__("still to come")
        self.requests = tuple(requests)


class NotYetToldError(ApplicationError):
    """Somebody cannot be forgotten while a provider has yet to hear by mail of what they took back."""


class LinkUsedError(ApplicationError):
    """A sign-in link works once, and somebody has signed in by this one."""


class SignedOutError(ApplicationError):
    """The person has signed out everywhere since this token was made."""


class TooManyRequestsError(ApplicationError):
    """One caller or one address asked for too much. There will be room again at `until` (aware, UTC).

    `retry_after` is the same as whole seconds from now, for the Retry-After header (RFC 9110, section 10.2.3).
    """

    def __init__(self, until: datetime, now: datetime) -> None:
        """`until` is later than `now`."""
        super().__init__("too many requests")
        self.until = until
        self.retry_after = ceil((until - now).total_seconds())


class TooManyRequestsTodayError(TooManyRequestsError):
    """One client has made as many requests today as the practice lets anybody make in a day."""


class ProofNeededError(ApplicationError):
    """Many requests come from where this one comes from: it needs a proof of work. `challenge` is what to solve."""

    def __init__(self, challenge: Mapping[str, str | int]) -> None:
        """`challenge` is in the form that its solvers take."""
        super().__init__("proof needed")
        self.challenge = dict(challenge)


class TryAgainLaterError(ApplicationError):
    """The store was contended or throttled to the last attempt; nothing was written. `retry_after` in seconds."""

    def __init__(self, retry_after: int = 2) -> None:
        """`retry_after` goes into the Retry-After header (RFC 9110, section 10.2.3)."""
        super().__init__("contended")
        self.retry_after = retry_after
