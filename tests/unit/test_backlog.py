"""Tens of thousands of mails unsent: the scheduled job stays within its time, and nobody is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

import pytest

from openhour.application.jobs.expire import expire_overdue
from openhour.application.jobs.mailing import Mailing
from openhour.application.jobs.republishing import MOST, Republishing
from openhour.application.ports.contention import ContentionError
from openhour.application.ports.outbox import LeasedError
from openhour.application.ports.post import NotDeliveredError
from openhour.domain.requests import Event, Mail, Request, submitted
from tests.builders import NOW, practice, provider, request
from tests.fakes.store import InMemoryStore, OwedMail
from tests.fakes.world import FakeBus, FakeClock, FakePost, no_pause

SECONDS_A_CALL = 0.01
"""Twice what a call from a function to DynamoDB or EventBridge takes in the same region."""
SECONDS_OF_A_RUN = 20
"""What the job leaves to publishing when the table has so much of everything that all its parts use theirs up."""


@dataclass
class TimedStore(InMemoryStore):
    """The store, which adds up how long its calls would have taken."""

    spent: float = 0
    by_version: dict[tuple[str, int], list[OwedMail]] = field(default_factory=lambda: defaultdict(list))

    def fill(self, number: int) -> None:
        """As many requests, whose two mails have been due since now."""
        for one in range(number):
            self._write(
                submitted(request(id=f"{one:026}", deadline=NOW + timedelta(days=4), start=NOW + timedelta(days=9)))
            )
        for (request_id, version, *_), owed in self.mails.items():
            self.by_version[request_id, version].append(owed)

    def unsent(self, now: datetime) -> Iterator[Mail]:
        for mails in batched(super().unsent(now), 100, strict=False):
            self.spent += 2 * SECONDS_A_CALL
            yield from mails

    def events(self, versions: Sequence[tuple[str, int]]) -> Sequence[Event]:
        assert len(versions) <= 100
        self.spent += SECONDS_A_CALL
        return super().events(versions)

    def postpone(self, mail: Mail, now: datetime) -> None:
        self.spent += SECONDS_A_CALL
        super().postpone(mail, now)

    def owed(self, request_id: str, version: int) -> tuple[Request | None, Sequence[Mail]]:
        found = [owed.mail for owed in self.by_version[request_id, version] if owed.unsent]
        return self.stored.get(request_id), found

    def left(self) -> int:
        return sum(owed.unsent for owed in self.mails.values())


@dataclass
class TimedBus(FakeBus):
    """The bus, which does the same."""

    spent: float = 0

    def publish(self, events: Iterable[Event]) -> None:
        batch = list(events)
        self.spent += -(-len(batch) // 10) * SECONDS_A_CALL
        super().publish(batch)


@dataclass
class Minutes:
    """The scheduled job once a minute, and the notifier behind it."""

    store: TimedStore
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW + timedelta(minutes=10)))
    bus: TimedBus = field(default_factory=TimedBus)
    post: FakePost = field(default_factory=FakePost)
    longest: float = 0

    def minute(self) -> None:
        job = Republishing(self.store, self.bus, self.clock)
        self.store.spent = self.bus.spent = 0
        job.overdue()
        start = self._spent()
        job.publish(lambda: self._spent() - start < SECONDS_OF_A_RUN)
        self.longest = max(self.longest, self._spent())
        notifier = Mailing(self.store, self.post, self.clock, no_pause)
        for event in self.bus.published:
            try:
                notifier.send_owed(event.request, event.version)
            except (NotDeliveredError, LeasedError):
                continue
        self.bus.published.clear()
        self.clock.move(minutes=1)

    def _spent(self) -> float:
        return self.store.spent + self.bus.spent


@pytest.fixture
def store() -> TimedStore:
    found = TimedStore()
    found.seed(practice(), provider())
    return found


def test_twenty_thousand_mails_of_a_weekend_without_ses_go_out_within_half_an_hour_of_its_return(
    store: TimedStore,
) -> None:
    store.fill(10_000)
    weekend = Minutes(store)
    weekend.post.refusing = 10**9
    for _ in range(30):
        weekend.minute()
    assert (store.left(), weekend.post.delivered) == (20_000, [])
    weekend.clock.move(hours=60)
    weekend.minute()
    weekend.post.refusing = 0
    for _ in range(30):
        weekend.minute()
    assert store.left() == 0
    assert len(weekend.post.delivered) == len(set(weekend.post.delivered)) == 20_000
    assert weekend.longest < SECONDS_OF_A_RUN + 5


def test_a_run_looks_at_no_more_mails_than_the_notifier_gets_through(store: TimedStore) -> None:
    store.fill(3 * MOST)
    job = Republishing(store, TimedBus(), FakeClock(NOW + timedelta(minutes=10)))
    assert job.overdue() == MOST
    assert job.publish(lambda: True) == MOST


def test_a_run_whose_time_is_up_leaves_the_rest_to_the_next_one(store: TimedStore) -> None:
    store.fill(500)
    bus, clock = TimedBus(), FakeClock(NOW + timedelta(minutes=10))
    job = Republishing(store, bus, clock)
    assert job.publish(lambda: store.spent < 3 * SECONDS_A_CALL * 100) == 300
    assert job.publish(lambda: True) > 600
    assert {event.request for event in bus.published} == set(store.stored)


class PoisonedPost(FakePost):
    """Mails of the first requests can never be sent."""

    def deliver(self, mail: Mail, *others: Any) -> None:
        if int(mail.request) < MOST:
            raise NotDeliveredError("no mail can carry this address")
        super().deliver(mail, *others)


def test_mails_that_always_fail_hold_up_no_others(store: TimedStore) -> None:
    store.fill(MOST + 10)
    poisoned = Minutes(store, post=PoisonedPost())
    for _ in range(3):
        poisoned.minute()
    assert len(poisoned.post.delivered) == 20
    assert store.left() == 2 * MOST


def test_a_mail_that_is_being_settled_while_it_is_postponed_stops_nothing(store: TimedStore) -> None:
    store.fill(2)
    real, calls = store.postpone, iter([ContentionError()])

    def contended(mail: Mail, now: datetime) -> None:
        if error := next(calls, None):
            raise error
        real(mail, now)

    store.postpone = contended  # type: ignore[method-assign]
    job = Republishing(store, TimedBus(), FakeClock(NOW + timedelta(minutes=10)))
    assert job.publish(lambda: True) == 4
    assert job.publish(lambda: True) == 1


def test_a_request_that_cannot_be_expired_holds_up_no_others_and_is_told(store: TimedStore) -> None:
    for one in range(3):
        store._write(submitted(request(id=f"{one:026}")))
    real = store.with_days
    store.with_days = lambda request_id, near: {}["status"] if int(request_id) == 0 else real(request_id, near)  # type: ignore[method-assign]
    clock = FakeClock(NOW + timedelta(days=9))
    with pytest.raises(KeyError):
        expire_overdue(store, clock, no_pause, lambda: True)
    assert [found.status.is_open for _, found in sorted(store.stored.items())] == [True, False, False]
