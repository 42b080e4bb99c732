"""What the domain refuses, each with what its reader needs to explain it."""

from openhour.domain.transitions import Action, Status


class DomainError(Exception):
    """Base of everything the domain refuses."""


class NotPossibleError(DomainError):
    """The transition table has no row for this action by this actor in this status."""

    def __init__(self, action: Action, status: Status | None) -> None:
        """`action` was tried on a request in `status` (None: on no request yet)."""
        super().__init__(f"{action} is not possible in status {status}")
        self.action = action
        self.status = status


class TooLateError(NotPossibleError):
    """The action is possible in this status, but its time has passed: the deadline, or the start."""


class TooEarlyError(NotPossibleError):
    """The request has not reached its deadline, so it cannot expire yet."""
