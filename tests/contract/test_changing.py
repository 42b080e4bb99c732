"""What clients and providers do beside asking and answering, on the table in memory and on the real one."""

from datetime import timedelta
from typing import Any

import pytest

from openhour.application.client.change import MOST_CHANGES
from openhour.application.errors import (
    ChangeWaitsError,
    InvalidInputError,
    KnownClientsOnlyError,
    NotOfferedError,
    SlotTakenError,
    TooManyChangesError,
    TooManyOpenRequestsError,
)
from openhour.application.provider.answer import Decision, Standing
from openhour.application.signed_in import SignedIn
from openhour.domain.errors import NotPossibleError, TooLateError
from openhour.domain.requests import Request
from openhour.domain.transitions import Actor, MailKind, Reader, Status
from tests.builders import LONG_TALK, NOW, START, at, minutes, practice, provider
from tests.use_cases import Openhour


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


def settle(openhour: Openhour, **changes: Any) -> None:
    openhour.store.seed(practice(**changes), provider())


def kinds(openhour: Openhour, request: Request) -> set[tuple[Reader, MailKind]]:
    return {(mail.reader, mail.kind) for mail in openhour.store.owed(request.id, request.version)[1]}


def confirmed(openhour: Openhour, **wish: Any) -> Request:
    made = openhour.submit(**wish)
    return openhour.answer(made, Decision.CONFIRM).request


# Verifying an address


def test_an_unknown_address_is_asked_first_and_the_provider_hears_nothing(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    made = openhour.submit(signed_in=False)
    assert (made.status, made.deadline) == (Status.UNVERIFIED, NOW + timedelta(minutes=30))
    assert kinds(openhour, made) == {(Reader.CLIENT, MailKind.VERIFY_ADDRESS)}
    assert minutes(START)[0] not in openhour.slots(START, START).starts


def test_a_verified_request_goes_on_with_a_hold_of_its_own(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    made = openhour.submit(signed_in=False)
    openhour.clock.move(minutes=20)
    sent = openhour.verify(made).request
    assert (sent.status, sent.deadline) == (Status.PENDING, openhour.clock.now() + timedelta(hours=48))
    assert (Reader.PROVIDER, MailKind.NEW_REQUEST) in kinds(openhour, sent)
    assert openhour.verify(made).request == sent  # the link pressed again


def test_that_an_address_was_proven_once_says_nothing_of_who_types_it_now(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    openhour.verify(openhour.submit(signed_in=False))
    again = openhour.submit(at(10, 10), key="key-00000002", signed_in=False)
    assert (again.status, kinds(openhour, again)) == (
        Status.UNVERIFIED,
        {(Reader.CLIENT, MailKind.VERIFY_ADDRESS)},
    )


def test_after_half_an_hour_the_time_is_free_and_the_link_is_too_late(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    made = openhour.submit(signed_in=False)
    openhour.clock.move(minutes=30)
    assert minutes(START)[0] in openhour.slots(START, START).starts
    with pytest.raises(TooLateError):
        openhour.verify(made)
    openhour.expire()
    with pytest.raises(NotPossibleError):
        openhour.verify(made)
    assert not kinds(openhour, openhour.store.request(made.id))  # nobody asked to hear of it


def test_requests_that_nobody_verified_use_up_nobodys_limit(openhour: Openhour) -> None:
    settle(openhour, verify=True, max_open_requests=1)
    first = openhour.submit(signed_in=False)
    second = openhour.submit(at(10, 10), key="key-00000002", signed_in=False)
    openhour.verify(first)
    with pytest.raises(TooManyOpenRequestsError):
        openhour.verify(second)
    assert openhour.store.request(second.id).status is Status.UNVERIFIED


def test_proving_an_address_signs_in_for_half_an_hour(openhour: Openhour) -> None:
    settle(openhour, verify=True)
    made = openhour.submit(signed_in=False)
    openhour.clock.move(minutes=29)
    assert openhour.prove(made).signed_in == SignedIn(made.client.id, 0)
    assert openhour.prove(made).signed_in == SignedIn(made.client.id, 0)  # the answer was lost on its way
    openhour.clock.move(minutes=1)
    again = openhour.prove(made)
    assert (again.seen.status, again.signed_in) == (Status.PENDING, None)


def test_who_is_known_to_the_practice_shows_only_behind_the_link(openhour: Openhour) -> None:
    settle(openhour, known_clients_only=True)
    made = openhour.submit(signed_in=False)
    assert made.status is Status.UNVERIFIED
    with pytest.raises(KnownClientsOnlyError):
        openhour.verify(made)
    openhour.store.list_client(made.client.id)
    assert openhour.verify(made).status is Status.PENDING


# Changing a request


def test_a_change_moves_the_hold_and_closes_the_old_link(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.clock.move(hours=5)
    changed = openhour.change(made, start=at(9, 11), service=LONG_TALK.id).request
    assert (changed.start, changed.service.id, changed.revision) == (at(9, 11), LONG_TALK.id, 2)
    assert changed.deadline == openhour.clock.now() + timedelta(hours=48)
    assert minutes(START)[0] in openhour.slots(START, START).starts
    assert minutes(at(9, 11))[0] not in openhour.slots(at(9, 0), at(9, 0)).starts
    assert openhour.answer(made, Decision.CONFIRM).standing is Standing.CHANGED
    assert openhour.answer(changed, Decision.CONFIRM).standing is Standing.DONE
    assert kinds(openhour, changed) == {
        (Reader.CLIENT, MailKind.CHANGED),
        (Reader.PROVIDER, MailKind.CHANGED_REQUEST),
    }


def test_a_change_may_overlap_the_time_it_leaves(openhour: Openhour) -> None:
    made = openhour.submit()
    assert openhour.change(made, start=START + timedelta(minutes=15)).status is Status.PENDING


def test_a_note_alone_changes_neither_revision_nor_deadline(openhour: Openhour) -> None:
    made = openhour.submit(note="before")
    openhour.clock.move(hours=5)
    edited = openhour.change(made, note="after", note_given=True).request
    assert (edited.note, edited.revision, edited.deadline, edited.version) == ("after", 1, made.deadline, 2)
    assert openhour.change(made, note="after", note_given=True).request == edited
    assert openhour.answer(made, Decision.CONFIRM).standing is Standing.DONE
    assert not kinds(openhour, edited)


def test_the_same_change_again_changes_nothing(openhour: Openhour) -> None:
    made = openhour.submit()
    first = openhour.change(made, start=at(9, 11))
    assert openhour.change(made, start=at(9, 11)) == first


def test_five_changes_are_enough(openhour: Openhour) -> None:
    made = openhour.submit()
    for hour in range(10, 10 + MOST_CHANGES):
        openhour.change(made, start=at(9, hour))
    with pytest.raises(TooManyChangesError):
        openhour.change(made, start=at(10, 9))
    assert openhour.change(made, note="still possible", note_given=True).status is Status.PENDING


def test_a_change_to_a_taken_time_is_refused_with_what_is_free(openhour: Openhour) -> None:
    openhour.submit(email="bo@client.example")
    made = openhour.submit(at(8, 11))
    with pytest.raises(SlotTakenError) as refused:
        openhour.change(made, start=START)
    assert at(8, 11) in refused.value.alternatives  # its own time does not stand in its way
    with pytest.raises(InvalidInputError):
        openhour.change(made, start=at(8, 6))
    assert openhour.store.request(made.id) == made


# Other times


def test_offered_times_are_held_and_the_one_asked_for_is_free(openhour: Openhour) -> None:
    made = openhour.submit()
    offered = openhour.offer(made, at(9, 10), at(10, 11))
    assert (offered.standing, offered.request.offered) == (Standing.DONE, (at(9, 10), at(10, 11)))
    assert openhour.offer(made, at(10, 11), at(9, 10)) == offered
    free = openhour.slots(at(8, 0), at(10, 0)).starts
    assert minutes(START)[0] in free
    assert not set(minutes(at(9, 10), at(10, 11))) & set(free)
    assert kinds(openhour, offered.request) == {(Reader.CLIENT, MailKind.OFFERED)}


def test_choosing_confirms_that_time_and_frees_the_others(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.offer(made, at(9, 10), at(10, 11))
    chosen = openhour.change(made, chosen=at(10, 11)).request
    assert (chosen.status, chosen.start, chosen.offered) == (Status.CONFIRMED, at(10, 11), ())
    assert openhour.change(made, chosen=at(10, 11)).request == chosen
    free = openhour.slots(at(8, 0), at(10, 0)).starts
    assert minutes(at(9, 10))[0] in free
    assert minutes(at(10, 11))[0] not in free
    assert openhour.answer(made, Decision.DECLINE).standing is Standing.CHANGED


def test_only_what_was_offered_can_be_chosen_and_only_in_time(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.offer(made, at(9, 10))
    with pytest.raises(NotOfferedError):
        openhour.change(made, chosen=at(9, 11))
    openhour.clock.move(hours=48)
    with pytest.raises(TooLateError):
        openhour.change(made, chosen=at(9, 10))


def test_an_offer_can_be_taken_back_and_lapses_by_itself(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.offer(made, at(9, 10))
    assert openhour.answer(made, Decision.DECLINE, "Away after all.").status is Status.DECLINED
    other = openhour.submit(key="key-00000002")
    openhour.offer(other, at(9, 10))
    openhour.clock.move(hours=48)
    assert minutes(at(9, 10))[0] in openhour.slots(at(9, 0), at(9, 0)).starts
    openhour.expire()
    assert kinds(openhour, openhour.store.request(other.id)) == {
        (Reader.CLIENT, MailKind.OFFER_EXPIRED),
        (Reader.PROVIDER, MailKind.OFFER_LAPSED),
    }


def test_a_taken_time_cannot_be_offered_and_the_free_ones_are_shown(openhour: Openhour) -> None:
    openhour.submit(at(9, 10), email="bo@client.example")
    made = openhour.submit()
    refused = openhour.offer(made, at(9, 10))
    assert refused.standing is Standing.TAKEN
    assert at(9, 11) in refused.choices
    assert at(9, 10) not in refused.choices
    assert openhour.store.request(made.id) == made
    with pytest.raises(InvalidInputError):
        openhour.offer(made, *(at(9, hour) for hour in (11, 12, 13, 14)))


def test_looking_for_times_changes_nothing_and_leaves_out_the_one_asked_for(openhour: Openhour) -> None:
    made = openhour.submit()
    looked = openhour.look_for_times(made)
    assert at(8, 10) in looked.choices
    assert START not in looked.choices
    assert openhour.store.request(made.id) == made


# Moving an appointment


def test_an_appointment_stands_until_its_move_is_confirmed(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=START + timedelta(minutes=30)).request
    assert (new.status, new.replaces, new.uid) == (Status.PENDING, old.id, old.uid)
    assert new.version > old.version
    assert openhour.see(old).status is Status.CONFIRMED
    openhour.answer(new, Decision.CONFIRM)
    assert openhour.see(old).status is Status.REPLACED
    assert openhour.see(new).status is Status.CONFIRMED
    assert minutes(START - timedelta(minutes=0))[0] not in openhour.slots(START, START).starts  # 30 minutes overlap
    assert not kinds(openhour, openhour.store.request(old.id))


def test_an_appointment_stands_when_its_move_is_declined(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.answer(new, Decision.DECLINE)
    assert openhour.see(old).status is Status.CONFIRMED
    again = openhour.change(old, start=at(9, 11)).request  # and can be asked for again
    assert again.id != new.id


def test_only_one_move_of_an_appointment_can_wait(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11))
    assert openhour.change(old, start=at(9, 11)) == new
    with pytest.raises(ChangeWaitsError) as refused:
        openhour.change(old, start=at(9, 14))
    assert refused.value.replacement == new.request.id
    openhour.clock.move(hours=48)
    assert openhour.change(old, start=at(9, 14)).request.start == at(9, 14)


def test_a_move_must_be_answered_before_the_appointment_begins(openhour: Openhour) -> None:
    old = confirmed(openhour)
    openhour.clock.present = START - timedelta(hours=3)
    new = openhour.change(old, start=at(12, 11)).request
    assert new.deadline == START


def test_an_appointment_and_its_move_count_once_for_a_daily_limit(openhour: Openhour) -> None:
    openhour.store.seed(practice(), provider(max_per_day=1))
    old = confirmed(openhour)
    new = openhour.change(old, start=at(8, 14)).request
    assert new.status is Status.PENDING
    assert openhour.answer(new, Decision.CONFIRM).status is Status.CONFIRMED


def test_cancelling_an_appointment_withdraws_the_request_to_move_it(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.end(old)
    assert openhour.see(new).status is Status.WITHDRAWN
    assert openhour.answer(new, Decision.CONFIRM).standing is Standing.OVER
    assert openhour.see(old).status is Status.CANCELLED
    assert set(minutes(old.start, new.start)) <= set(openhour.slots(at(8, 0), at(9, 0)).starts)
    assert kinds(openhour, openhour.see(new).request) == {(Reader.PROVIDER, MailKind.WITHDRAWN)}


def test_a_provider_who_cancels_an_appointment_declines_the_request_to_move_it(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.answer(old, Decision.CANCEL, "I am ill.")
    assert openhour.see(new).status is Status.DECLINED
    assert openhour.see(new).request.reason == "I am ill."
    assert kinds(openhour, openhour.see(new).request) == {(Reader.CLIENT, MailKind.DECLINED)}


def test_offered_times_of_a_move_are_free_again_once_the_appointment_is_cancelled(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.offer(new, at(10, 11), at(11, 11))
    openhour.end(old)
    assert openhour.see(new).status is Status.WITHDRAWN
    assert set(minutes(at(10, 11), at(11, 11))) <= set(openhour.slots(at(10, 0), at(11, 0)).starts)


def test_cancelling_leaves_a_move_alone_that_has_lapsed(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.clock.move(hours=49)
    openhour.end(old)
    assert openhour.see(new).status is Status.EXPIRED
    openhour.expire()
    assert openhour.see(new).status is Status.EXPIRED


def test_a_move_can_itself_be_answered_with_other_times(openhour: Openhour) -> None:
    old = confirmed(openhour)
    new = openhour.change(old, start=at(9, 11)).request
    openhour.offer(new, at(10, 11))
    openhour.change(new, chosen=at(10, 11))
    assert openhour.see(old).status is Status.REPLACED
    assert minutes(START)[0] in openhour.slots(START, START).starts


# Cancelling


@pytest.mark.parametrize(("before", "late"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=-1), True)])
def test_a_late_cancellation_is_marked(openhour: Openhour, before: timedelta, late: bool) -> None:
    made = confirmed(openhour)
    openhour.clock.present = START - before
    ended = openhour.end(made).request
    assert (ended.status, ended.late, ended.cancelled_by) == (Status.CANCELLED, late, Actor.CLIENT)
    assert openhour.end(made).request == ended


def test_nothing_can_be_cancelled_once_it_has_begun(openhour: Openhour) -> None:
    made = confirmed(openhour)
    openhour.clock.present = START
    with pytest.raises(TooLateError):
        openhour.end(made)
    assert openhour.answer(made, Decision.CANCEL).standing is Standing.OVER


def test_a_provider_cancels_with_a_reason(openhour: Openhour) -> None:
    made = confirmed(openhour)
    done = openhour.answer(made, Decision.CANCEL, "I am ill.")
    assert (done.standing, done.request.reason, done.request.cancelled_by) == (
        Standing.DONE,
        "I am ill.",
        Actor.PROVIDER,
    )
    assert openhour.answer(made, Decision.CANCEL, "I am ill.") == done
    assert not done.request.late
    assert kinds(openhour, done.request) == {(Reader.CLIENT, MailKind.CANCELLED)}
    assert minutes(START)[0] in openhour.slots(START, START).starts


# Reminders


def test_a_provider_is_reminded_at_half_of_the_hold_and_two_hours_before_its_end(openhour: Openhour) -> None:
    settle(openhour, provider_reminders=True)
    made = openhour.submit()  # Monday 08:00, until Wednesday 08:00
    sent_at = []
    for _ in range(48 * 6):
        openhour.publish_and_send(sent_at)
        openhour.clock.move(minutes=10)
    reminders = [when for when, mail in sent_at if mail.kind is MailKind.ANSWER_REMINDER]
    assert reminders == [at(2, 8), at(2, 20)]  # two hours before 08:00 is night: the evening before
    assert made.id == sent_at[0][1].request


def test_a_reminder_that_events_have_overtaken_is_not_sent(openhour: Openhour) -> None:
    settle(openhour, provider_reminders=True)
    openhour.answer(openhour.submit(), Decision.CONFIRM)
    sent: list[Any] = []
    openhour.clock.move(hours=47)
    openhour.publish_and_send(sent)
    assert MailKind.ANSWER_REMINDER not in {mail.kind for _, mail in sent}
    assert not list(openhour.store.unsent(openhour.clock.now() + timedelta(days=9)))


def test_a_client_is_reminded_of_the_session_unless_they_complained(openhour: Openhour) -> None:
    settle(openhour, client_reminder=24 * 60)
    confirmed(openhour)
    other = confirmed(openhour, start=at(8, 11), email="bo@client.example")
    openhour.store.complain(other.client.id, NOW)
    openhour.clock.present = at(7, 11)
    sent: list[Any] = []
    openhour.publish_and_send(sent)
    reminded = [mail.request for _, mail in sent if mail.kind is MailKind.SESSION_REMINDER]
    assert reminded == [openhour.submit().id]
