"""What stands of a client's: open requests and appointments to come, with the times they keep.

A client is at one place at a time, whoever the providers are. Only requests of a proven address are in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from openhour.domain.booking import entries_of
from openhour.domain.ledger import instant_of, minute_of
from openhour.domain.requests import Request, Step
from openhour.domain.transitions import Status


@dataclass(frozen=True, slots=True)
class Held:
    """What one request keeps of its client's time: (start, end) in UTC epoch minutes; several while times are offered.

    `deadline` (UTC) is set while it is open, and so is `replaces`, the appointment whose place it would take.
    """

    times: tuple[tuple[int, int], ...]
    deadline: datetime | None = None
    replaces: str | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it still waits for an answer, or its session has not ended."""
        if self.deadline is not None:
            return now < self.deadline
        return any(now < instant_of(end) for _, end in self.times)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether one of its times is at the same time as this one; those that touch are not."""
        return any(first < end and start < last for first, last in self.times)


def held_of(request: Request) -> Held | None:
    """What the request keeps of its client's time; None when it keeps none, or its address is not proven."""
    if request.status is Status.UNVERIFIED or not request.proven or not request.status.keeps_time:
        return None
    times = tuple((entry.start, entry.end) for entry in entries_of(request))
    return Held(times, request.deadline, request.replaces if request.status.is_open else None)


@dataclass(frozen=True, slots=True)
class Agenda:
    """One client's, by id of request. Version 0 means that nothing was ever written.

    What does not stand any more may still be in it until it is next written. `made` is how many verified requests the
    client made on the day `made_on` of UTC, the last one with any.
    """

    version: int = 0
    held: Mapping[str, Held] = field(default_factory=dict)
    made_on: date | None = None
    made: int = 0

    def made_today(self, now: datetime) -> int:
        """How many verified requests the client has made since midnight UTC."""
        return self.made if self.made_on == now.date() else 0

    def waiting(self, now: datetime) -> int:
        """How many requests wait for an answer."""
        return sum(held.deadline is not None and held.stands(now) for held in self.held.values())

    def move_of(self, request_id: str) -> str | None:
        """The request that would take an appointment's place, whether or not it has expired meanwhile."""
        return next((own for own, held in self.held.items() if held.replaces == request_id), None)

    def taken_by(self, start: datetime, end: datetime, now: datetime, ignoring: Collection[str]) -> str | None:
        """The client's own request that keeps some of this time; none of those in `ignoring`."""
        for request_id, held in self.held.items():
            is_in_the_way = held.stands(now) and held.overlaps(minute_of(start), minute_of(end))
            if is_in_the_way and request_id not in ignoring:
                return request_id
        return None

    def after(self, *steps: Step) -> "Agenda":
        """The same once these steps, taken together, are written; what does not stand any more is left out."""
        now = steps[0].after.status_at
        changed = {step.after.id: held_of(step.after) for step in steps}
        held = {own: one for own, one in ({**self.held, **changed}).items() if one is not None and one.stands(now)}
        agenda = replace(self, version=self.version + 1, held=held)
        made = sum(_is_made_by(step) for step in steps)
        return replace(agenda, made_on=now.date(), made=self.made_today(now) + made) if made else agenda

    def without(self, requests: Collection[str]) -> "Agenda":
        """The same without these requests."""
        held = {own: one for own, one in self.held.items() if own not in requests}
        return self if len(held) == len(self.held) else replace(self, version=self.version + 1, held=held)


def is_unproven(step: Step) -> bool:
    """Whether the step is one of a request whose address was never proven: it takes nothing of its client's."""
    return not step.after.proven or is_unverified(step)


def is_unverified(step: Step) -> bool:
    """Whether the step begins or ends a request that never got past the mail to its address."""
    before = None if step.before is None else step.before.status
    return step.after.status is Status.UNVERIFIED or (before is Status.UNVERIFIED and not step.after.status.is_open)


def _is_made_by(step: Step) -> bool:
    return step.after.status.is_open and (step.before is None or step.before.status is Status.UNVERIFIED)
