"""What both stores promise about requests and their ledgers."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from openhour.application.ports.contention import ContentionError
from openhour.application.ports.requests import Near
from openhour.domain.agenda import Agenda, held_of
from openhour.domain.booking import ledger_change
from openhour.domain.ledger import Days
from openhour.domain.requests import Request, submitted, take
from openhour.domain.transitions import Action, Actor, Status
from tests.builders import NOW, START, at, practice, provider, request

DAY = START.date()


def submit(store: Any, wanted: Request, days: Days | None = None, seen: Agenda | None = None) -> None:
    loaded = store.submission(wanted.id, wanted.client.id, wanted.provider.id, wanted.start.date())
    change = ledger_change(None, wanted, days or loaded.days, NOW)
    store.commit(submitted(wanted), change, loaded.agenda if seen is None else seen)


def test_a_snapshot_comes_back_as_it_was_put(store: Any) -> None:
    assert replace(store.provider("maya-okafor"), version="") == provider()
    assert store.provider("nobody") is None


def test_all_providers_come_with_the_practice(store: Any) -> None:
    store.seed(practice(), provider(id="ben"), provider(id="zoe"))
    found, everyone = store.providers()
    assert found is not None
    assert found.name == practice().name
    assert [each.id for each in everyone] == ["ben", "maya-okafor", "zoe"]


def test_a_request_comes_back_as_it_was_written(store: Any) -> None:
    full = request(
        note="Zeile 1\nZeile 2 · 张", reason="because", offered=(at(9, 10), at(9, 11)), replaces="q" * 26, changes=2
    )
    submit(store, full)
    assert store.request(full.id) == full


def test_a_request_without_its_optional_parts_comes_back_as_it_was_written(store: Any) -> None:
    bare = request(note=None, client=replace(request().client, phone=None))
    submit(store, bare)
    assert store.request(bare.id) == bare
    assert store.request("x" * 26) is None


def test_a_submission_sees_everything_that_the_one_before_it_wrote(store: Any) -> None:
    first = request()
    submit(store, first)
    seen = store.submission(first.id, first.client.id, first.provider.id, DAY)
    assert seen.request == first
    assert seen.agenda == Agenda(1, {first.id: held_of(first)}, made_on=NOW.date(), made=1)
    [entry] = seen.days.ledger(DAY).entries.values()
    assert (entry.request, entry.deadline) == (first.id, int((first.deadline or NOW).timestamp()))
    assert seen.days.ledger(DAY).version == 1
    assert seen.practice is not None
    assert seen.provider is not None


def test_a_submission_can_leave_out_who_asks(store: Any) -> None:
    submit(store, request())
    seen = store.submission(None, None, "maya-okafor", DAY)
    assert (seen.request, seen.agenda) == (None, Agenda())
    assert seen.days.ledger(DAY).entries


def test_the_same_request_cannot_be_written_twice(store: Any) -> None:
    submit(store, request())
    with pytest.raises(ContentionError):
        submit(store, request(start=at(10, 10)))
    assert store.request(request().id).start == START


def test_a_day_that_changed_since_it_was_read_is_not_overwritten(store: Any) -> None:
    stale = store.days("maya-okafor", DAY, DAY)
    submit(store, request())
    with pytest.raises(ContentionError):
        submit(store, request(id="s" * 26), stale)
    assert store.request("s" * 26) is None
    assert len(store.days("maya-okafor", DAY, DAY).ledger(DAY).entries) == 1


def test_a_neighbouring_day_that_changed_since_it_was_read_stops_a_write(store: Any) -> None:
    late = request(id="s" * 26, start=at(8, 23, 30))
    stale = store.days("maya-okafor", DAY - timedelta(days=1), DAY + timedelta(days=1))
    submit(store, request(id="t" * 26, start=at(9, 0, 10)))
    with pytest.raises(ContentionError):
        submit(store, late, stale)
    assert store.request(late.id) is None


def test_a_clients_agenda_that_changed_since_it_was_read_stops_a_write(store: Any) -> None:
    submit(store, request())
    with pytest.raises(ContentionError):
        submit(store, request(id="s" * 26, start=at(10, 10)), seen=Agenda())
    assert store.request("s" * 26) is None


def test_a_step_from_a_version_that_is_not_the_newest_is_not_written(store: Any) -> None:
    submit(store, request())
    confirmed = take(request(), Action.CONFIRM, Actor.PROVIDER, NOW)
    declined = take(request(), Action.DECLINE, Actor.PROVIDER, NOW)
    found = store.with_days(request().id, None)
    store.commit(confirmed, ledger_change(request(), confirmed.after, found.days, NOW), found.agenda)
    found = store.with_days(request().id, None)
    with pytest.raises(ContentionError):
        store.commit(declined, ledger_change(request(), declined.after, found.days, NOW), found.agenda)
    assert store.request(request().id).status is Status.CONFIRMED


@pytest.mark.parametrize(
    "near", [None, Near("maya-okafor", DAY), Near("maya-okafor", date(2027, 5, 1)), Near("somebody-else", DAY)]
)
def test_a_request_comes_with_its_days_whatever_the_link_says(store: Any, near: Near | None) -> None:
    submit(store, request())
    store.block("maya-okafor", at(8, 15), at(8, 16))
    found = store.with_days(request().id, near)
    days = found.days
    assert found.request == request()
    assert [entry.request for entry in days.ledger(DAY).entries.values()] == [request().id]
    assert days.external == ((int(at(8, 15).timestamp()) // 60, int(at(8, 16).timestamp()) // 60),)
    assert store.with_days("x" * 26, near) is None


def test_withdrawing_frees_the_ledger_and_the_clients_time(store: Any) -> None:
    submit(store, request())
    found = store.with_days(request().id, None)
    step = take(request(), Action.WITHDRAW, Actor.CLIENT, NOW)
    store.commit(step, ledger_change(request(), step.after, found.days, NOW), found.agenda)
    seen = store.submission(None, request().client.id, "maya-okafor", DAY)
    assert not seen.days.ledger(DAY).entries
    assert seen.agenda.held == {}
    assert list(store.overdue(NOW + timedelta(days=30))) == []


def test_lapsed_open_requests_are_forgotten_at_the_next_submission(store: Any) -> None:
    submit(store, request())
    later = NOW + timedelta(days=3)
    second = request(id="s" * 26, start=at(10, 10), submitted_at=later, status_at=later, deadline=at(6, 8))
    submit(store, second)
    seen = store.submission(None, second.client.id, "maya-okafor", DAY)
    assert seen.agenda.held == {second.id: held_of(second)}


def test_overdue_requests_come_oldest_first_and_only_once_due(store: Any) -> None:
    submit(store, request())
    submit(store, request(id="s" * 26, start=at(10, 10), deadline=NOW + timedelta(hours=1)))
    submit(store, request(id="t" * 26, start=at(11, 10), deadline=NOW + timedelta(hours=60)))
    assert list(store.overdue(NOW)) == []
    assert list(store.overdue(NOW + timedelta(hours=1))) == ["s" * 26]
    assert list(store.overdue(NOW + timedelta(hours=48))) == ["s" * 26, request().id]


def test_days_hold_ledgers_and_external_busy_times_of_the_dates_asked_for(store: Any) -> None:
    submit(store, request())
    submit(store, request(id="s" * 26, start=at(11, 10)))
    store.block("maya-okafor", at(9, 12), at(9, 13))
    days = store.days("maya-okafor", DAY, DAY + timedelta(days=1))
    assert set(days.ledgers) == {DAY}
    assert len(days.external) == 1
    assert set(store.days_of_all(["maya-okafor", "nobody"], DAY, DAY)) == {"maya-okafor", "nobody"}


def test_moving_a_request_leaves_nothing_at_its_old_time(store: Any) -> None:
    submit(store, request())
    moved = take(request(), Action.CHANGE, Actor.CLIENT, NOW)
    moved = replace(moved, after=replace(moved.after, start=at(11, 10)))
    both = store.days("maya-okafor", DAY - timedelta(days=1), at(12, 0).date())
    agenda = store.with_days(request().id, None).agenda
    store.commit(moved, ledger_change(request(), moved.after, both, NOW), agenda)
    days = store.days("maya-okafor", DAY, at(11, 0).date())
    assert not days.ledger(DAY).entries
    assert list(days.ledger(at(11, 0).date()).entries) == [request().id]
