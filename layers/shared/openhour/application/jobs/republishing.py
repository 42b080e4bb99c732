"""The scheduled job: publish again what stays unsent, and reminders that are due."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import batched, islice

from openhour.application.ports.bus import Bus, NotPublishedError
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import ContentionError
from openhour.application.ports.outbox import REPUBLISHED_AFTER, Outbox
from openhour.domain.requests import Mail

MOST = 1000
"""Mails that one run looks at: about what the notifier gets through in a minute. The next run takes the next ones."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Republishing:
    """The use case with its ports."""

    outbox: Outbox
    bus: Bus
    clock: Clock

    def overdue(self) -> int:
        """How many mails have been due for ten minutes: sending fails. Counts no further than MOST."""
        late = self.clock.now() - REPUBLISHED_AFTER
        return sum(mail.due <= late for mail in islice(self.outbox.unsent(self.clock.now()), MOST))

    def publish(self, may_go_on: Callable[[], bool]) -> int:
        """Publish the events of what is due once more, oldest first, and leave it alone for ten minutes.

        Goes on up to MOST mails or until `may_go_on` says stop; the number of mails. What has been published goes to
        the end, so that mails which never go out hold up no others. Raises NotPublishedError once the rest is done when
        the bus refused some; the next run finds those again.
        """
        refused: list[NotPublishedError] = []
        published = 0
        for page in batched(islice(self.outbox.unsent(self.clock.now()), MOST), _PAGE, strict=False):
            if not may_go_on():
                break
            try:
                self.bus.publish(self.outbox.events(list(dict.fromkeys((mail.request, mail.version) for mail in page))))
            except NotPublishedError as error:
                refused.append(error)
            else:
                self._postpone(page, may_go_on)
                published += len(page)
        if refused:
            raise refused[0]
        return published

    def _postpone(self, page: Sequence[Mail], may_go_on: Callable[[], bool]) -> None:
        """What there is no time for is only published once more by the next run."""
        for mail in page:
            if not may_go_on():
                return
            with suppress(ContentionError):  # somebody settles it right now, or the next run finds it again
                self.outbox.postpone(mail, self.clock.now())
