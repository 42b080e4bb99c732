"""Trying again after contention: read anew, decide anew, write anew."""

from collections.abc import Callable

from openhour.application.errors import TryAgainLaterError
from openhour.application.ports.contention import ContentionError, Pause

ATTEMPTS = 4


def persistently[Result](attempt: Callable[[], Result], pause: Pause) -> Result:
    """The result of `attempt`, which is made up to 4 times while it meets contention, with `pause` in between.

    Raises TryAgainLaterError when the last one met it too.
    """
    for number in range(1, ATTEMPTS):
        try:
            return attempt()
        except ContentionError:
            pause(number)
    try:
        return attempt()
    except ContentionError as error:
        raise TryAgainLaterError from error
