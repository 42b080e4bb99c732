"""What becomes of an appointment whose place a request takes, and of such a request when the appointment goes."""

from datetime import datetime

from openhour.application.ports.requests import Found
from openhour.domain.requests import Request, Step, take
from openhour.domain.transitions import Action, Actor, Status


def ids_of(request: Request) -> tuple[str, ...]:
    """The request, and the appointment whose place it would take: their own times do not stand in each other's way."""
    return (request.id,) if request.replaces is None else (request.id, request.replaces)


def replacing(found: Found, now: datetime) -> Step | None:
    """The step of the appointment whose place the request takes once it is confirmed; None when it has ended."""
    old = found.replaced
    if old is None or old.status is not Status.CONFIRMED:
        return None
    return take(old, Action.REPLACE, Actor.SYSTEM, now)


def ending_move(found: Found, actor: Actor, now: datetime, reason: str | None = None) -> Step | None:
    """The step of the request that asks to move an appointment while `actor` cancels it: nothing is left to move.

    None when nobody asked, or it was answered. The other side hears of it by the mail of that step.
    """
    move = found.move
    if move is None or not move.status_now(now).is_open:
        return None
    action = Action.WITHDRAW if actor is Actor.CLIENT else Action.DECLINE
    return take(move, action, actor, now, reason)
