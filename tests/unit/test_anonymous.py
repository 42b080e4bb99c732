"""What is left of a request once it is anonymous, and that nothing happens to it any more."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhour.adapters.dynamodb import records
from openhour.domain.errors import NotPossibleError
from openhour.domain.requests import (
    NOBODY,
    Attendee,
    Client,
    Mail,
    ProviderCard,
    Request,
    Terms,
    anonymised,
    lapse,
    take,
)
from openhour.domain.transitions import OPEN, TABLE, Actor, MailKind, Reader, Status
from openhour.domain.values import Forum
from tests.builders import LONDON, NOW, START, TALK, request

LATER = NOW + timedelta(days=60)
# Each field of a request is one or the other: whoever adds one has to say which.
PERSONAL = {"body_hash", "client", "note", "reason", "attendee", "undeliverable"}
KEPT = {
    *("id", "provider", "location", "forum", "service", "start", "submitted_at", "status", "status_at", "version"),
    *(
        "revision",
        "uid",
        "deadline",
        "changes",
        "offered",
        "replaces",
        "replaces_start",
        "terms",
        "cancelled_by",
        "late",
        "proven",
    ),
}
_MARKER = "\N{WHITE STAR}"
_MARKED = st.text(max_size=20).map(lambda text: f"{_MARKER}{text}{_MARKER}")
_ENDED = st.sampled_from(sorted(set(Status) - OPEN))
REQUESTS = st.builds(
    Request,
    id=st.just("r" * 26),
    body_hash=_MARKED,
    client=st.builds(Client, *[_MARKED] * 4, phone=st.none() | _MARKED, locale=_MARKED),
    provider=st.just(ProviderCard("maya-okafor", "Dr Maya Okafor", "Europe/London")),
    location=st.just(LONDON),
    forum=st.sampled_from(Forum),
    service=st.just(TALK),
    start=st.just(START),
    submitted_at=st.just(NOW),
    status=_ENDED,
    status_at=st.just(NOW),
    version=st.integers(1, 9),
    revision=st.integers(1, 9),
    uid=st.just("r" * 26),
    note=st.none() | _MARKED,
    reason=st.none() | _MARKED,
    attendee=st.none() | st.builds(Attendee, name=_MARKED, guardian=st.booleans()),
    terms=st.just(Terms()),
    cancelled_by=st.none() | st.sampled_from(Actor),
    late=st.booleans(),
    proven=st.booleans(),
    undeliverable=st.booleans(),
)


def test_every_field_is_said_to_be_personal_or_not() -> None:
    assert {field.name for field in fields(Request)} == PERSONAL | KEPT | {"anonymised_at"}


@given(REQUESTS)
def test_what_is_personal_goes_and_all_else_stays(full: Request) -> None:
    left = anonymised(full, LATER)
    assert {name: getattr(left, name) for name in KEPT} == {name: getattr(full, name) for name in KEPT}
    assert {name: getattr(left, name) for name in PERSONAL} == {
        "body_hash": "",
        "client": NOBODY,
        "note": None,
        "reason": None,
        "attendee": None,
        "undeliverable": False,
    }
    assert left.anonymised_at == LATER
    assert _MARKER not in repr(left)


@given(REQUESTS)
def test_an_item_comes_back_as_it_was_written_anonymous_or_not(full: Request) -> None:
    left = anonymised(full, LATER)
    assert records.request_of(records.request_item(full)) == full
    assert records.request_of(records.request_item(left)) == left
    assert _MARKER in repr(records.request_item(full))
    assert _MARKER not in repr(records.request_item(left))
    assert not {"client", "body_hash", "note", "reason", "attendee"} & records.request_item(left).keys()


@pytest.mark.parametrize(
    "row", [each for each in TABLE if each.source], ids=lambda each: f"{each.source} {each.action}"
)
def test_nothing_happens_to_an_anonymous_request(row: Any) -> None:
    gone = anonymised(request(status=row.source, deadline=NOW + timedelta(hours=1)), NOW)
    for now in (NOW, LATER):
        with pytest.raises(NotPossibleError):
            take(gone, row.action, row.actor, now)


def test_every_mail_about_it_is_overtaken() -> None:
    made = request(status=Status.CONFIRMED, deadline=None)
    mail = Mail(made.id, made.version, Reader.CLIENT, MailKind.CONFIRMED, made.status, made.revision, NOW)
    assert not mail.overtaken_by(made, NOW)
    assert mail.overtaken_by(anonymised(made, NOW), NOW)


@pytest.mark.parametrize("status", Status)
def test_it_is_over_at_the_sessions_end_once_confirmed_else_with_its_last_transition_and_never_while_open(
    status: Status,
) -> None:
    found = request(status=status, status_at=NOW + timedelta(hours=3)).over_at
    if status in OPEN:
        assert found is None
    elif status in {Status.CONFIRMED, Status.CANCELLED, Status.REPLACED}:
        assert found == START + timedelta(minutes=50)
    else:
        assert found == NOW + timedelta(hours=3)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_only_what_was_never_proven_is_anonymous_as_soon_as_it_expires(status: Status) -> None:
    waiting = request(status=status, deadline=NOW)
    step = lapse(waiting, NOW)
    assert step.after.status is Status.EXPIRED
    assert (step.after.client == NOBODY) is (status is Status.UNVERIFIED)
    assert step.before == waiting
