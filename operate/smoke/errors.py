"""What can end the walk."""

from operate.errors import OperatorError


class StumbledError(OperatorError):
    """A step did not do what it should. Its text says which and what came instead; no token, no body is in it."""
