"""What a client may have instead of their own time: looked up as the change itself would be judged."""

from datetime import timedelta
from typing import Any

import pytest

from openhour.application.client.manage import ManageLink
from openhour.application.errors import InvalidInputError, UnknownProviderError, UnknownRequestError
from openhour.application.provider.answer import Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Request
from openhour.domain.values import SelfSchedule
from tests.builders import LONG_TALK, START, minutes, practice, provider
from tests.use_cases import Openhour, manage_link


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


def confirmed(openhour: Openhour) -> Request:
    return openhour.answer(openhour.submit(), Decision.CONFIRM).request


def test_the_requests_own_time_does_not_stand_in_its_way(openhour: Openhour) -> None:
    everybody = openhour.slots(START, START).starts
    made = openhour.submit()
    own = openhour.slots_instead(manage_link(made), START, START)
    assert minutes(*own) == list(everybody)
    assert minutes(START)[0] not in openhour.slots(START, START).starts


def test_each_start_within_the_own_session_is_one_that_the_change_takes(openhour: Openhour) -> None:
    made = openhour.submit()
    within = [
        start
        for start in openhour.slots_instead(manage_link(made), START, START)
        if START < start < START + timedelta(minutes=made.service.duration)
    ]
    assert within
    for start in within:
        made = openhour.change(made, start=start).request
        assert made.start == start


def test_an_appointment_moves_by_less_than_its_length_too(openhour: Openhour) -> None:
    stands = confirmed(openhour)
    own = openhour.slots_instead(manage_link(stands), START, START)
    near = min(start for start in own if start > START)
    assert near - START < timedelta(minutes=stands.service.duration)
    move = openhour.change(stands, start=near).request
    assert move.replaces == stands.id
    assert START in openhour.slots_instead(manage_link(move), START, START)


def test_what_others_hold_stays_taken(openhour: Openhour) -> None:
    taken = openhour.submit(email="ben@client.example", key="key-00000002")
    later = START + timedelta(hours=2)
    made = openhour.submit(later)
    own = openhour.slots_instead(manage_link(made), START, START)
    assert later in own
    assert taken.start not in own


def test_another_service_is_looked_up_for_its_own_length(openhour: Openhour) -> None:
    made = openhour.submit()
    longer = openhour.slots_instead(manage_link(made), START, START, service=LONG_TALK.id)
    assert set(longer) < set(openhour.slots_instead(manage_link(made), START, START))
    with pytest.raises(InvalidInputError):
        openhour.slots_instead(manage_link(made), START, START, service="massage")


def test_nobody_elses_token_tells_whose_time_it_is(openhour: Openhour) -> None:
    made = openhour.submit()
    other = openhour.submit(START + timedelta(hours=3), email="ben@client.example", key="key-00000002")
    stranger = ManageLink(made.id, None, SignedIn(other.client.id, 0))
    with pytest.raises(UnknownRequestError):
        openhour.slots_instead(stranger, START, START)


def test_of_a_provider_who_takes_no_requests_nothing_is_looked_up(openhour: Openhour) -> None:
    made = openhour.submit()
    openhour.store.seed(practice(), provider(self_schedule=SelfSchedule.OFF))
    with pytest.raises(UnknownProviderError):
        openhour.slots_instead(manage_link(made), START, START)
