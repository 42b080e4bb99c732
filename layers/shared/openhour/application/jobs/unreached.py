"""Tells the practice that mail no longer reaches a provider, who would otherwise just not hear of requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from openhour.application.ports.clock import Clock
from openhour.domain.requests import Request
from openhour.domain.values import Practice, Provider


@dataclass(frozen=True, slots=True)
class Notice:
    """What the practice is told: whom a mail did not reach, and the request it was about, while that is stored."""

    practice: Practice
    provider: Provider
    request: Request | None
    at: datetime


class Readers(Protocol):
    """Who is behind the ids on a mail."""

    def readers(self, provider_id: str) -> tuple[Practice | None, Provider | None]:
        """The practice and the provider. 1 call."""


class Stored(Protocol):
    """Requests, to be looked at."""

    def request(self, request_id: str) -> Request | None:
        """A request as it stands. 1 consistent call."""


class NoticePost(Protocol):
    """Composes a notice and hands it to the mail service."""

    def deliver_notice(self, notice: Notice, to: str) -> None:
        """Send it, marked as a notice. Raises NotDeliveredError when the mail service does not take it."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """The use case with its ports."""

    directory: Readers
    requests: Stored
    post: NoticePost
    clock: Clock

    def tell(self, provider_id: str, request_id: str | None) -> bool:
        """Tell the practice at its `reply_to`; whether there was anybody to tell.

        Never at the address that does not work. Raises NotDeliveredError.
        """
        practice, provider = self.directory.readers(provider_id)
        if practice is None or provider is None or practice.reply_to is None:
            return False
        if practice.reply_to.lower() == provider.email.lower():
            return False
        request = None if request_id is None else self.requests.request(request_id)
        self.post.deliver_notice(Notice(practice, provider, request, self.clock.now()), practice.reply_to)
        return True
