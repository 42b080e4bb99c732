"""Taking people out of what is stored: once the practice's time is over, or because they wish it.

Requests are made anonymous rather than deleted, so that counts and history stay; what else there is of a person goes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Protocol

from openhour.application.attempts import persistently
from openhour.application.errors import NotYetToldError, SignedOutError, StillToComeError, TryAgainLaterError
from openhour.application.jobs.expire import expire
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.outbox import Outbox
from openhour.application.ports.people import Appointment
from openhour.application.ports.requests import Requests
from openhour.application.signed_in import SignedIn
from openhour.domain.agenda import Agenda
from openhour.domain.clients import ClientProfile
from openhour.domain.requests import Request, anonymised
from openhour.domain.transitions import Reader, Status
from openhour.domain.values import Practice

REQUESTS_AT_ONCE = 40
_TOLD_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is stored of one person, read consistently: the rows of their list, their agenda, their profile.

    `agenda` names what stands, and perhaps what has ended since it was last written. `links` is how many wishes for a
    sign-in link are stored, where that was looked at.
    """

    client: str
    rows: Sequence[Appointment] = ()
    agenda: Agenda = field(default_factory=Agenda)
    profile: ClientProfile = field(default_factory=ClientProfile)
    links: int = 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """One write: `requests` as they are to be, anonymous, without their rows in the person's list.

    `forgets` says that profile, sign-in links and agenda go with them. `by_wish` is whether the person wishes
    it: then the practice's own mark of a known client goes too, and sign-ins end even where there is no profile.
    """

    belongings: Belongings
    requests: Sequence[Request]
    at: datetime
    forgets: bool = False
    by_wish: bool = False


class Archive(Protocol):
    """What is stored of people, for taking them out of it."""

    def practice(self) -> Practice | None:
        """The practice. 1 call."""

    def over(self, before: datetime) -> Iterator[str]:
        """Ids of requests that were over at or before an instant and are not anonymous, oldest first. 1 call a page."""

    def requests(self, request_ids: Sequence[str]) -> Sequence[Request]:
        """Those that there are, as they stand. 1 consistent call a hundred."""

    def belongings(self, client_id: str, most: int | None = None) -> Belongings:
        """What is stored of a person; of the rows no more than `most`, the latest. 1 consistent call a megabyte."""

    def links(self, client_id: str) -> int:
        """How many wishes of a person for a sign-in link are stored. 1 consistent call."""

    def erase(self, erasure: Erasure) -> None:
        """Write it, all or nothing. 1 call, 1 more for the sign-in links, 1 for each hundred of those.

        Nothing else may have been done to these requests, and nothing else been asked for by the person, since both
        were read: raises ContentionError then, or on throttling.
        """


@dataclass(frozen=True, slots=True)
class Anonymised:
    """How many requests were made anonymous, and how many stay for the next run."""

    done: int
    left: int


@dataclass(frozen=True, slots=True)
class Erasing:
    """The use cases with their ports."""

    archive: Archive
    requests: Requests
    outbox: Outbox
    clock: Clock
    pause: Pause

    def look(self, client_id: str) -> Belongings:
        """What `forget` would take out; changes nothing. Raises as it does."""
        found = persistently(lambda: self._free(client_id), self.pause)
        return replace(found, links=self.archive.links(client_id))

    def forget(self, client_id: str) -> None:
        """Make all requests of a person anonymous and forget the rest; again, it changes nothing more.

        Whoever was signed in is not any more. Raises StillToComeError while something waits for an answer or is to
        come, NotYetToldError while a mail to a provider about what was taken back is on its way, and
        TryAgainLaterError; a person with very many requests may have been forgotten in part then.
        """
        persistently(lambda: self._forget(self._free(client_id)), self.pause)

    def forget_me(self, who: SignedIn) -> None:
        """The same for whoever is signed in. Raises SignedOutError when they have signed out since."""
        persistently(lambda: self._forget(self._free(who.client, who.epoch)), self.pause)

    def anonymise_old(self, may_go_on: Callable[[], bool]) -> Anonymised:
        """Make anonymous what was over longer ago than the practice keeps it, oldest first.

        Goes on until none is left or `may_go_on` says stop. A request that stays contended is left for the next run;
        what another failure raised goes up once the rest is done.
        With the last request of a person all else goes that is stored of them, but for the practice's own list.
        """
        practice = self.archive.practice()
        if practice is None or practice.keep_days is None:
            return Anonymised(0, 0)
        done = left = 0
        failures: list[Exception] = []
        before = self.clock.now() - timedelta(days=practice.keep_days)
        for request_id in self.archive.over(before):
            if not may_go_on():
                left += 1
                break
            try:
                done += self._anonymise(request_id, before)
            except TryAgainLaterError:
                left += 1
            except Exception as error:  # noqa: BLE001 - it goes up below
                failures.append(error)
        if failures:
            raise failures[0]
        return Anonymised(done, left)

    def _anonymise(self, request_id: str, before: datetime) -> bool:
        def attempt() -> bool:
            for request in self.archive.requests([request_id]):
                # The index may be behind: the request itself decides.
                if request.anonymised_at is None and request.over_at is not None and request.over_at <= before:
                    self._erase_one(request)
                    return True
            return False

        return persistently(attempt, self.pause)

    def _erase_one(self, request: Request) -> None:
        now = self.clock.now()
        belongings = self.archive.belongings(request.client.id, most=2)
        others = [row for row in belongings.rows if row.id != request.id]
        self.archive.erase(Erasure(belongings, [anonymised(request, now)], now, forgets=not others))

    def _free(self, client_id: str, epoch: int | None = None) -> Belongings:
        """What is stored of a person, of which nothing stands any more."""
        belongings, now = self.archive.belongings(client_id), self.clock.now()
        if epoch is not None and belongings.profile.epoch != epoch:
            raise SignedOutError
        if standing := [row.id for row in belongings.rows if _stands(row, now)]:
            raise StillToComeError(standing)
        return belongings

    def _forget(self, free: Belongings) -> None:
        belongings = self._closed(free)
        requests = self.archive.requests([row.id for row in belongings.rows])
        self._check_told(requests)
        now = self.clock.now()
        parts = list(batched((anonymised(each, now) for each in requests), REQUESTS_AT_ONCE, strict=False)) or [()]
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            self.archive.erase(Erasure(belongings, part, now, forgets=last, by_wish=True))
            belongings = replace(belongings, agenda=belongings.agenda.without([each.id for each in part]))

    def _closed(self, free: Belongings) -> Belongings:
        """The same once no request is open: what has had its deadline is written down as expired first."""
        lapsed = [row.id for row in free.rows if row.status.is_open]
        for request_id in lapsed:
            expire(request_id, self.requests, self.clock)
        return self.archive.belongings(free.client) if lapsed else free

    def _check_told(self, requests: Sequence[Request]) -> None:
        """Raise NotYetToldError while a provider would never hear of what the client has just taken back.

        A mail that could not be sent for a day holds nobody up.
        """
        fresh = [each for each in requests if self.clock.now() - each.status_at < _TOLD_WITHIN]
        for request in fresh:
            _, mails = self.outbox.owed(request.id, request.version)
            if any(mail.reader is Reader.PROVIDER and not mail.kind.is_reminder for mail in mails):
                raise NotYetToldError


def _stands(row: Appointment, now: datetime) -> bool:
    """Whether somebody still counts on it: it waits for an answer, or its session has not ended."""
    status = row.status_now(now)
    return status.is_open or (status is Status.CONFIRMED and now < row.end)
