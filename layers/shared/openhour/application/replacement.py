"""What becomes of an appointment whose place a request takes."""

from datetime import datetime

from openhour.application.ports.requests import Found
from openhour.domain.requests import Step, take
from openhour.domain.transitions import Action, Actor, Status


def replacing(found: Found, now: datetime) -> Step | None:
    """The step of the appointment whose place the request takes once it is confirmed; None when it has ended."""
    old = found.replaced
    if old is None or old.status is not Status.CONFIRMED:
        return None
    return take(old, Action.REPLACE, Actor.SYSTEM, now)
