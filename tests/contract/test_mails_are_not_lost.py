"""Whatever dies, every mail that is due is sent in the end, and none twice but in the one window written down."""

from email.errors import InvalidHeaderDefect
from typing import Any

import pytest

from openhour.application.ports.bus import NotPublishedError
from openhour.application.ports.outbox import LeasedError
from openhour.application.ports.post import NotDeliveredError
from openhour.application.provider.answer import Decision
from openhour.domain.requests import Mail, Request
from openhour.domain.transitions import MailKind
from tests.fakes.world import FakePost
from tests.use_cases import Openhour


class Killed(BaseException):
    """The process is gone: nothing after it runs, not even what cleans up after errors."""


class KilledPost(FakePost):
    """Dies before, or right after, the mail service has taken the mail."""

    after: bool = False
    alive: bool = False

    def deliver(self, mail: Mail, *rest: Any) -> None:
        if self.alive:
            return super().deliver(mail, *rest)
        if self.after:
            super().deliver(mail, *rest)
        raise Killed


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


def kinds(openhour: Openhour) -> list[MailKind]:
    return sorted(mail.kind for mail in openhour.post.delivered)


def until_all_is_sent(openhour: Openhour, minutes: int = 60) -> None:
    """Minute after minute: the schedule publishes again, and the queue hands over what was published."""
    for _ in range(minutes):
        openhour.clock.move(minutes=1)
        openhour.publish_unsent()
        for event in openhour.bus.published:
            try:
                openhour.mailing.send_owed(event.request, event.version)
            except (LeasedError, NotDeliveredError):
                continue
        openhour.bus.published.clear()


def send(openhour: Openhour, request: Request) -> int:
    return openhour.mailing.send_owed(request.id, request.version)


ASKED = [MailKind.NEW_REQUEST, MailKind.WAITING]


def test_a_submission_sends_its_two_mails_once(openhour: Openhour) -> None:
    made = openhour.submit()
    assert send(openhour, made) == 2
    assert send(openhour, made) == 0
    until_all_is_sent(openhour)
    assert kinds(openhour) == ASKED


def test_when_the_publisher_never_ran_the_schedule_publishes(openhour: Openhour) -> None:
    openhour.submit()
    until_all_is_sent(openhour, minutes=9)
    assert kinds(openhour) == []
    until_all_is_sent(openhour, minutes=1)
    assert kinds(openhour) == ASKED


def test_a_sender_killed_before_the_mail_service_took_it_sends_it_once(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post = KilledPost()
    with pytest.raises(Killed):
        send(openhour, made)
    openhour.post.alive = True
    with pytest.raises(LeasedError):
        send(openhour, made)  # the dead one's lease still runs
    until_all_is_sent(openhour)
    assert kinds(openhour) == ASKED


def test_a_sender_killed_right_after_the_mail_service_took_it_is_the_one_window_for_twice(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post = KilledPost()
    openhour.post.after = True
    with pytest.raises(Killed):
        send(openhour, made)
    openhour.post.alive = True
    until_all_is_sent(openhour)
    assert len(openhour.post.delivered) == 3
    assert set(kinds(openhour)) == set(ASKED)


def test_a_mail_service_that_fails_for_a_while_gets_everything_once_it_is_back(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post.refusing = 20
    for _ in range(5):
        with pytest.raises(NotDeliveredError):
            send(openhour, made)
    until_all_is_sent(openhour, minutes=120)
    assert kinds(openhour) == ASKED


def test_one_readers_trouble_does_not_keep_the_others_mail(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post.refusing = 1
    with pytest.raises(NotDeliveredError):
        send(openhour, made)
    assert len(openhour.post.delivered) == 1
    assert send(openhour, made) == 1
    assert kinds(openhour) == ASKED


class ClumsyPost(FakePost):
    """Fails at one kind of mail, as a mistake of ours would make it."""

    def deliver(self, mail: Mail, *rest: Any) -> None:
        if mail.kind is MailKind.WAITING:
            raise InvalidHeaderDefect("ana@client.example")
        super().deliver(mail, *rest)


def test_a_mail_that_cannot_be_composed_does_not_silence_the_other_reader(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post = ClumsyPost()
    with pytest.raises(InvalidHeaderDefect):
        send(openhour, made)
    assert kinds(openhour) == [MailKind.NEW_REQUEST]
    openhour.post = FakePost()
    assert send(openhour, made) == 1
    assert kinds(openhour) == [MailKind.WAITING]


def test_what_failed_is_settled_once_its_request_has_moved_on(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.post = ClumsyPost()
    with pytest.raises(InvalidHeaderDefect):
        send(openhour, made)
    openhour.clock.move(hours=49)
    openhour.expire()
    until_all_is_sent(openhour)
    openhour.clock.move(hours=1)
    assert openhour.publish_unsent() == 0


def test_a_mail_that_events_have_overtaken_is_superseded(openhour: Openhour) -> None:
    made = openhour.submit()
    confirmed = openhour.answer(made, Decision.CONFIRM).request
    assert send(openhour, made) == 0
    assert send(openhour, confirmed) == 1
    until_all_is_sent(openhour)
    assert kinds(openhour) == [MailKind.CONFIRMED]


def test_a_waiting_mail_is_not_sent_once_the_deadline_has_passed(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.clock.move(hours=48)
    assert send(openhour, made) == 0
    openhour.expire()
    assert send(openhour, openhour.store.request(made.id)) == 1
    assert kinds(openhour) == [MailKind.EXPIRED]


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda openhour, made: openhour.answer(made, Decision.CONFIRM), MailKind.CONFIRMED),
        (lambda openhour, made: openhour.answer(made, Decision.DECLINE), MailKind.DECLINED),
        (lambda openhour, made: openhour.end(made), MailKind.WITHDRAWN),
    ],
)
def test_each_transition_sends_its_mail(openhour: Openhour, act: Any, expected: MailKind) -> None:
    made = openhour.submit()
    send(openhour, made)
    openhour.post.delivered.clear()
    act(openhour, made)
    assert send(openhour, openhour.store.request(made.id)) == 1
    assert kinds(openhour) == [expected]


def test_a_bus_that_refuses_is_asked_again_at_the_next_run(openhour: Openhour) -> None:
    openhour.submit()
    openhour.clock.move(minutes=10)
    openhour.bus.refusing = 1
    with pytest.raises(NotPublishedError):
        openhour.publish_unsent()
    assert openhour.publish_unsent() == 2
    assert [event.type for event in openhour.bus.published] == ["AppointmentRequestSubmitted"]
    assert openhour.publish_unsent() == 0
    openhour.clock.move(minutes=10)
    assert openhour.publish_unsent() == 2


def test_a_practice_that_is_not_set_up_loses_no_mail(openhour: Openhour) -> None:
    made = openhour.submit()
    real = openhour.store.readers
    openhour.store.readers = lambda _provider: (None, None)
    with pytest.raises(NotDeliveredError):
        send(openhour, made)
    openhour.store.readers = real
    assert send(openhour, made) == 2


def test_an_event_of_a_request_that_is_gone_owes_nothing(openhour: Openhour) -> None:
    assert openhour.mailing.send_owed("x" * 26, 1) == 0
