"""A client is at one place at a time. Told only to whoever has shown that they are the client."""

from collections.abc import Collection
from datetime import datetime, timedelta

from openhour.application.errors import OwnConflictError
from openhour.domain.agenda import Agenda


def check_own_time(
    agenda: Agenda, start: datetime, duration: int, now: datetime, ignoring: Collection[str] = ()
) -> None:
    """Raise OwnConflictError when the client has something else at this time; `duration` in minutes.

    `ignoring` are the requests whose own time does not stand in the way.
    """
    own = agenda.taken_by(start, start + timedelta(minutes=duration), now, ignoring)
    if own is not None:
        raise OwnConflictError(own)
