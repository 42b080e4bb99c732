"""The command as its operator meets it: what two requests claim, a practice that goes on working, and its words."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.items import text_of
from openhour.application.ports.post import NotDeliveredError
from openhour.application.provider.answer import Decision
from openhour.domain.requests import Request, submitted
from openhour.domain.transitions import MailKind, Status
from operate.__main__ import main
from operate.repair import table as table_module
from tests.builders import NOW, START, TALK, at, practice, provider
from tests.cloud import TABLE, MotoStore
from tests.damages import (
    LATER,
    confirmed,
    event,
    ledger,
    mail,
    moving,
    never_verified,
    note,
    opened,
    own,
    pending,
    text,
)
from tests.repairs import Repairs, alter, alter_entry, drop, put, raw
from tests.use_cases import Openhour

DAY = "PROVIDER#maya-okafor DAY#2027-03-08"


@pytest.fixture
def store(aws: None) -> MotoStore:
    made = MotoStore()
    made.seed(practice(), provider())
    return made


@pytest.fixture
def openhour(store: MotoStore) -> Openhour:
    return Openhour(store)


class Meddler:
    """A DynamoDB client; before the nth call of a name somebody else does something."""

    def __init__(self, name: str, act: Callable[[], object], *, times: int = 1) -> None:
        self._client = boto3.client("dynamodb")
        self._name, self._act, self._left = name, act, times
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append(name)
            if name == self._name and self._left:
                self._left -= 1
                self._act()
            return getattr(self._client, name)(**arguments)

        return call


# What two requests claim


def second(openhour: Openhour, **more: Any) -> Request:
    return openhour.submit(LATER, email="bo@client.example", key="key-00000002", **more)


def shift(request: Request, **span: float) -> None:
    """The request and all that it has left, at another time: as if it had been made there."""
    start = text_of(request.start + timedelta(**span))
    row = raw(records.appointment_key(request))
    drop(records.appointment_key(request))
    alter(own(request), start=text(start))
    alter(event(request), start=text(start))
    end = text_of(request.end + timedelta(**span))
    if "over_at" in raw(own(request)):
        alter(own(request), over_at=text(end))
    put(row | {"sk": text(f"APPT#{start}#{request.id}"), "start": text(start), "end": text(end)})
    minutes = int(timedelta(**span).total_seconds()) // 60
    entry = raw(ledger(request))["entries"]["M"][request.id]["M"]
    times = {name: {"N": str(int(entry[name]["N"]) + minutes)} for name in ("start", "end")}
    alter_entry(ledger(request), request.id, **times)
    note(replace(request, start=request.start + timedelta(**span)), deadline=request.deadline)


@pytest.mark.parametrize("hours", [2, 1.5, 1.02])
def test_two_appointments_too_close_to_each_other_are_a_persons_decision(
    store: MotoStore, openhour: Openhour, repairs: Repairs, hours: float
) -> None:
    one, other = openhour.submit(), second(openhour)
    for request in (one, other):
        openhour.answer(request, Decision.CONFIRM)
    other = store.request(other.id)
    shift(other, hours=-hours)
    damaged = store.items()
    first, last = (one, other) if hours < 2 else sorted((one, other), key=lambda each: each.id)
    told = [
        (
            f"REQUEST#{first.id} REQUEST: its time {first.id} comes too close to {last.id} of request {last.id}; "
            "needs a person's decision: end one of the two"
        )
    ]
    assert repairs.found() == told
    assert repairs.found(fix=True) == told
    assert store.items() == damaged
    openhour.end(store.request(one.id))
    assert repairs.found() == []


def test_times_with_the_gap_of_their_buffers_between_them_are_fine(openhour: Openhour, repairs: Repairs) -> None:
    openhour.submit()
    shift(second(openhour), hours=-1)  # 09:00 to 09:50, ten minutes for both, 10:00
    assert TALK.duration + TALK.buffer_after == 60
    assert repairs.found() == []


def test_two_appointments_that_overlapped_are_over(openhour: Openhour, repairs: Repairs) -> None:
    openhour.answer(openhour.submit(), Decision.CONFIRM)
    other = second(openhour)
    openhour.answer(other, Decision.CONFIRM)
    shift(openhour.store.request(other.id), hours=-1.5)
    openhour.clock.present = LATER
    assert repairs.found() == []


def test_a_lost_entry_is_not_put_back_over_somebody_elses_time(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    alter_entry(ledger(one), one.id)
    other = openhour.submit(START, email="bo@client.example", key="key-00000002")
    assert repairs.found(fix=True) == repairs.found()
    assert sorted(repairs.lines) == sorted(
        [
            (
                f"{DAY}: entry {one.id} is missing; "
                "needs a person's decision: something else keeps that time; end one of the two"
            ),
            (
                f"REQUEST#{min(one.id, other.id)} REQUEST: its time {min(one.id, other.id)} comes too close to "
                f"{max(one.id, other.id)} of request {max(one.id, other.id)}; "
                "needs a person's decision: end one of the two"
            ),
        ]
    )
    openhour.answer(other, Decision.DECLINE)
    assert repairs.found(fix=True) == [f"{DAY}: entry {one.id} is missing; done: write it as the request says"]
    openhour.answer(one, Decision.CONFIRM)
    assert repairs.found() == []


def test_an_appointment_and_what_replaces_it_cannot_both_be_confirmed(openhour: Openhour, repairs: Repairs) -> None:
    one = moving(openhour)
    old = openhour.store.request(one.replaces)
    before = [raw(key) for key in (own(old), records.appointment_key(old))]
    openhour.answer(one, Decision.CONFIRM)
    for item in before:
        put(item)
    drop(keys.event(old.id, 3))
    told = (
        f"REQUEST#{one.id} REQUEST: it is confirmed, and so is still {old.id}, which it was to replace; "
        "needs a person's decision: cancel one of the two"
    )
    agenda = f"CLIENT#{old.client.id} OPEN: request_{old.id} is missing; --fix would set it as the request says"
    entry = f"{DAY}: entry {old.id} is missing; --fix would write it as the request says"
    assert sorted(repairs.found()) == sorted([told, agenda, entry])
    assert repairs.run(fix=True).left == 1
    assert repairs.found() == [told]
    openhour.end(old)
    assert repairs.found() == []


def own_of(request_id: str | None) -> keys.Key:
    return keys.request(request_id or "")


def test_what_would_replace_a_lost_appointment_is_told(openhour: Openhour, repairs: Repairs) -> None:
    one = moving(openhour)
    drop(own_of(one.replaces))
    assert [line for line in repairs.found() if line.startswith(f"REQUEST#{one.id}")] == [
        (
            f"REQUEST#{one.id} REQUEST: request {one.replaces}, which it would replace, is gone; "
            "needs a person's decision: bring the request back from a backup, or delete this"
        )
    ]


def test_two_open_moves_of_one_appointment_are_a_persons_decision(
    store: MotoStore, openhour: Openhour, repairs: Repairs
) -> None:
    one = moving(openhour)
    note(one, deadline=one.deadline)
    old = store.request(one.replaces)
    other = openhour.change(old, start=START + timedelta(hours=4)).request
    note(one, deadline=one.deadline, replaces=one.replaces)
    first, last = sorted((one.id, other.id))
    told = [
        (
            f"REQUEST#{first} REQUEST: it would replace {one.replaces}, and so would {last}; "
            "needs a person's decision: decline all but one"
        )
    ]
    damaged = store.items()
    assert repairs.found(fix=True) == told
    assert store.items() == damaged
    openhour.answer(one, Decision.DECLINE)
    assert repairs.found(fix=True) == []
    openhour.answer(other, Decision.CONFIRM)
    assert repairs.found() == []


def test_a_move_that_lapses_does_not_take_away_the_note_of_the_next_one(openhour: Openhour, repairs: Repairs) -> None:
    late = START + timedelta(days=21)
    openhour.answer(openhour.submit(late), Decision.CONFIRM)
    old = openhour.store.request(openhour.submit(late).id)
    openhour.change(old, start=late + timedelta(hours=2))
    openhour.clock.move(hours=49)
    following = openhour.change(old, start=late + timedelta(hours=4)).request
    openhour.expire()
    assert repairs.found() == []
    assert records.agenda_of(raw(opened(old))).move_of(old.id) == following.id
    openhour.end(following)
    assert records.agenda_of(raw(opened(old))).move_of(old.id) is None
    assert repairs.found() == []


def test_a_request_from_an_old_backup_is_ahead_of_nothing(
    store: MotoStore, openhour: Openhour, repairs: Repairs
) -> None:
    before = raw(own(pending(openhour)))
    one = confirmed(openhour)
    put(before)
    damaged = store.items()
    backup = "needs a person's decision: the request may have come from an old backup"
    told = {
        f"REQUEST#{one.id} EVENT#000002: the event is ahead of its request, which has version 1; {backup}",
        f"REQUEST#{one.id} MAIL#000002#client: the mail is ahead of its request; {backup}",
    }
    assert told < set(repairs.found())
    assert store.items() == damaged
    put(records.request_item(one))
    assert repairs.found() == []


def test_a_lost_list_of_open_requests_never_counts_its_versions_again(openhour: Openhour, repairs: Repairs) -> None:
    one = moving(openhour)
    before = records.agenda_of(raw(opened(one))).version
    drop(opened(one))
    assert repairs.run(fix=True).is_well
    assert records.agenda_of(raw(opened(one))).version > before
    openhour.end(one)
    again = openhour.change(openhour.store.request(one.replaces), start=LATER).request
    assert again.id != one.id  # ids of moves are made of that version
    assert repairs.found() == []


# Deadlines and mails


def test_what_lapses_just_now_may_be_tidied_up_or_not(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    openhour.clock.move(hours=47, minutes=58)
    assert repairs.found() == []
    alter_entry(ledger(one), one.id)
    alter(opened(one), **{f"request_{one.id}": None})
    assert repairs.found() == []
    openhour.clock.move(minutes=-1)
    assert len(repairs.found()) == 2
    openhour.clock.move(hours=5)
    assert repairs.found() == []
    openhour.expire()
    assert repairs.found() == []


def test_what_has_lapsed_keeps_no_time_whatever_its_entry_says(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    openhour.clock.move(hours=49)
    alter_entry(ledger(one), one.id, deadline=None)
    note(one, deadline=at(7, 8))
    assert repairs.found(fix=True) == [
        f"{DAY}: entry {one.id} keeps time that its pending request does not keep; done: remove the entry",
        (
            f"CLIENT#{one.client.id} OPEN: request_{one.id} is about request {one.id}, of which it should say nothing; "
            "done: remove it"
        ),
    ]
    second_one = openhour.submit(START, email="bo@client.example", key="key-00000002")
    assert second_one.status is Status.PENDING
    openhour.expire()
    assert repairs.found() == []


def test_a_mail_that_was_written_again_is_sent_once_by_the_next_job(openhour: Openhour, repairs: Repairs) -> None:
    one = confirmed(openhour)
    drop(mail(one, "client"))
    alter(mail(one, "provider", 1), unsent=None, publish_at=None)
    assert repairs.run(fix=True).is_well
    openhour.clock.move(minutes=10)
    sent: list[Any] = []
    openhour.publish_and_send(sent)
    openhour.publish_and_send(sent)
    assert [each.kind for _, each in sent] == [MailKind.CONFIRMED]
    assert raw(mail(one, "provider", 1))["state"] == text("superseded")
    assert repairs.found() == []


def test_a_lost_mail_is_not_sent_once_the_session_has_begun(
    store: MotoStore, openhour: Openhour, repairs: Repairs
) -> None:
    one = confirmed(openhour)
    drop(mail(one, "client"))
    openhour.clock.present = START
    damaged = store.items()
    assert repairs.found(fix=True) == [
        (
            f"REQUEST#{one.id} MAIL#000002#client: the mail confirmed is missing; "
            "stays: the session has begun, nothing is to be sent"
        )
    ]
    assert store.items() == damaged


def test_a_mail_that_somebody_is_sending_is_left_to_them(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    _, mails = openhour.store.owed(one.id, 1)
    openhour.store.lease(mails[0], openhour.clock.now())
    assert repairs.found() == []
    openhour.clock.move(minutes=64)
    assert repairs.found() == []
    openhour.clock.move(minutes=1)
    assert len(repairs.found()) == 1


# A practice that goes on working


def test_what_moves_on_while_everything_is_read_is_no_difference(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    whole = iter(openhour.store.items())

    class Torn(Meddler):
        """The pages of a Scan are of different moments: some from before the provider's answer, some from after."""

        def scan(self, **_: Any) -> Any:
            before = list(whole)
            openhour.answer(one, Decision.CONFIRM)
            after = openhour.store.items()
            torn = [item for item in before if item["sk"]["S"] != "REQUEST"]
            return {"Items": [*torn, *(item for item in after if item["sk"]["S"] == "REQUEST")]}

    repairs.client = Torn("scan", lambda: None)
    assert repairs.found() == []
    assert "query" in repairs.client.calls  # it looked again


def test_a_request_that_moves_on_between_looking_and_mending_is_not_harmed(
    openhour: Openhour, repairs: Repairs
) -> None:
    one = openhour.submit()
    drop(records.appointment_key(one))
    alter(opened(one), **{f"request_{one.id}": None})
    repairs.client = Meddler("transact_write_items", lambda: openhour.answer(one, Decision.DECLINE))
    outcome = repairs.run(fix=True)
    assert outcome.is_well
    assert raw(records.appointment_key(one))["status"] == text("declined")
    assert f"request_{one.id}" not in raw(opened(one))
    assert repairs.found() == []


def test_a_day_that_somebody_else_writes_between_looking_and_mending_loses_nothing(
    openhour: Openhour, repairs: Repairs
) -> None:
    one = openhour.submit()
    alter_entry(ledger(one), one.id)
    repairs.client = Meddler("transact_write_items", lambda: second(openhour))
    assert repairs.found(fix=True) == [f"{DAY}: entry {one.id} is missing; done: write it as the request says"]
    assert len(raw(ledger(one))["entries"]["M"]) == 2
    assert repairs.found() == []


def test_a_time_that_is_taken_between_looking_and_mending_stays_taken(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    alter_entry(ledger(one), one.id)

    def take() -> None:
        openhour.submit(START, email="bo@client.example", key="key-00000002")

    repairs.client = Meddler("transact_write_items", take)
    assert not repairs.run(fix=True).is_well
    assert any("something else keeps that time" in line for line in repairs.lines)
    assert one.id not in raw(ledger(one))["entries"]["M"]


def test_a_mail_that_is_sent_between_looking_and_mending_stays_sent(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    alter(mail(one, "client"), unsent=None, publish_at=None)
    _, mails = openhour.store.owed(one.id, 1)
    unsent = records.mail_of(raw(mail(one, "client")))
    repairs.client = Meddler("transact_write_items", lambda: openhour.store.sent(unsent, NOW))
    assert repairs.run(fix=True).is_well
    assert raw(mail(one, "client"))["state"] == text("sent")
    assert "unsent" not in raw(mail(one, "client"))
    assert len(mails) == 1


def test_a_request_that_never_stands_still_is_left_for_the_next_run(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    drop(records.appointment_key(one))
    notes: Iterator[int] = iter(range(100))

    def edit() -> None:
        alter(own(one), note=text(f"Note {next(notes)}."))

    repairs.client = Meddler("batch_get_item", edit, times=100)
    outcome = repairs.run()
    assert (outcome.busy, outcome.is_well) == (1, False)
    assert repairs.lines == [f"REQUEST#{one.id}: it changes whenever it is looked at; run the command again"]


def test_what_cannot_be_written_is_told_as_left(openhour: Openhour, repairs: Repairs) -> None:
    one = openhour.submit()
    alter(opened(one), **{f"request_{one.id}": None})

    def note() -> None:
        item = raw(opened(one))
        put(item | {"version": {"N": str(int(item["version"]["N"]) + 1)}})

    repairs.client = Meddler("transact_write_items", note, times=100)
    outcome = repairs.run(fix=True)
    assert (outcome.left, outcome.is_well) == (1, False)
    assert repairs.lines == [
        (
            f"CLIENT#{one.client.id} OPEN: request_{one.id} is missing; "
            "not mended, because it keeps changing: run the command again"
        )
    ]


# Reading everything


def test_everything_is_read_page_by_page_no_faster_than_told(
    openhour: Openhour, repairs: Repairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "ITEMS_OF_A_PAGE", 2)
    one = openhour.submit()
    alter_entry(ledger(one), one.id)
    pages: list[dict[str, Any]] = []

    class Slow(Meddler):
        def scan(self, **arguments: Any) -> Any:
            pages.append(arguments)
            page = boto3.client("dynamodb").scan(**arguments)
            return page | {"ConsumedCapacity": {"CapacityUnits": 250.0}}

    repairs.client = Slow("scan", lambda: None)
    assert len(repairs.found()) == 1
    assert len(pages) >= len(openhour.store.items()) // 2
    assert repairs.waited == [0.5] * (len(pages) - 1)  # 500 units a second
    assert all(page["ConsistentRead"] and page["Limit"] == 2 for page in pages)


def test_sign_in_links_and_their_addresses_are_not_even_read(openhour: Openhour, repairs: Repairs) -> None:
    put({"pk": text("SIGNIN#x"), "sk": text("LINK#0000000001"), "email": text("ana@client.example")})
    openhour.submit()
    seen: list[str] = []

    class Watched(Meddler):
        def scan(self, **arguments: Any) -> Any:
            page = boto3.client("dynamodb").scan(**arguments)
            seen.extend(item["pk"]["S"].partition("#")[0] for item in page["Items"])
            return page

    repairs.client = Watched("scan", lambda: None)
    assert repairs.found() == []
    assert set(seen) == {"REQUEST", "CLIENT", "PROVIDER"}


# The command line


def run(openhour: Openhour, *options: str) -> int:
    return main(["repair", "--table", TABLE, *options], now=openhour.clock.now, wait=lambda _: None)


def test_the_command_says_what_it_found_and_ends_with_0_or_1(
    store: MotoStore, openhour: Openhour, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(openhour) == 0
    assert capsys.readouterr().out == "0 requests compared: nothing differs.\n"
    one = openhour.submit()
    alter_entry(ledger(one), one.id)
    drop(event(one))
    damaged = store.items()
    assert run(openhour) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 request compared: 2 differences, 1 to be mended by --fix."
    assert len(lines) == 3
    assert store.items() == damaged
    assert run(openhour, "--fix") == 1  # history cannot be invented
    assert capsys.readouterr().out.splitlines()[-1] == "1 request compared: 2 differences, 1 mended."
    put(records.event_item(submitted(one).event))  # from a backup
    assert run(openhour, "--fix") == 0


def test_a_mended_table_ends_with_0(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    one = openhour.submit()
    alter_entry(ledger(one), one.id)
    assert run(openhour, "--fix") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 request compared: 1 difference, 1 mended."
    assert run(openhour) == 0


def test_a_table_that_is_not_there_ends_with_2(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair", "--table", "nowhere"], now=openhour.clock.now) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "\nNot compared: table nowhere: " in shown.err
    assert main(["repair", "--stack", "nowhere"], now=openhour.clock.now) == 2


@pytest.mark.parametrize("options", [[], ["--table", "t", "--stack", "s"], ["--table", "t", "--units-a-second", "0"]])
def test_a_wrong_command_line_ends_with_2(options: list[str]) -> None:
    assert main(["repair", *options]) == 2


def test_the_table_is_found_by_its_stack(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    body = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"TableName": {"Value": TABLE}},
    }
    boto3.client("cloudformation").create_stack(StackName="openhour-dev", TemplateBody=json.dumps(body))
    openhour.submit()
    assert main(["repair", "--stack", "openhour-dev"], now=openhour.clock.now) == 0
    assert capsys.readouterr().out == "1 request compared: nothing differs.\n"


def test_nothing_personal_is_shown_whatever_is_damaged(openhour: Openhour, capsys: pytest.CaptureFixture[str]) -> None:
    one = openhour.submit(note="I would rather not say.")
    item = raw(own(one))
    for name in sorted(item.keys() - {"pk", "sk"}):
        for value in (None, text("Ana Lima, ana@client.example"), {"M": {"Ana Lima": text("I would rather not say.")}}):
            alter(own(one), **{name: value})
            run(openhour)
            put(item)
    row = raw(records.appointment_key(one))
    alter(records.appointment_key(one), status=text("Ana Lima"), **{"ana@client.example": text("x")})
    run(openhour)
    put(row)
    for key in (event(one), mail(one, "client"), opened(one), ledger(one)):
        before = raw(key)
        for name in sorted(before.keys() - {"pk", "sk"}):
            alter(key, **{name: text("Ana Lima, ana@client.example")})
            run(openhour)
        put(before)
    shown = capsys.readouterr()
    for personal in ("Ana", "Lima", "client.example", "rather not", "Maya", "Lisbon"):
        assert personal not in shown.out + shown.err
    assert shown.out.count(" difference") > 40


# Mails that do not go out


def test_a_mail_that_fails_for_more_than_a_day_is_told_with_what_failed(openhour: Openhour, repairs: Repairs) -> None:
    made = pending(openhour)
    openhour.post.refusing = 1
    with pytest.raises(NotDeliveredError):
        openhour.mailing.send_owed(made.id, made.version)
    openhour.clock.move(hours=23)
    assert repairs.found() == []
    openhour.clock.move(hours=2)
    failing = [line for line in repairs.found() if "does not go out: SES: Throttling" in line]
    assert len(failing) == 1
    assert "needs a person's decision" in failing[0]
    openhour.mailing.send_owed(made.id, made.version)
    assert repairs.found() == []


def test_a_mail_that_is_due_for_nobody_is_told_and_settled(openhour: Openhour, repairs: Repairs) -> None:
    never_verified(openhour)  # it is made anonymous when it lapses, with its mail still due
    openhour.clock.move(minutes=69)
    assert repairs.found() == []
    openhour.clock.move(minutes=2)
    (line,) = repairs.found()
    assert "#client: the mail is due for nobody: its request has been made anonymous; --fix would settle it" in line
    assert repairs.run(fix=True).left == 0
    assert repairs.found() == []
    assert list(openhour.store.unsent(openhour.clock.now())) == []
