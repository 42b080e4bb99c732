"""What a step writes to the day ledgers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openhour.domain.booking import entries_of, ledger_change
from openhour.domain.ledger import DayLedger, Days
from openhour.domain.requests import take
from openhour.domain.transitions import Action, Actor, Status
from tests.builders import NOW, START, TALK, at, request

DAY = START.date()
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def days_with(*held: object) -> Days:
    ledgers = {}
    for number, each in enumerate(held, start=1):
        [entry] = entries_of(each)  # type: ignore[arg-type]
        ledgers[each.start.date()] = DayLedger(each.start.date(), number, {entry.id: entry})  # type: ignore[attr-defined]
    return Days(ledgers)


def checked(start: object) -> list[date]:
    change = ledger_change(None, request(start=start), Days(), NOW)
    return [ledger.day for ledger in change.checks]


@pytest.mark.parametrize(
    ("start", "neighbours"),
    [
        (at(8, 9), [BEFORE]),  # what began yesterday may last 12 hours and need 4 more
        (at(8, 15, 59), [BEFORE]),
        (at(8, 16), []),
        (at(8, 19, 10), []),  # ends 20:00, and nothing of tomorrow needs more than 4 hours
        (at(8, 19, 11), [AFTER]),
        (at(8, 23), [AFTER]),
        (at(8, 0), [BEFORE]),
    ],
)
def test_a_neighbouring_date_is_checked_where_a_time_could_touch_it(start: object, neighbours: list[date]) -> None:
    assert checked(start) == neighbours


def test_a_local_date_that_lies_on_two_utc_dates_is_checked_whole() -> None:
    there = replace(request().provider, time_zone="Pacific/Auckland")
    change = ledger_change(None, request(start=at(8, 16), provider=there), Days(), NOW)  # 9 March, 05:00 in Auckland
    assert [ledger.day for ledger in change.checks] == [AFTER]


def test_a_written_ledger_loses_what_has_lapsed_and_keeps_what_has_not() -> None:
    lapsed = request(id="old", deadline=NOW)
    change = ledger_change(None, request(), days_with(lapsed), NOW)
    assert list(change.writes[0].entries) == [request().id]
    assert change.writes[0].version == 2
    live = request(id="other", start=at(8, 12))
    change = ledger_change(None, request(), days_with(live), NOW)
    assert set(change.writes[0].entries) == {"other", request().id}


def test_a_confirmed_entry_has_no_deadline() -> None:
    step = take(request(), Action.CONFIRM, Actor.PROVIDER, NOW)
    change = ledger_change(request(), step.after, days_with(request()), NOW)
    [entry] = change.writes[0].entries.values()
    assert entry.deadline is None


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.EXPIRE])
def test_a_request_that_ends_leaves_its_ledger_and_checks_no_other(action: Action) -> None:
    actor = Actor.CLIENT if action is Action.WITHDRAW else Actor.SYSTEM
    now = NOW if action is Action.WITHDRAW else NOW + timedelta(hours=48)
    step = take(request(), action, actor, now)
    change = ledger_change(request(), step.after, days_with(request()), now)
    assert [(ledger.day, dict(ledger.entries)) for ledger in change.writes] == [(DAY, {})]
    assert change.checks == ()


def test_a_move_to_another_date_writes_both() -> None:
    moved = request(start=at(11, 10), version=2, revision=2)
    change = ledger_change(request(), moved, days_with(request()), NOW)
    assert [(ledger.day, list(ledger.entries)) for ledger in change.writes] == [
        (DAY, []),
        (at(11, 0).date(), [moved.id]),
    ]


def test_offered_times_are_all_held_and_the_one_asked_for_is_free_again() -> None:
    offered = request(status=Status.OFFERED, offered=(at(8, 14), at(9, 10)))
    change = ledger_change(request(), offered, days_with(request()), NOW)
    assert [sorted(ledger.entries) for ledger in change.writes] == [[f"{offered.id}.1"], [f"{offered.id}.2"]]
    assert {entry.request for ledger in change.writes for entry in ledger.entries.values()} == {offered.id}


def test_an_entry_carries_what_conflicts_and_limits_are_decided_by() -> None:
    [entry] = entries_of(request())
    assert (entry.end - entry.start, entry.buffer_after, entry.service) == (TALK.duration, 10, TALK.id)
    assert entry.local_date == "2027-03-08"
    auckland = replace(request().provider, time_zone="Pacific/Auckland")
    assert entries_of(request(start=at(8, 12), provider=auckland))[0].local_date == "2027-03-09"
