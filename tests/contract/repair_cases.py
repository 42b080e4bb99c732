"""Every kind of damage with the lines that report it: what is mended, and what is left to a person."""

from openhour.adapters.dynamodb import records
from openhour.domain.requests import Request
from tests.builders import NOW, START, at
from tests.damages import (
    MAYA,
    STRANGER,
    Damage,
    cancelled,
    changed,
    confirmed,
    copy_entry,
    copy_row,
    declined,
    event,
    expired,
    ledger,
    mail,
    mailed,
    moving,
    never_verified,
    note,
    offered,
    opened,
    own,
    pending,
    text,
    unverified,
    withdrawn_move,
)
from tests.repairs import alter, alter_entry, drop, put, raw

_DAY = f"PROVIDER#{MAYA} DAY#2027-03-08"
_ROW = "CLIENT#{client} APPT#2027-03-08T09:00:00Z#{id}"

MENDED = [
    Damage(
        "an entry is lost",
        pending,
        lambda one: alter_entry(ledger(one), one.id),
        (f"{_DAY}: entry {{id}} is missing; --fix would write it as the request says",),
    ),
    Damage(
        "the ledger of a confirmed request is lost",
        confirmed,
        lambda one: drop(ledger(one)),
        (f"{_DAY}: entry {{id}} is missing; --fix would write it as the request says",),
    ),
    *(
        Damage(
            f"an entry has another {name}",
            before,
            lambda one, name=name, value=value: alter_entry(ledger(one), one.id, **{name: value}),
            (f"{_DAY}: entry {{id}} differs in {name}; --fix would write it as the request says",),
        )
        for before, name, value in (
            (pending, "start", {"N": str(int(START.timestamp()) // 60 + 15)}),
            (pending, "end", {"N": str(int(START.timestamp()) // 60 + 80)}),
            (confirmed, "buffer_before", {"N": "5"}),
            (confirmed, "buffer_after", {"N": "0"}),
            (pending, "service", text("long-talk")),
            (pending, "location", text("annex")),
            (confirmed, "forum", text("telehealth")),
            (pending, "local_date", text("2027-03-09")),
            (pending, "deadline", {"N": str(int(NOW.timestamp()) + 60)}),
            (pending, "deadline", None),
            (confirmed, "deadline", {"N": str(int(NOW.timestamp()) - 60)}),
            (moving, "replaces", None),
        )
    ),
    Damage(
        "one of the offered times is lost",
        offered,
        lambda one: alter_entry(ledger(one), f"{one.id}.2"),
        (f"{_DAY}: entry {{id}}.2 is missing; --fix would write it as the request says",),
    ),
    Damage(
        "a declined request keeps its time",
        declined,
        lambda one: copy_entry(one, one.id, MAYA, START),
        (f"{_DAY}: entry {{id}} keeps time that its declined request does not keep; --fix would remove the entry",),
    ),
    Damage(
        "a request keeps a time of another day too",
        confirmed,
        lambda one: copy_entry(one, f"{one.id}.1", MAYA, at(9, 9)),
        (
            (
                f"PROVIDER#{MAYA} DAY#2027-03-09: entry {{id}}.1 keeps time that its confirmed request does not keep; "
                "--fix would remove the entry"
            ),
        ),
    ),
    Damage(
        "a request keeps another provider's time too",
        confirmed,
        lambda one: copy_entry(one, one.id, "bo-lind", START),
        (
            (
                "PROVIDER#bo-lind DAY#2027-03-08: entry {id} keeps time that its confirmed request does not keep; "
                "--fix would remove the entry"
            ),
        ),
    ),
    Damage(
        "the row in the client's list is lost",
        pending,
        lambda one: drop(records.appointment_key(one)),
        (f"{_ROW}: the row is missing; --fix would write it",),
    ),
    Damage(
        "the row shows an earlier status",
        confirmed,
        lambda one: alter(records.appointment_key(one), status=text("pending"), version={"N": "1"}),
        (f"{_ROW}: the row differs in status, version; --fix would write it as the request says",),
    ),
    Damage(
        "the row of a request that moved is still there",
        changed,
        lambda one: copy_row(one, one.client.id, START),
        (f"{_ROW}: the row is none of its request's; --fix would delete it",),
    ),
    Damage(
        "the row is in somebody else's list too",
        confirmed,
        lambda one: copy_row(one, STRANGER, START),
        ("CLIENT#{stranger} APPT#2027-03-08T09:00:00Z#{id}: the row is none of its request's; --fix would delete it",),
    ),
    Damage(
        "a list has a request that nobody verified",
        unverified,
        lambda one: copy_row(one, one.client.id, START),
        (f"{_ROW}: the row is none of its request's; --fix would delete it",),
    ),
    Damage(
        "a list has an expired request that nobody ever verified",
        never_verified,
        lambda one: copy_row(one, one.client.id, START),
        (f"{_ROW}: the row is none of its request's; --fix would delete it",),
    ),
    Damage(
        "the row of an expired request is lost",
        expired,
        lambda one: drop(records.appointment_key(one)),
        (f"{_ROW}: the row is missing; --fix would write it",),
    ),
    Damage(
        "the client's open requests are lost",
        pending,
        lambda one: drop(opened(one)),
        ("CLIENT#{client} OPEN: request_{id} is missing; --fix would set it as the request says",),
    ),
    Damage(
        "an open request is noted with another deadline",
        pending,
        lambda one: note(one, deadline=at(1, 9)),
        ("CLIENT#{client} OPEN: request_{id} is wrong; --fix would set it as the request says",),
    ),
    Damage(
        "a declined request is noted as open",
        declined,
        lambda one: note(one, deadline=at(3, 8)),
        (
            (
                "CLIENT#{client} OPEN: request_{id} is about request {id}, of which it should say nothing; "
                "--fix would remove it"
            ),
        ),
    ),
    Damage(
        "a request is noted as somebody else's",
        pending,
        lambda one: put(
            raw(opened(one)) | {"pk": text(f"CLIENT#{STRANGER}"), "made": {"N": "0"}},
        ),
        (
            (
                "CLIENT#{stranger} OPEN: request_{id} is about request {id}, of which it should say nothing; "
                "--fix would remove it"
            ),
        ),
    ),
    Damage(
        "nothing notes that an appointment is to be moved",
        moving,
        lambda one: note(one, deadline=one.deadline),
        ("CLIENT#{client} OPEN: request_{id} is wrong; --fix would set it as the request says",),
    ),
    Damage(
        "another appointment is noted as the one to be moved",
        moving,
        lambda one: note(one, deadline=one.deadline, replaces=one.id),
        ("CLIENT#{client} OPEN: request_{id} is wrong; --fix would set it as the request says",),
    ),
    Damage(
        "an appointment is noted as to be moved by itself",
        confirmed,
        lambda one: note(one, replaces=one.id),
        ("CLIENT#{client} OPEN: request_{id} is wrong; --fix would set it as the request says",),
    ),
    Damage(
        "the time of an appointment is not noted as its client's",
        confirmed,
        lambda one: alter(opened(one), **{f"request_{one.id}": None}),
        ("CLIENT#{client} OPEN: request_{id} is missing; --fix would set it as the request says",),
    ),
    Damage(
        "the time of a cancelled appointment is still noted as its client's",
        cancelled,
        note,
        (
            (
                "CLIENT#{client} OPEN: request_{id} is about request {id}, of which it should say nothing; "
                "--fix would remove it"
            ),
        ),
    ),
    Damage(
        "a move that was withdrawn is still noted",
        withdrawn_move,
        lambda one: note(one, replaces=one.replaces),
        (
            (
                "CLIENT#{client} OPEN: request_{id} is about request {id}, of which it should say nothing; "
                "--fix would remove it"
            ),
        ),
    ),
    Damage(
        "an open request is not in the index of overdue ones",
        pending,
        lambda one: alter(own(one), open=None),
        (
            (
                "REQUEST#{id} REQUEST: it is open and not in the index of overdue requests; "
                "--fix would put it into the index"
            ),
        ),
    ),
    Damage(
        "an appointment is in the index of overdue requests",
        confirmed,
        lambda one: alter(own(one), open=text("OPEN"), deadline=text("2027-03-03T08:00:00Z")),
        (
            (
                "REQUEST#{id} REQUEST: it has ended and has a deadline; "
                "--fix would take it out of the index of overdue requests"
            ),
        ),
    ),
    *(
        Damage(
            f"{name} of the index of kept requests",
            confirmed,
            lambda one, damage=damage: alter(own(one), **damage),
            ("REQUEST#{id} REQUEST: its place in the index of kept requests is wrong; --fix would put it right",),
        )
        for name, damage in (
            ("an appointment has neither key", {"kept": None, "over_at": None}),
            ("an appointment has another time", {"over_at": text("2027-03-07T08:00:00Z")}),
        )
    ),
    Damage(
        "the mail of the current state is lost",
        confirmed,
        lambda one: drop(mail(one, "client")),
        ("REQUEST#{id} MAIL#000002#client: the mail confirmed is missing; --fix would write it, to be sent",),
    ),
    Damage(
        "a reminder is lost",
        confirmed,
        lambda one: drop(mail(one, "client", number=1)),
        ("REQUEST#{id} MAIL#000002#client#1: the mail session_reminder is missing; --fix would write it, to be sent",),
    ),
    *(
        Damage(
            f"an unsent mail has lost its {lost}",
            pending,
            lambda one, lost=lost: alter(mail(one, "provider"), **dict.fromkeys(lost)),
            (
                (
                    "REQUEST#{id} MAIL#000001#provider: the mail is unsent and not in the index of unsent mails; "
                    "--fix would put it into the index of unsent mails, to be sent"
                ),
            ),
        )
        for lost in (("unsent", "publish_at"), ("unsent",), ("publish_at",))
    ),
    Damage(
        "a mail would be published in a year",
        pending,
        lambda one: alter(mail(one, "provider"), publish_at=text("2028-03-01T08:00:00Z")),
        (
            (
                "REQUEST#{id} MAIL#000001#provider: the mail would be published too late; "
                "--fix would put it into the index of unsent mails, to be sent"
            ),
        ),
    ),
    *(
        Damage(
            f"whoever sent a mail left it leased, {until}",
            pending,
            lambda one, until=until: alter(mail(one, "provider"), state=text("leased"), lease_until=until),
            (
                (
                    "REQUEST#{id} MAIL#000001#provider: whoever was sending the mail has left it; "
                    "--fix would put it into the index of unsent mails, to be sent"
                ),
            ),
        )
        for until in (text("2027-03-01T06:59:00Z"), text("2027-03-02T08:00:00Z"), None)
    ),
    Damage(
        "a mail was left leased and is not in the index",
        pending,
        lambda one: alter(
            mail(one, "provider"),
            state=text("leased"),
            lease_until=text("2027-03-01T06:00:00Z"),
            unsent=None,
            publish_at=None,
        ),
        (
            (
                "REQUEST#{id} MAIL#000001#provider: the mail is unsent and not in the index of unsent mails; "
                "--fix would put it into the index of unsent mails, to be sent"
            ),
        ),
    ),
    Damage(
        "a mail was sent and stays in the index of unsent ones",
        mailed,
        lambda one: alter(mail(one, "provider"), unsent=text("UNSENT"), publish_at=text("2027-03-01T08:10:00Z")),
        (
            (
                "REQUEST#{id} MAIL#000001#provider: the mail is sent and in the index of unsent mails; "
                "--fix would take it out of the index"
            ),
        ),
    ),
]

_DECIDE = "needs a person's decision"
_BACKUP = f"{_DECIDE}: the request may have come from an old backup"
_GONE = f"{_DECIDE}: bring the request back from a backup, or delete this"
_FOREVER = "stays: history cannot be invented; a backup may have it"
_BY_HAND = f"the item cannot be read; {_DECIDE}: put it right by hand, or from a backup"


def lose(request: Request) -> None:
    drop(own(request))


def age(request: Request) -> None:
    """Only the request's own item comes from an old backup."""
    alter(own(request), version={"N": "1"}, status=text("pending"), status_at=text("2027-03-01T08:00:00Z"))
    alter(own(request), open=text("OPEN"), deadline=text("2027-03-03T08:00:00Z"))


TOLD = [
    Damage(
        "the request is lost",
        pending,
        lose,
        (
            f"REQUEST#{{id}} REQUEST: the request is gone, its events and mails are left; {_GONE}",
            f"{_DAY}: entry {{id}} is of request {{id}}, which is gone; {_GONE}",
            f"{_ROW}: the row's request is gone; {_GONE}",
            f"CLIENT#{{client}} OPEN: request_{{id}} is about request {{id}}, which is gone; {_GONE}",
        ),
    ),
    Damage(
        "an open request has no deadline",
        pending,
        lambda one: alter(own(one), deadline=None),
        (
            (
                f"REQUEST#{{id}} REQUEST: it is open without a deadline; {_DECIDE}: give it a deadline, or end it; "
                "its other traces are left alone until then"
            ),
        ),
    ),
    Damage(
        "an event is lost",
        confirmed,
        lambda one: drop(event(one, 1)),
        (
            "REQUEST#{id} EVENT#000001: the event is missing, so that no mail of its version can be published again; "
            + _FOREVER,
        ),
    ),
    Damage(
        "the event that a move began with is lost",
        moving,
        lambda one: drop(event(one)),
        (
            f"REQUEST#{{id}} REQUEST: the event that it began with is missing; {_FOREVER}",
            "REQUEST#{id} EVENT#000003: the event is missing, so that no mail of its version can be published again; "
            + _FOREVER,
        ),
    ),
    Damage(
        "the last event says otherwise",
        confirmed,
        lambda one: alter(event(one), start=text("2027-03-08T10:00:00Z")),
        (
            (
                "REQUEST#{id} EVENT#000002: its start differs from the request; "
                f"{_DECIDE}: the request has changed past its history"
            ),
        ),
    ),
    Damage(
        "a mail of an overtaken state is lost",
        confirmed,
        lambda one: drop(mail(one, "provider", 1)),
        (
            (
                "REQUEST#{id} MAIL#000001#provider: the mail new_request is missing; "
                "stays: the request has moved on, nothing is to be sent"
            ),
        ),
    ),
    Damage(
        "a mail says something else than its transition owed",
        confirmed,
        lambda one: alter(mail(one, "client"), kind=text("declined")),
        (
            (
                "REQUEST#{id} MAIL#000002#client: the mail differs in kind from what its transition owed; "
                f"{_DECIDE}: it is sent as it is, if it is sent"
            ),
        ),
    ),
    Damage(
        "a mail was never owed",
        confirmed,
        lambda one: put(raw(mail(one, "client")) | {"sk": text("MAIL#000002#provider"), "reader": text("provider")}),
        (
            (
                "REQUEST#{id} MAIL#000002#provider: its transition owed no such mail; "
                f"{_DECIDE}: it is sent as it is, if it is sent"
            ),
        ),
    ),
    Damage(
        "nothing says whether a mail was sent",
        confirmed,
        lambda one: alter(mail(one, "client"), state=None),
        (
            (
                "REQUEST#{id} MAIL#000002#client: nothing says whether the mail was sent; "
                f"{_DECIDE}: set it to due, or to superseded"
            ),
        ),
    ),
    *(
        Damage(
            f"{name} cannot be read",
            pending,
            lambda one, key=key, damage=damage: alter(key(one), **damage),
            (f"{line}: {_BY_HAND}",),
        )
        for name, key, damage, line in (
            ("a request", own, {"client": None}, "REQUEST#{id} REQUEST"),
            ("a request with another id", own, {"id": text("q" * 26)}, "REQUEST#{id} REQUEST"),
            ("an event", event, {"status": text("lost")}, "REQUEST#{id} EVENT#000001"),
            ("a mail", lambda one: mail(one, "client"), {"due": text("soon")}, "REQUEST#{id} MAIL#000001#client"),
            ("a ledger", ledger, {"entries": None}, _DAY),
            ("the open requests", opened, {"version": None}, "CLIENT#{client} OPEN"),
        )
    ),
]
