"""The transition table, and taking a step by it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhour.domain.errors import NotPossibleError, TooEarlyError, TooLateError
from openhour.domain.requests import row, submitted, take
from openhour.domain.transitions import OPEN, TABLE, Action, Actor, Guard, MailKind, Reader, Status
from tests.builders import NOW, request

# The life of a request as it was agreed: (action, who, from, to).
AGREED = {
    ("submit", "client", None, "unverified"),
    ("submit", "client", None, "pending"),
    ("verify", "client", "unverified", "pending"),
    ("expire", "system", "unverified", "expired"),
    ("confirm", "provider", "pending", "confirmed"),
    ("decline", "provider", "pending", "declined"),
    ("expire", "system", "pending", "expired"),
    ("withdraw", "client", "pending", "withdrawn"),
    ("offer", "provider", "pending", "offered"),
    ("change", "client", "pending", "pending"),
    ("edit_note", "client", "pending", "pending"),
    ("choose", "client", "offered", "confirmed"),
    ("decline", "provider", "offered", "declined"),
    ("expire", "system", "offered", "expired"),
    ("withdraw", "client", "offered", "withdrawn"),
    ("cancel", "provider", "confirmed", "cancelled"),
    ("cancel", "client", "confirmed", "cancelled"),
    ("replace", "system", "confirmed", "replaced"),
    ("note_undeliverable", "system", "pending", "pending"),
    ("note_undeliverable", "system", "offered", "offered"),
    ("note_undeliverable", "system", "confirmed", "confirmed"),
}


def test_the_table_holds_the_life_that_was_agreed_and_nothing_else() -> None:
    assert {(each.action, each.actor, each.source, each.target) for each in TABLE} == AGREED


def test_no_two_rows_lead_from_one_place_by_one_action_but_the_two_ways_to_submit() -> None:
    counted = Counter((each.action, each.actor, each.source) for each in TABLE)
    assert {key: count for key, count in counted.items() if count > 1} == {(Action.SUBMIT, Actor.CLIENT, None): 2}


def test_nothing_leads_out_of_an_end() -> None:
    ends = {Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN, Status.CANCELLED, Status.REPLACED}
    assert not ends & {each.source for each in TABLE}
    assert ends | OPEN | {Status.CONFIRMED} == set(Status)


def test_only_what_changes_what_is_asked_for_revises() -> None:
    assert {each.action for each in TABLE if each.revises} == {Action.CHANGE, Action.CHOOSE}


def test_every_step_out_of_an_open_status_is_bound_to_the_deadline() -> None:
    for each in TABLE:
        if each.source in OPEN and each.action is not Action.NOTE_UNDELIVERABLE:
            expected = Guard.FROM_DEADLINE if each.action is Action.EXPIRE else Guard.BEFORE_DEADLINE
            assert each.guard is expected


def test_a_new_request_goes_to_the_provider_only_once_its_address_is_verified() -> None:
    unverified, pending = (each for each in TABLE if each.action is Action.SUBMIT)
    assert unverified.mails == ((Reader.CLIENT, MailKind.VERIFY_ADDRESS),)
    assert (Reader.PROVIDER, MailKind.NEW_REQUEST) in pending.mails


def test_a_step_raises_the_version_and_keeps_everything_else() -> None:
    step = take(request(), Action.CONFIRM, Actor.PROVIDER, NOW + timedelta(hours=1))
    expected = replace(request(), status=Status.CONFIRMED, status_at=NOW + timedelta(hours=1), version=2, deadline=None)
    assert step.after == expected
    assert (step.event.type, step.event.version, step.event.at) == (
        "AppointmentRequestConfirmed",
        2,
        NOW + timedelta(hours=1),
    )


def test_a_change_raises_the_revision_too() -> None:
    assert take(request(), Action.CHANGE, Actor.CLIENT, NOW).after.revision == 2
    assert take(request(), Action.EDIT_NOTE, Actor.CLIENT, NOW).after.revision == 1


def test_the_deadline_itself_is_too_late_and_just_in_time_to_expire() -> None:
    deadline = request().deadline or NOW
    before = deadline - timedelta(seconds=1)
    take(request(), Action.CONFIRM, Actor.PROVIDER, before)
    with pytest.raises(TooLateError):
        take(request(), Action.CONFIRM, Actor.PROVIDER, deadline)
    take(request(), Action.EXPIRE, Actor.SYSTEM, deadline)
    with pytest.raises(TooEarlyError):
        take(request(), Action.EXPIRE, Actor.SYSTEM, before)


def test_an_appointment_can_be_cancelled_until_it_starts() -> None:
    confirmed = request(status=Status.CONFIRMED, deadline=None)
    take(confirmed, Action.CANCEL, Actor.CLIENT, confirmed.start - timedelta(seconds=1))
    for actor in (Actor.CLIENT, Actor.PROVIDER):
        with pytest.raises(TooLateError):
            take(confirmed, Action.CANCEL, actor, confirmed.start)


def test_a_request_is_submitted_into_the_status_it_was_built_with() -> None:
    assert submitted(request()).event.type == "AppointmentRequestSubmitted"
    assert submitted(request(status=Status.UNVERIFIED)).event.type == "AppointmentRequestReceived"
    with pytest.raises(NotPossibleError):
        submitted(request(status=Status.CONFIRMED))


@given(action=st.sampled_from(Action), actor=st.sampled_from(Actor), status=st.sampled_from(Status))
def test_what_the_table_does_not_hold_is_not_possible(action: Action, actor: Actor, status: Status) -> None:
    if any((each.action, each.actor, each.source) == (action, actor, status) for each in TABLE):
        assert row(action, actor, status).source is status
    else:
        with pytest.raises(NotPossibleError) as refused:
            take(request(status=status), action, actor, NOW)
        assert (refused.value.action, refused.value.status) == (action, status)


@pytest.mark.parametrize("status", list(Status))
def test_only_open_requests_expire_by_themselves(status: Status) -> None:
    late = request().deadline or NOW
    assert request(status=status).status_now(late) is (Status.EXPIRED if status.is_open else status)


def test_an_event_holds_nothing_personal() -> None:
    text = repr(submitted(request()).event)
    for personal in ("Ana", "ana@", "351", "rather", "therapy", "Maya"):
        assert personal not in text
