"""When reminders are due, and which step owes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhour.domain.reminders import DAY_BEGINS, DAY_ENDS, before_deadline, before_session, by_day
from openhour.domain.requests import Mail, Request, Step, Terms, cancel, submitted, take
from openhour.domain.transitions import Action, Actor, MailKind, Reader, Status
from tests.builders import NOW, START, at, request

LONDON, NEW_YORK, AUCKLAND = "Europe/London", "America/New_York", "Pacific/Auckland"
ZONES = [LONDON, NEW_YORK, AUCKLAND, "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
INSTANTS = st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
REMINDED = Terms(session_reminder=24 * 60, answer_reminders=True)


def local(year: int, month: int, day: int, hour: int, minute: int = 0, zone: str = LONDON) -> datetime:
    """An instant by the clocks of a zone, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# Before a deadline


def test_somebody_who_must_answer_is_reminded_at_half_of_the_time_and_two_hours_before_its_end() -> None:
    assert before_deadline(at(1, 8), at(3, 16), LONDON) == (at(2, 12), at(3, 14))


def test_half_of_the_time_that_falls_into_the_night_comes_the_evening_before() -> None:
    assert before_deadline(at(1, 14), at(2, 16), LONDON) == (at(1, 20), at(2, 14))


def test_two_hours_before_a_deadline_in_the_early_morning_is_the_evening_before() -> None:
    assert before_deadline(at(1, 8), at(3, 8), LONDON) == (at(2, 8), at(2, 20))


def test_both_moved_to_the_same_evening_are_one() -> None:
    assert before_deadline(at(1, 15), at(2, 9), LONDON) == (at(1, 20),)


def test_the_night_is_that_of_the_reader() -> None:
    now, deadline = at(1, 14), at(2, 14)
    assert before_deadline(now, deadline, LONDON) == (at(1, 20), at(2, 12))
    # 02:00 in London is 21:00 of the evening before in New York, and 15:00 in Auckland.
    assert (
        before_deadline(now, deadline, NEW_YORK)
        == (
            local(2027, 3, 1, 20, zone=NEW_YORK),
            local(2027, 3, 1, 20, zone=NEW_YORK),
        )[:1]
    )
    assert before_deadline(now, deadline, AUCKLAND) == (at(2, 2), local(2027, 3, 2, 20, zone=AUCKLAND))


def test_what_would_be_due_already_is_left_out() -> None:
    evening = local(2027, 3, 1, 20, 30)
    assert before_deadline(evening, local(2027, 3, 2, 9), LONDON) == ()
    assert before_deadline(at(1, 9), at(1, 10), LONDON) == (at(1, 9, 30),)


def test_a_reminder_is_not_due_at_the_very_moment_of_asking() -> None:
    assert before_deadline(at(1, 20), at(2, 8), LONDON) == ()


def test_a_deadline_that_is_past_has_no_reminders() -> None:
    assert before_deadline(at(2, 12), at(1, 12), LONDON) == ()


@given(INSTANTS, st.integers(1, 30 * 24 * 60), st.sampled_from(ZONES))
def test_reminders_of_a_deadline_are_in_time_in_order_by_day_and_at_most_two(
    now: datetime, minutes: int, zone: str
) -> None:
    deadline = now + timedelta(minutes=minutes)
    dues = before_deadline(now, deadline, zone)
    assert len(dues) <= 2
    assert list(dues) == sorted(set(dues))
    for due in dues:
        assert now < due < deadline
        assert due.tzinfo is UTC
        assert DAY_BEGINS <= due.astimezone(ZoneInfo(zone)).time() <= DAY_ENDS


@given(INSTANTS, st.integers(5, 30), st.sampled_from(ZONES))
def test_a_hold_of_days_always_has_a_reminder(now: datetime, days: int, zone: str) -> None:
    assert before_deadline(now, now + timedelta(days=days), zone) != ()


# Before a session


def test_a_client_is_reminded_as_long_before_the_start_as_the_practice_says() -> None:
    assert before_session(NOW, START, 24 * 60, LONDON) == (START - timedelta(days=1),)
    assert before_session(NOW, START, 60, LONDON) == (START - timedelta(hours=1),)


def test_a_reminder_that_is_past_when_it_is_confirmed_does_not_go_out() -> None:
    assert before_session(START - timedelta(hours=23), START, 24 * 60, LONDON) == ()
    assert before_session(START - timedelta(hours=24), START, 24 * 60, LONDON) == ()


def test_an_early_session_is_reminded_of_the_evening_before_and_a_late_one_the_same_evening() -> None:
    assert before_session(NOW, local(2027, 3, 8, 7), 24 * 60, LONDON) == (local(2027, 3, 6, 20),)
    assert before_session(NOW, local(2027, 3, 8, 21), 24 * 60, LONDON) == (local(2027, 3, 7, 20),)


def test_the_time_before_is_elapsed_time_over_a_change_of_clocks() -> None:
    start = local(2027, 3, 28, 10)  # clocks went forward that night
    assert before_session(NOW, start, 24 * 60, LONDON) == (local(2027, 3, 27, 9),)


# By day


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        ((2027, 3, 8, 8), (2027, 3, 8, 8)),
        ((2027, 3, 8, 20), (2027, 3, 8, 20)),
        ((2027, 3, 8, 20, 1), (2027, 3, 8, 20)),
        ((2027, 3, 8, 23, 59), (2027, 3, 8, 20)),
        ((2027, 3, 9, 0), (2027, 3, 8, 20)),
        ((2027, 3, 9, 7, 59), (2027, 3, 8, 20)),
        ((2027, 3, 1, 0, 1), (2027, 2, 28, 20)),
        ((2027, 3, 28, 7), (2027, 3, 27, 20)),  # clocks went forward in between
        ((2027, 10, 31, 7), (2027, 10, 30, 20)),  # clocks went back in between
        ((2028, 1, 1, 3), (2027, 12, 31, 20)),
    ],
)
def test_what_falls_into_the_night_comes_at_the_end_of_the_day_before_it(
    due: tuple[int, ...], moved: tuple[int, ...]
) -> None:
    assert by_day(local(*due), LONDON) == local(*moved)


def test_both_passes_of_an_hour_that_occurs_twice_are_night() -> None:
    evening = local(2027, 10, 30, 20)
    assert {by_day(at(31, hour, 30, month=10), LONDON) for hour in (0, 1)} == {evening}


@given(INSTANTS, st.sampled_from(ZONES))
def test_moving_never_makes_it_later_nor_more_than_a_night_earlier(due: datetime, zone: str) -> None:
    moved = by_day(due, zone)
    assert moved <= due
    assert due - moved <= timedelta(hours=13)  # twelve by the clock, one more when clocks go back
    assert by_day(moved, zone) == moved


# What steps owe


def asked(**changes: Any) -> Request:
    return request(terms=REMINDED, **changes)


def reminders(step: Step) -> list[Mail]:
    return [mail for mail in step.mails if mail.kind.is_reminder]


def test_a_request_owes_its_provider_reminders_in_the_providers_zone() -> None:
    far = asked(deadline=at(3, 16))
    far = replace(far, provider=replace(far.provider, time_zone=NEW_YORK))
    step = submitted(far)
    assert [(mail.reader, mail.kind, mail.number, mail.due) for mail in reminders(step)] == [
        (Reader.PROVIDER, MailKind.ANSWER_REMINDER, number, due)
        for number, due in enumerate(before_deadline(NOW, at(3, 16), NEW_YORK), start=1)
    ]
    assert len(reminders(step)) == 2


def test_what_is_told_at_once_is_due_at_once_and_has_no_number() -> None:
    at_once = [mail for mail in submitted(asked()).mails if not mail.kind.is_reminder]
    assert {(mail.kind, mail.number, mail.due) for mail in at_once} == {
        (MailKind.WAITING, 0, NOW),
        (MailKind.NEW_REQUEST, 0, NOW),
    }


def test_every_mail_of_a_step_has_a_name_of_its_own() -> None:
    mails = submitted(asked(deadline=at(3, 16))).mails
    assert len({(mail.version, mail.reader, mail.number) for mail in mails}) == len(mails) == 4


def test_a_request_that_is_not_verified_owes_no_reminder_until_it_is() -> None:
    unverified = asked(status=Status.UNVERIFIED, deadline=NOW + timedelta(minutes=30))
    assert reminders(submitted(unverified)) == []
    verified = take(unverified, Action.VERIFY, Actor.CLIENT, NOW, deadline=at(3, 16))
    assert [mail.due for mail in reminders(verified)] == [at(2, 12), at(3, 14)]


def test_a_confirmed_appointment_owes_its_client_one_reminder_in_the_clients_zone() -> None:
    away = asked(start=local(2027, 3, 8, 10))  # two o'clock in the night in Vancouver
    away = replace(away, client=replace(away.client, time_zone="America/Vancouver"))
    (mail,) = reminders(take(away, Action.CONFIRM, Actor.PROVIDER, NOW))
    assert (mail.reader, mail.kind, mail.number) == (Reader.CLIENT, MailKind.SESSION_REMINDER, 1)
    assert mail.due == local(2027, 3, 6, 20, zone="America/Vancouver")


def test_a_chosen_time_owes_the_reminder_of_that_time() -> None:
    offered = asked(status=Status.OFFERED, offered=(at(10, 9), at(11, 9)))
    step = take(offered, Action.CHOOSE, Actor.CLIENT, NOW, start=at(11, 9))
    assert [mail.due for mail in reminders(step)] == [at(10, 9)]


def test_a_changed_request_owes_reminders_of_its_new_deadline() -> None:
    step = take(asked(), Action.CHANGE, Actor.CLIENT, at(1, 12), deadline=at(3, 20))
    assert [mail.due for mail in reminders(step)] == [at(2, 16), at(3, 18)]
    assert {mail.revision for mail in reminders(step)} == {2}


@pytest.mark.parametrize("action", [Action.EDIT_NOTE, Action.NOTE_UNDELIVERABLE])
def test_what_changes_neither_status_nor_revision_owes_no_second_reminders(action: Action) -> None:
    actor = Actor.CLIENT if action is Action.EDIT_NOTE else Actor.SYSTEM
    before = submitted(asked())
    after = take(before.after, action, actor, NOW)
    assert reminders(after) == []
    assert not any(mail.overtaken_by(after.after, NOW) for mail in reminders(before))


@pytest.mark.parametrize(
    ("action", "actor"),
    [
        (Action.CONFIRM, Actor.PROVIDER),
        (Action.DECLINE, Actor.PROVIDER),
        (Action.OFFER, Actor.PROVIDER),
        (Action.WITHDRAW, Actor.CLIENT),
        (Action.CHANGE, Actor.CLIENT),
    ],
)
def test_an_answer_is_not_reminded_of_once_something_has_happened(action: Action, actor: Actor) -> None:
    owed = reminders(submitted(asked()))
    after = take(asked(), action, actor, NOW + timedelta(hours=1)).after
    assert owed
    assert all(mail.overtaken_by(after, after.status_at) for mail in owed)


def test_nobody_is_reminded_to_answer_what_has_expired_with_the_job_stopped() -> None:
    pending = asked()
    assert all(mail.overtaken_by(pending, NOW + timedelta(hours=48)) for mail in reminders(submitted(pending)))


def test_a_cancelled_appointment_is_not_reminded_of() -> None:
    confirmed = take(asked(), Action.CONFIRM, Actor.PROVIDER, NOW)
    cancelled = cancel(confirmed.after, Actor.CLIENT, at(2, 8))
    assert reminders(confirmed)
    assert reminders(cancelled) == []
    assert all(mail.overtaken_by(cancelled.after, at(7, 9)) for mail in reminders(confirmed))


def test_a_practice_that_does_not_remind_owes_no_reminders() -> None:
    silent = request(terms=Terms(session_reminder=None, answer_reminders=False))
    assert reminders(submitted(silent)) == []
    assert reminders(take(silent, Action.CONFIRM, Actor.PROVIDER, NOW)) == []
