"""The use cases, on the table in memory and on the real one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from openhour.application.errors import (
    InvalidInputError,
    KeyReusedError,
    SlotTakenError,
    TooManyOpenRequestsError,
    UnknownProviderError,
    UnknownRequestError,
)
from openhour.application.provider.answer import Decision, Standing
from openhour.domain.errors import NotPossibleError, TooLateError
from openhour.domain.slots import Wanted
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, SelfSchedule
from tests.builders import LONDON, LONG_TALK, NOW, START, TALK, at, minutes, practice, provider
from tests.use_cases import Openhour, answer_link


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


def test_a_submitted_request_waits_until_its_hold_runs_out(openhour: Openhour) -> None:
    made = openhour.submit(note="please")
    assert (made.status, made.version, made.revision, made.note) == (Status.PENDING, 1, 1, "please")
    assert made.deadline == NOW + timedelta(hours=48)
    assert openhour.store.request(made.id) == made


def test_a_deadline_lies_an_answer_lead_before_the_start_at_the_latest(openhour: Openhour) -> None:
    openhour.clock.present = at(7, 9)  # exactly the day's notice
    assert openhour.submit().deadline == START - timedelta(minutes=60)


def test_a_hold_in_working_days_skips_the_weekend(openhour: Openhour) -> None:
    openhour.hold = "2wd"
    openhour.clock.present = at(5, 15)  # a Friday
    assert openhour.submit(start=at(12, 10)).deadline == at(9, 15)


def test_the_held_time_is_not_free_for_others(openhour: Openhour) -> None:
    openhour.submit()
    starts = openhour.slots(START, START).starts
    assert starts[0] == minutes(at(8, 10))[0]  # 09:00 to 09:50, and ten minutes of buffer


def test_submitting_again_under_the_same_key_gives_the_same_request(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.clock.move(days=20)  # long past its start: still the same answer
    assert openhour.submit() == made
    assert openhour.submit(email="ANA@client.example").id == made.id


def test_a_key_cannot_be_reused_for_another_body(openhour: Openhour) -> None:
    openhour.submit(body="0")
    with pytest.raises(KeyReusedError):
        openhour.submit(body="1")


def test_the_same_key_of_another_person_is_another_request(openhour: Openhour) -> None:
    made = openhour.submit()
    assert openhour.submit(at(9, 9), email="ben@client.example").id != made.id


def test_a_taken_time_is_refused_with_the_nearest_free_ones(openhour: Openhour) -> None:
    openhour.submit(at(8, 12))
    with pytest.raises(SlotTakenError) as refused:
        openhour.submit(at(8, 12, 15), email="bo@client.example", key="key-00000002")
    expected = (at(8, 10, 45), at(8, 11), at(8, 13), at(8, 13, 15), at(8, 13, 30))
    assert refused.value.alternatives == expected


def test_external_busy_time_is_taken(openhour: Openhour) -> None:
    openhour.store.block("maya-okafor", at(8, 9), at(8, 10))
    with pytest.raises(SlotTakenError):
        openhour.submit()


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (at(8, 9, 7), "off-grid"),
        (START.replace(second=1), "off-grid"),
        (at(8, 8), "outside-hours"),
        (at(8, 16, 15), "outside-hours"),  # would end after hours
        (at(6, 10), "outside-hours"),  # a Saturday
        (at(1, 10), "too-soon"),  # past the notice
        (at(1, 7), "too-soon"),  # past
        (at(3, 10, month=5), "beyond-horizon"),
    ],
)
def test_a_start_that_cannot_be_booked_is_refused_with_the_reason(openhour: Openhour, start: Any, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        openhour.submit(start)
    assert (set(refused.value.errors), refused.value.reason) == ({"start"}, reason)
    assert list(openhour.store.overdue(NOW + timedelta(days=99))) == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("massage", LONDON.id, Forum.IN_PERSON), "service"),
        (Wanted(TALK.id, "atlantis", Forum.IN_PERSON), "location"),
    ],
)
def test_what_is_not_offered_is_refused_by_field(openhour: Openhour, wanted: Wanted, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        openhour.submit(wanted=wanted)
    assert set(refused.value.errors) == {field}


def test_a_provider_who_is_off_or_not_there_cannot_be_booked(openhour: Openhour) -> None:
    openhour.store.seed(practice(), provider(id="priya", self_schedule=SelfSchedule.OFF))
    for unknown in ("priya", "nobody"):
        with pytest.raises(UnknownProviderError):
            openhour.submit(provider=unknown)


def test_a_provider_on_link_can_be_booked_by_name(openhour: Openhour) -> None:
    openhour.store.seed(practice(), provider(id="jonas", self_schedule=SelfSchedule.LINK))
    assert openhour.submit(provider="jonas").provider.id == "jonas"


def test_a_client_may_have_only_so_many_open_requests(openhour: Openhour) -> None:
    for number, day in enumerate((8, 9, 10)):
        openhour.submit(at(day, 9), key=f"key-0000000{number}")
    with pytest.raises(TooManyOpenRequestsError) as refused:
        openhour.submit(at(11, 9), key="key-00000009")
    assert refused.value.limit == 3
    openhour.clock.move(hours=48)  # they have expired by now
    assert openhour.submit(at(11, 9), key="key-00000009").status is Status.PENDING


def test_a_full_day_of_a_service_is_taken_and_another_service_is_not(openhour: Openhour) -> None:
    once = replace(TALK, max_per_day=1)
    openhour.store.seed(practice(), provider(services={TALK.id: once, LONG_TALK.id: LONG_TALK}))
    openhour.submit(at(8, 9))
    with pytest.raises(SlotTakenError) as refused:
        openhour.submit(at(8, 15), key="key-00000002")
    assert all(start.date() != START.date() for start in refused.value.alternatives)
    openhour.submit(at(8, 15), key="key-00000003", wanted=Wanted(LONG_TALK.id, LONDON.id, Forum.IN_PERSON))


def test_validating_writes_nothing_and_says_what_a_submission_would_be(openhour: Openhour) -> None:
    looked = openhour.validate(email="ana@client.example")
    assert (looked.status, looked.end, looked.deadline) == (
        Status.PENDING,
        START + timedelta(minutes=50),
        NOW + timedelta(hours=48),
    )
    assert list(openhour.store.overdue(NOW + timedelta(days=99))) == []
    openhour.submit()
    with pytest.raises(SlotTakenError):
        openhour.validate()


# The provider's answer


def test_confirming_keeps_the_time_for_good(openhour: Openhour) -> None:
    made = openhour.submit()
    answered = openhour.answer(made, Decision.CONFIRM)
    assert (answered.standing, answered.status) == (Standing.DONE, Status.CONFIRMED)
    openhour.clock.move(hours=72)
    assert openhour.see(made).status is Status.CONFIRMED
    assert minutes(START)[0] not in openhour.slots(START, START).starts
    openhour.clock.present = NOW
    assert openhour.submit(at(9, 9), key="key-00000002").status is Status.PENDING  # it no longer counts as open


def test_declining_frees_the_time_and_keeps_the_reason(openhour: Openhour) -> None:
    made = openhour.submit()
    answered = openhour.answer(made, Decision.DECLINE, "On leave that day.")
    assert (answered.standing, answered.request.reason) == (Standing.DONE, "On leave that day.")
    assert minutes(START)[0] in openhour.slots(START, START).starts


@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.DECLINE])
def test_the_same_answer_again_changes_nothing(openhour: Openhour, decision: Decision) -> None:
    made = openhour.submit()
    first = openhour.answer(made, decision)
    openhour.clock.move(hours=80)
    assert openhour.answer(made, decision) == first
    assert openhour.store.request(made.id).version == 2


@pytest.mark.parametrize(
    ("first", "then"), [(Decision.CONFIRM, Decision.DECLINE), (Decision.DECLINE, Decision.CONFIRM)]
)
def test_a_contrary_answer_changes_nothing(openhour: Openhour, first: Decision, then: Decision) -> None:
    made = openhour.submit()
    done = openhour.answer(made, first)
    again = openhour.answer(made, then)
    assert (again.standing, again.status) == (Standing.OVER, done.status)
    assert openhour.store.request(made.id) == done.request


def test_looking_at_the_link_changes_nothing(openhour: Openhour) -> None:
    made = openhour.submit()
    for _ in range(3):
        assert openhour.look(made).standing is Standing.OPEN
    assert openhour.store.request(made.id) == made


def test_a_link_from_before_a_change_opens_nothing(openhour: Openhour) -> None:
    made = openhour.submit()
    stale = replace(made, revision=0)
    assert openhour.look(stale).standing is Standing.CHANGED
    assert openhour.answer(stale, Decision.CONFIRM).standing is Standing.CHANGED
    assert openhour.store.request(made.id) == made


def test_at_the_deadline_the_slot_is_free_and_the_link_says_expired_with_no_job_running(openhour: Openhour) -> None:
    made = openhour.submit()
    assert made.deadline is not None
    openhour.clock.present = made.deadline - timedelta(seconds=1)
    assert minutes(START)[0] not in openhour.slots(START, START).starts
    assert openhour.look(made).standing is Standing.OPEN
    openhour.clock.present = made.deadline
    assert minutes(START)[0] in openhour.slots(START, START).starts
    for answered in (openhour.look(made), openhour.answer(made, Decision.CONFIRM)):
        assert (answered.standing, answered.status) == (Standing.OVER, Status.EXPIRED)
    assert openhour.see(made).status is Status.EXPIRED
    with pytest.raises(TooLateError):
        openhour.end(made)
    other = openhour.submit(email="ben@client.example")
    assert openhour.answer(other, Decision.CONFIRM).standing is Standing.DONE
    assert openhour.answer(made, Decision.CONFIRM).status is Status.EXPIRED


def test_confirming_checks_conflicts_but_not_opening_hours(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.store.seed(practice(), provider(blocks=()))
    assert openhour.answer(made, Decision.CONFIRM).standing is Standing.DONE
    other = openhour.submit
    with pytest.raises(InvalidInputError):
        other(at(9, 9), key="key-00000002")


def test_confirming_what_another_calendar_has_taken_meanwhile_changes_nothing(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.store.block("maya-okafor", at(8, 9, 30), at(8, 10))
    assert openhour.answer(made, Decision.CONFIRM).standing is Standing.CONFLICT
    assert openhour.store.request(made.id) == made
    assert openhour.answer(made, Decision.DECLINE).standing is Standing.DONE


def test_an_answer_to_a_request_that_is_gone_says_so(openhour: Openhour) -> None:
    made = replace(openhour.submit(), id="x" * 26)
    with pytest.raises(UnknownRequestError):
        openhour.answer(made, Decision.CONFIRM)
    with pytest.raises(UnknownRequestError):
        openhour.look(made)


# The client's own link


def test_withdrawing_frees_the_time_and_again_changes_nothing(openhour: Openhour) -> None:
    made = openhour.submit()
    assert openhour.end(made).status is Status.WITHDRAWN
    assert openhour.end(made).status is Status.WITHDRAWN
    assert openhour.store.request(made.id).version == 2
    assert minutes(START)[0] in openhour.slots(START, START).starts
    assert openhour.look(made).status is Status.WITHDRAWN


def test_a_declined_request_cannot_be_withdrawn(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.answer(made, Decision.DECLINE)
    with pytest.raises(NotPossibleError):
        openhour.end(made)


def test_a_manage_link_ends_thirty_days_after_the_session(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.clock.present = made.end + timedelta(days=30) - timedelta(seconds=1)
    openhour.see(made)
    openhour.clock.move(seconds=1)
    with pytest.raises(UnknownRequestError):
        openhour.see(made)


# Expiry


def test_the_job_writes_down_what_has_expired_and_nothing_else(openhour: Openhour) -> None:
    first, second = openhour.submit(), openhour.submit(at(9, 9), key="key-00000002")
    openhour.answer(second, Decision.CONFIRM)
    openhour.clock.move(hours=48)
    third = openhour.submit(at(11, 9), key="key-00000003")
    assert openhour.expire().done == 1
    assert openhour.expire().done == 0
    statuses = [openhour.store.request(each.id).status for each in (first, second, third)]
    assert statuses == [Status.EXPIRED, Status.CONFIRMED, Status.PENDING]
    assert not openhour.store.days("maya-okafor", START.date(), START.date()).ledger(START.date()).entries


# Slots


def test_lapsed_dates_and_far_dates_are_simply_empty(openhour: Openhour) -> None:
    assert openhour.slots(at(1, 0, month=1), at(2, 0, month=1)).starts == ()
    assert openhour.slots(at(1, 0, month=11), at(2, 0, month=11)).starts == ()


def test_at_most_62_dates_of_one_and_14_of_any(openhour: Openhour) -> None:
    openhour.slots(at(1, 0), at(1, 0) + timedelta(days=61))
    openhour.any_slots(at(1, 0), at(14, 0))
    with pytest.raises(InvalidInputError):
        openhour.slots(at(1, 0), at(1, 0) + timedelta(days=62))
    with pytest.raises(InvalidInputError):
        openhour.any_slots(at(1, 0), at(15, 0))


def test_any_provider_means_the_public_ones_and_says_whose_slot_it_is(openhour: Openhour) -> None:
    zoe = provider(id="zoe", blocks=(replace(provider().blocks[0], start=16 * 60, end=18 * 60),))
    link = provider(id="jonas", self_schedule=SelfSchedule.LINK)
    openhour.store.seed(practice(), zoe, link)
    openhour.submit(at(8, 15, 30))
    found = openhour.any_slots(START, START)
    assert found.by_provider is not None
    assert set(found.by_provider) == {"maya-okafor", "zoe"}
    assert sorted({*found.by_provider["maya-okafor"], *found.by_provider["zoe"]}) == list(found.starts)
    assert max(found.by_provider["maya-okafor"]) == minutes(at(8, 14, 30))[0]
    assert found.by_provider["zoe"][0] == minutes(at(8, 16))[0]


def test_nobody_offering_is_told_by_field(openhour: Openhour) -> None:
    with pytest.raises(InvalidInputError) as refused:
        openhour.any_slots(START, START, Wanted("massage", LONDON.id, Forum.IN_PERSON))
    assert set(refused.value.errors) == {"service"}


def test_more_than_fifty_providers_are_too_many_for_one_lookup(openhour: Openhour) -> None:
    openhour.store.seed(practice(), *(provider(id=f"p{number}") for number in range(50)))
    with pytest.raises(InvalidInputError):
        openhour.any_slots(START, START)


def test_an_answer_link_of_another_day_still_finds_the_request(openhour: Openhour) -> None:
    made = openhour.submit()
    link = answer_link(made)
    assert link.near.day == START.date()
    moved = replace(made, start=at(20, 9))
    assert openhour.answer(moved, Decision.CONFIRM).standing is Standing.DONE
