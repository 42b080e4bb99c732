"""What the mail service says of a mail afterwards: it came back for good, or its reader complained."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from openhour.application.attempts import persistently
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Requests
from openhour.domain.booking import ledger_change
from openhour.domain.errors import NotPossibleError
from openhour.domain.requests import Request, take
from openhour.domain.transitions import Action, Actor


class Trouble(StrEnum):
    """What happened to a mail to a client."""

    UNDELIVERABLE = "undeliverable"
    COMPLAINT = "complaint"


class Profiles(Protocol):
    """What is remembered of people's addresses."""

    def mark(self, client_id: str, trouble: Trouble, now: datetime) -> None:
        """Remember it of the address until the address is verified again. 1 call."""


@dataclass(frozen=True, slots=True)
class Noting:
    """The use case with its ports."""

    requests: Requests
    profiles: Profiles
    clock: Clock
    pause: Pause

    def note(self, client_id: str, trouble: Trouble, request_id: str | None) -> bool:
        """Mark the address; whether the provider of the request is told. Doing it again changes nothing more.

        `request_id` is the request that the mail was about, if any. A complaint is told to nobody: its sender was
        reached. Of a request that has been made anonymous nothing is noted: its client has been forgotten. Raises
        TryAgainLaterError.
        """
        if request_id is not None and self._is_anonymous(request_id):
            return False
        self.profiles.mark(client_id, trouble, self.clock.now())
        if trouble is Trouble.COMPLAINT or request_id is None:
            return False
        return persistently(lambda: self._tell(request_id), self.pause)

    def _tell(self, request_id: str) -> bool:
        found = self.requests.with_days(request_id, None)
        if found is None or not self._is_news(found.request):
            return False
        request, now = found.request, self.clock.now()
        try:
            step = take(request, Action.NOTE_UNDELIVERABLE, Actor.SYSTEM, now, request.reason, undeliverable=True)
        except NotPossibleError:  # it has ended: there is nothing left that the provider could do
            return False
        self.requests.commit(step, ledger_change(request, step.after, found.days, now), found.agenda)
        return True

    def _is_anonymous(self, request_id: str) -> bool:
        request = self.requests.request(request_id)
        return request is not None and request.anonymised_at is not None

    def _is_news(self, request: Request) -> bool:
        return not request.undeliverable and request.status_now(self.clock.now()) is request.status
