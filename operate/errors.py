"""What can keep a command from its work. Every message is written for the person at the terminal."""


class OperatorError(Exception):
    """Base of everything that a command can raise. Its text says what to do."""


class CloudError(OperatorError):
    """A stack, or a table or secret of it, cannot be found, reached, read or written."""
