"""What both stores promise about mails that are owed."""

from datetime import timedelta
from typing import Any

import pytest

from openhour.application.ports.outbox import REPUBLISHED_AFTER, LeasedError
from openhour.domain.agenda import Agenda
from openhour.domain.booking import ledger_change
from openhour.domain.ledger import Days
from openhour.domain.requests import Mail, submitted, take
from openhour.domain.transitions import Action, Actor, MailKind, Reader
from tests.builders import NOW, request

LEASE = timedelta(minutes=5)


@pytest.fixture
def mails(store: Any) -> list[Mail]:
    step = submitted(request())
    store.commit(step, ledger_change(None, step.after, Days(), NOW), Agenda())
    return list(store.owed(request().id, 1)[1])


def test_a_submission_owes_a_mail_to_each_side(store: Any, mails: list[Mail]) -> None:
    assert {(mail.reader, mail.kind) for mail in mails} == {
        (Reader.CLIENT, MailKind.WAITING),
        (Reader.PROVIDER, MailKind.NEW_REQUEST),
    }
    assert store.owed(request().id, 1)[0] == request()


def test_only_the_mails_of_the_version_asked_for_are_owed(store: Any, mails: list[Mail]) -> None:
    step = take(request(), Action.CONFIRM, Actor.PROVIDER, NOW)
    found = store.with_days(request().id, None)
    store.commit(step, ledger_change(request(), step.after, found.days, NOW), found.agenda)
    now_owed = store.owed(request().id, 2)
    assert [mail.kind for mail in now_owed[1]] == [MailKind.CONFIRMED]
    assert now_owed[0] == step.after
    assert [mail.version for mail in store.owed(request().id, 1)[1]] == [1, 1]
    assert store.owed("x" * 26, 1) == (None, [])


def test_a_leased_mail_cannot_be_leased_again_before_five_minutes(store: Any, mails: list[Mail]) -> None:
    store.lease(mails[0], NOW)
    with pytest.raises(LeasedError):
        store.lease(mails[0], NOW + LEASE - timedelta(seconds=1))
    store.lease(mails[0], NOW + LEASE)


def test_a_released_mail_can_be_leased_at_once(store: Any, mails: list[Mail]) -> None:
    store.lease(mails[0], NOW)
    store.release(mails[0], "SES: Throttling")
    store.lease(mails[0], NOW)


@pytest.mark.parametrize("settle", ["sent", "superseded"])
def test_a_settled_mail_is_owed_no_more_and_cannot_come_back(store: Any, mails: list[Mail], settle: str) -> None:
    store.lease(mails[0], NOW)
    getattr(store, settle)(mails[0], NOW)
    store.release(mails[0], "SES: Throttling")
    store.postpone(mails[0], NOW)
    assert list(store.owed(request().id, 1)[1]) == mails[1:]
    assert list(store.unsent(NOW + timedelta(days=1))) == mails[1:]
    with pytest.raises(LeasedError):
        store.lease(mails[0], NOW + timedelta(days=1))


def test_mails_are_unsent_until_settled_even_while_leased(store: Any, mails: list[Mail]) -> None:
    store.lease(mails[0], NOW)
    assert list(store.unsent(NOW + REPUBLISHED_AFTER - timedelta(seconds=1))) == []
    assert sorted(store.unsent(NOW + REPUBLISHED_AFTER), key=lambda mail: mail.reader) == mails


def test_a_postponed_mail_is_left_alone_until_its_wait_is_over(store: Any, mails: list[Mail]) -> None:
    later = NOW + REPUBLISHED_AFTER
    store.postpone(mails[0], later)
    assert list(store.unsent(later)) == mails[1:]
    assert sorted(store.unsent(later + REPUBLISHED_AFTER), key=lambda mail: mail.reader) == mails


def test_the_event_of_a_version_comes_back_as_it_was_written(store: Any, mails: list[Mail]) -> None:
    written = submitted(request()).event
    assert store.events([(request().id, 9), (request().id, 1)]) == [written]


def test_the_readers_of_a_request_are_the_practice_and_its_provider(store: Any) -> None:
    practice, provider = store.readers("maya-okafor")
    assert practice.id == "riverside"
    assert provider.email == "maya@practice.example"
    assert store.readers("nobody")[1] is None
