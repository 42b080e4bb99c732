"""Taking people out: by time, by the person's wish; what stays, what goes, and what an old link says then."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.items import text_of
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.application.client.portal import When, ask_for_link, own_appointments, send_link, sign_in
from openhour.application.client.submit import Key, Person
from openhour.application.errors import (
    KeyReusedError,
    NotYetToldError,
    SignedOutError,
    StillToComeError,
    TryAgainLaterError,
    UnknownRequestError,
)
from openhour.application.jobs.bounces import Noting, Trouble
from openhour.application.jobs.erase import Anonymised, Belongings, Erasing, Erasure
from openhour.application.ports.contention import ContentionError
from openhour.application.ports.people import Use
from openhour.application.provider.answer import Answer, Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.clients import ClientProfile
from openhour.domain.errors import NotPossibleError
from openhour.domain.requests import NOBODY, Attendee, Request, anonymised
from openhour.domain.transitions import MailKind, Reader, Status
from tests.builders import NOW, START, at, practice, provider
from tests.cloud import MotoStore
from tests.contract.test_portal import SignInPost
from tests.fakes.archive import InMemoryArchive
from tests.fakes.people import InMemoryPortal
from tests.fakes.store import InMemoryStore
from tests.fakes.world import FakeIdentity, no_pause
from tests.use_cases import CALLER, Openhour, answer_link, wished

EMAIL = "marker-address@client.example"
ANA = FakeIdentity().client_id(EMAIL)
USE = Use(NOW + timedelta(minutes=30), "a browser")
_PERSON = Person(
    "marker-name", EMAIL, "marker-phone", "Asia/Kathmandu", "pt-BR", Attendee("marker-attendee", guardian=True)
)
_MARKERS = ("marker", "Kathmandu", "pt-BR", "guardian")
_REASON = "marker-reason"


@pytest.fixture
def openhour(store: Any) -> Openhour:
    store.seed(practice(keep_days=30, max_open_requests=99, max_requests_per_day=99), provider())
    return Openhour(store)


@pytest.fixture
def portal(store: Any) -> Any:
    return InMemoryPortal(store) if isinstance(store, InMemoryStore) else DynamoDBPortal(store.table)


@pytest.fixture
def archive(store: Any, portal: Any) -> Any:
    return InMemoryArchive(store, portal) if isinstance(store, InMemoryStore) else DynamoDBArchive(store.table)


@pytest.fixture
def erasing(openhour: Openhour, archive: Any) -> Erasing:
    return openhour.erasing(archive)


def ask(openhour: Openhour, start: Any = START, key: str = "key-00000001", person: Person = _PERSON) -> Request:
    """Somebody asks who is signed in."""
    return typed(openhour, start, key, replace(person, signed_in=openhour.signed_in(person.email)))


def typed(openhour: Openhour, start: Any = START, key: str = "key-00000001", person: Person = _PERSON) -> Request:
    """Somebody asks who only typed the address."""
    wish = wished(start, note="marker-note")
    return openhour.submitting.submit(wish, person, Key(key, "marker-body-hash"), CALLER)


def _without_time(profile: ClientProfile) -> ClientProfile:
    return replace(profile, signed_out_at=None)


def answer(openhour: Openhour, request: Request, decision: Decision) -> Request:
    openhour.answering.answer(answer_link(request), Answer(decision, _REASON))
    found: Request = openhour.store.request(request.id)
    return found


def send(openhour: Openhour, request: Request) -> None:
    for version in range(1, request.version + 1):
        openhour.mailing.send_owed(request.id, version)


def run(erasing: Erasing) -> Anonymised:
    return erasing.anonymise_old(lambda: True)


def confirmed(openhour: Openhour) -> Request:
    return answer(openhour, ask(openhour), Decision.CONFIRM)


# By time


def test_no_agenda_names_a_request_that_has_been_made_anonymous(openhour: Openhour, erasing: Erasing) -> None:
    old = confirmed(openhour)
    move = openhour.change(old, start=at(9, 11)).request
    openhour.clock.move(hours=49)
    openhour.expire()  # nobody answered the move
    openhour.clock.present = old.end + timedelta(days=27)
    later = ask(openhour, at(12, 10, month=4), "key-00000002")
    named = [openhour.store.with_days(later.id, None).agenda.held.keys()]
    for _ in (move, old):
        openhour.clock.move(days=3)
        run(erasing)
        named.append(openhour.store.with_days(later.id, None).agenda.held.keys())
    assert {openhour.store.request(each.id).client for each in (move, old)} == {NOBODY}
    assert not {move.id, old.id} & named[-1]
    assert move.id not in named[0]


def test_a_past_appointment_leaves_the_agenda_when_it_is_made_anonymous(openhour: Openhour, erasing: Erasing) -> None:
    first = confirmed(openhour)
    second = answer(openhour, ask(openhour, at(15, 10), "key-00000002"), Decision.CONFIRM)
    openhour.clock.present = first.end + timedelta(days=30)
    assert run(erasing) == Anonymised(1, 0)
    assert openhour.store.with_days(second.id, None).agenda.held.keys() == {second.id}


def test_a_session_is_anonymous_once_it_ended_as_long_ago_as_the_practice_keeps_it(
    openhour: Openhour, erasing: Erasing
) -> None:
    made = confirmed(openhour)
    openhour.clock.present = made.end + timedelta(days=30, seconds=-1)
    assert run(erasing) == Anonymised(0, 0)
    assert openhour.store.request(made.id) == made
    openhour.clock.move(seconds=1)
    assert run(erasing) == Anonymised(1, 0)
    assert openhour.store.request(made.id) == anonymised(made, openhour.clock.now())
    assert run(erasing) == Anonymised(0, 0)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda openhour, made: answer(openhour, made, Decision.DECLINE), Status.DECLINED),
        (lambda openhour, made: openhour.end(made), Status.WITHDRAWN),
    ],
    ids=["declined", "withdrawn"],
)
def test_what_was_never_confirmed_is_kept_from_its_last_transition_on(
    openhour: Openhour, erasing: Erasing, end: Callable[..., Any], status: Status
) -> None:
    made = ask(openhour, at(29, 9, month=4))
    openhour.clock.move(hours=1)
    end(openhour, made)
    openhour.clock.move(days=30, seconds=-1)
    assert run(erasing).done == 0
    openhour.clock.move(seconds=1)
    assert run(erasing).done == 1
    assert openhour.store.request(made.id).status is status


def test_what_was_cancelled_is_kept_from_the_end_its_session_would_have_had(
    openhour: Openhour, erasing: Erasing
) -> None:
    made = confirmed(openhour)
    openhour.end(made)
    openhour.clock.present = made.end + timedelta(days=30, seconds=-1)
    assert run(erasing).done == 0
    openhour.clock.move(seconds=1)
    assert run(erasing).done == 1


def test_nothing_open_or_to_come_is_ever_anonymous(openhour: Openhour, erasing: Erasing) -> None:
    openhour.store.seed(practice(keep_days=1), provider())
    waiting, coming = ask(openhour), answer(openhour, ask(openhour, at(9, 9), "key-00000002"), Decision.CONFIRM)
    openhour.clock.present = coming.end
    assert run(erasing).done == 0
    assert openhour.store.request(waiting.id) == waiting  # overdue, and not written down as expired yet


def test_a_practice_that_sets_no_days_keeps_everything(openhour: Openhour, erasing: Erasing) -> None:
    openhour.store.seed(practice(), provider())
    made = confirmed(openhour)
    openhour.clock.move(days=9999)
    assert run(erasing) == Anonymised(0, 0)
    assert openhour.store.request(made.id) == made


def test_the_days_count_as_they_are_set_now_for_everything_that_was_written_before(
    openhour: Openhour, erasing: Erasing
) -> None:
    openhour.store.seed(practice(keep_days=None), provider())
    made = confirmed(openhour)
    openhour.clock.present = made.end + timedelta(days=90)
    openhour.store.seed(practice(keep_days=91), provider())
    assert run(erasing).done == 0
    openhour.store.seed(practice(keep_days=90), provider())
    assert run(erasing).done == 1


def test_the_oldest_go_first_and_what_there_is_no_time_for_waits(openhour: Openhour, erasing: Erasing) -> None:
    made = [answer(openhour, ask(openhour, at(day, 9), f"key-{day:08}"), Decision.CONFIRM) for day in (10, 8, 9)]
    openhour.clock.move(days=99)
    time_left = iter([True, True, False])
    assert erasing.anonymise_old(lambda: next(time_left)) == Anonymised(2, 1)
    assert [openhour.store.request(each.id).anonymised_at is None for each in made] == [True, False, False]


def test_with_the_last_request_all_else_goes_and_before_that_nothing_else_does(
    openhour: Openhour, erasing: Erasing, portal: Any
) -> None:
    first = confirmed(openhour)
    second = answer(openhour, ask(openhour, at(10, 9), "key-00000002"), Decision.CONFIRM)
    sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    openhour.clock.present = first.end + timedelta(days=30)
    assert run(erasing).done == 1
    assert portal.profile(ANA).verified_at == NOW
    page = own_appointments(SignedIn(ANA, 0), When.PAST, None, portal, openhour.clock)
    assert [line.id for line in page.appointments] == [second.id]
    openhour.clock.present = second.end + timedelta(days=30)
    assert run(erasing).done == 1
    assert _without_time(portal.profile(ANA)) == ClientProfile(epoch=1)
    assert not portal.is_known(ANA)


def test_an_earlier_row_that_is_kept_for_longer_keeps_the_person_too(
    openhour: Openhour, erasing: Erasing, portal: Any
) -> None:
    confirmed(openhour)
    answer(openhour, ask(openhour, at(29, 9, month=4), "key-00000002"), Decision.DECLINE)
    sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    openhour.clock.move(days=30)
    assert run(erasing).done == 1
    assert portal.profile(ANA).verified_at == NOW


def test_the_practices_own_list_of_clients_outlasts_the_days(openhour: Openhour, erasing: Erasing, portal: Any) -> None:
    made = confirmed(openhour)
    openhour.store.list_client(ANA)
    openhour.clock.present = made.end + timedelta(days=30)
    assert run(erasing).done == 1
    assert portal.profile(ANA) == ClientProfile(listed=True)


def test_a_request_that_lapsed_unproven_is_anonymous_at_once(openhour: Openhour) -> None:
    openhour.store.seed(practice(verify=True), provider())
    made = typed(openhour)
    openhour.clock.move(minutes=30)
    assert openhour.expire().done == 1
    lapsed = openhour.store.request(made.id)
    assert (lapsed.status, lapsed.client, lapsed.anonymised_at) == (Status.EXPIRED, NOBODY, openhour.clock.now())
    with pytest.raises(NotPossibleError):  # the link that came too late says so, as it did before the job ran
        openhour.verify(made)


# By wish


def test_a_wish_takes_out_every_request_and_everything_else_at_once(
    openhour: Openhour, erasing: Erasing, portal: Any
) -> None:
    made = confirmed(openhour)
    declined = answer(openhour, ask(openhour, at(9, 9), "key-00000002"), Decision.DECLINE)
    openhour.store.list_client(ANA)
    ask_for_link(EMAIL, "en", CALLER.address, openhour.ration, portal, FakeIdentity(), openhour.clock)
    who = sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    openhour.clock.present = made.end
    erasing.forget_me(who)
    for each in (made, declined):
        assert openhour.store.request(each.id) == anonymised(each, openhour.clock.now())
    assert _without_time(portal.profile(ANA)) == ClientProfile(epoch=1)
    assert portal.link_asked_for(ANA, int(NOW.timestamp()) // 300) is None
    assert not portal.is_known(ANA)
    with pytest.raises(SignedOutError):
        own_appointments(who, When.PAST, None, portal, openhour.clock)
    with pytest.raises(SignedOutError):
        erasing.forget_me(who)


def test_forgetting_somebody_again_changes_nothing_more(openhour: Openhour, erasing: Erasing, portal: Any) -> None:
    made = confirmed(openhour)
    openhour.clock.present = made.end
    erasing.forget(ANA)
    after = openhour.store.request(made.id)
    openhour.clock.move(hours=1)
    erasing.forget(ANA)
    assert openhour.store.request(made.id) == after
    assert erasing.look(ANA).rows == []


def test_somebody_else_keeps_everything(openhour: Openhour, erasing: Erasing, portal: Any) -> None:
    other = replace(_PERSON, email="bo@client.example")
    bo = FakeIdentity().client_id("bo@client.example")
    his = answer(openhour, ask(openhour, at(9, 9), "key-00000002", other), Decision.CONFIRM)
    sign_in(SignedIn(bo, 0), USE, portal, openhour.clock)
    made = confirmed(openhour)
    openhour.clock.present = made.end
    erasing.forget(ANA)
    assert openhour.store.request(his.id) == his
    assert portal.profile(bo).verified_at == NOW
    page = own_appointments(SignedIn(bo, 0), When.UPCOMING, None, portal, openhour.clock)
    assert [line.id for line in page.appointments] == [his.id]


@pytest.mark.parametrize("answered", [False, True], ids=["open", "confirmed"])
def test_a_wish_waits_for_what_is_open_or_to_come(openhour: Openhour, erasing: Erasing, answered: bool) -> None:
    over = answer(openhour, ask(openhour, at(9, 9), "key-00000002"), Decision.DECLINE)
    made = confirmed(openhour) if answered else ask(openhour)
    with pytest.raises(StillToComeError) as refused:
        erasing.forget(ANA)
    assert refused.value.requests == (made.id,)
    assert openhour.store.request(over.id) == over
    if answered:
        openhour.clock.present = made.end - timedelta(seconds=1)
        with pytest.raises(StillToComeError):
            erasing.forget(ANA)
        openhour.clock.move(seconds=1)
    else:
        openhour.end(made)
        send(openhour, openhour.store.request(made.id))
    erasing.forget(ANA)
    assert openhour.store.request(made.id).client == NOBODY


def test_a_request_at_its_deadline_is_written_down_as_expired_and_taken_out(
    openhour: Openhour, erasing: Erasing
) -> None:
    made = ask(openhour)
    openhour.clock.move(hours=48)
    assert [row.id for row in erasing.look(ANA).rows] == [made.id]
    assert openhour.store.request(made.id) == made
    erasing.forget(ANA)
    found = openhour.store.request(made.id)
    assert (found.status, found.client, found.deadline) == (Status.EXPIRED, NOBODY, None)
    assert openhour.expire().done == 0


def test_a_wish_waits_until_the_provider_has_been_told_what_was_taken_back(
    openhour: Openhour, erasing: Erasing
) -> None:
    made = confirmed(openhour)
    openhour.end(made)
    with pytest.raises(NotYetToldError):
        erasing.forget(ANA)
    assert openhour.store.request(made.id).client.email == EMAIL
    send(openhour, openhour.store.request(made.id))
    assert (Reader.PROVIDER, MailKind.CANCELLED_BY_CLIENT) in [
        (mail.reader, mail.kind) for mail in openhour.post.delivered
    ]
    erasing.forget(ANA)


def test_a_mail_that_cannot_be_sent_for_a_day_holds_nobody_up(openhour: Openhour, erasing: Erasing) -> None:
    made = confirmed(openhour)
    openhour.end(made)
    openhour.clock.move(days=1)
    erasing.forget(ANA)
    assert openhour.store.request(made.id).client == NOBODY


def test_a_person_with_more_requests_than_fit_into_one_write_is_forgotten_whole(
    openhour: Openhour, erasing: Erasing, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhour.application.jobs.erase.REQUESTS_AT_ONCE", 2)
    made = [ask(openhour, at(8, hour), f"key-{hour:08}") for hour in range(9, 14)]
    for each in made:
        answer(openhour, each, Decision.DECLINE)
    erasing.forget(ANA)
    assert {openhour.store.request(each.id).client for each in made} == {NOBODY}
    left = erasing.look(ANA)
    assert replace(left, profile=_without_time(left.profile)) == Belongings(ANA, [], profile=ClientProfile(epoch=1))


def test_whoever_asks_again_meanwhile_is_not_forgotten(openhour: Openhour, archive: Any) -> None:
    made = confirmed(openhour)
    openhour.clock.present = at(8, 10)
    seen = archive.belongings(ANA)
    ask(openhour, at(15, 9), "key-00000002")
    gone = anonymised(made, openhour.clock.now())
    for forgets in (True, False):
        with pytest.raises(ContentionError):
            archive.erase(Erasure(seen, [gone], openhour.clock.now(), forgets=forgets))
    assert openhour.store.request(made.id) == made


def test_a_step_that_was_decided_before_does_not_put_back_what_was_taken_out(
    openhour: Openhour, erasing: Erasing, archive: Any
) -> None:
    made = confirmed(openhour)
    openhour.clock.present = made.end

    class Slow:
        """The store of somebody whose decision is overtaken once."""

        def __getattr__(self, name: str) -> Any:
            return getattr(openhour.store, name)

        def commit(self, *given: Any, **named: Any) -> None:
            erasing.forget(ANA)
            openhour.store.commit(*given, **named)

    class NoProfiles:
        def mark(self, *_: Any) -> None:
            """Not what this is about."""

    noting = Noting(Slow(), NoProfiles(), openhour.clock, no_pause)  # type: ignore[arg-type]
    assert noting.note(ANA, Trouble.UNDELIVERABLE, made.id) is False
    assert openhour.store.request(made.id) == anonymised(made, openhour.clock.now())


def test_a_request_that_moved_on_since_it_was_read_is_not_overwritten(openhour: Openhour, archive: Any) -> None:
    made = confirmed(openhour)
    seen = archive.belongings(ANA)
    openhour.end(made)
    with pytest.raises(ContentionError):
        archive.erase(Erasure(archive.belongings(ANA), [anonymised(made, NOW)], NOW))
    with pytest.raises(ContentionError):
        archive.erase(Erasure(seen, [], NOW, forgets=True))
    assert openhour.store.request(made.id).status is Status.CANCELLED


def test_contention_that_stays_is_left_for_the_next_run_and_stops_nobody_else(openhour: Openhour, archive: Any) -> None:
    made = confirmed(openhour)
    other = answer(openhour, ask(openhour, at(9, 9), "key-00000002"), Decision.CONFIRM)

    class Busy:
        def __getattr__(self, name: str) -> Any:
            return getattr(archive, name)

        def erase(self, erasure: Erasure) -> None:
            if [each.id for each in erasure.requests] == [made.id]:
                raise ContentionError
            archive.erase(erasure)

    openhour.clock.move(days=99)
    assert openhour.erasing(Busy()).anonymise_old(lambda: True) == Anonymised(1, 1)
    assert openhour.store.request(other.id).client == NOBODY
    with pytest.raises(TryAgainLaterError):
        openhour.erasing(Busy()).forget(ANA)


# Afterwards


@pytest.fixture
def gone(openhour: Openhour, erasing: Erasing) -> Request:
    """What was an appointment."""
    made = confirmed(openhour)
    send(openhour, made)
    openhour.clock.present = made.end
    erasing.forget(ANA)
    return made


def test_links_to_an_anonymous_request_open_nothing(openhour: Openhour, gone: Request) -> None:
    before = openhour.store.request(gone.id)
    looks: list[Callable[[], Any]] = [
        lambda: openhour.see(gone),
        lambda: openhour.end(gone),
        lambda: openhour.change(gone, start=at(12, 9)),
        lambda: openhour.change(gone, note="again", note_given=True),
        lambda: openhour.verify(gone),
        lambda: openhour.look(gone),
        lambda: openhour.look_for_times(gone),
        lambda: openhour.offer(gone, at(12, 9)),
        *(lambda decision=decision: openhour.answer(gone, decision) for decision in Decision if decision != "offer"),  # type: ignore[misc]
    ]
    for look in looks:
        with pytest.raises(UnknownRequestError):
            look()
    assert openhour.store.request(gone.id) == before


def test_a_key_of_before_stands_for_no_request_any_more(openhour: Openhour, gone: Request) -> None:
    with pytest.raises(KeyReusedError):
        typed(openhour)


def test_the_time_of_an_anonymous_request_is_still_counted_as_taken_and_its_history_stays(
    openhour: Openhour, gone: Request
) -> None:
    found = openhour.store.days(provider().id, START.date(), START.date())
    assert [entry.request for entry in found.ledgers[START.date()].entries.values()] == [gone.id]
    assert [event.version for event in openhour.store.events([(gone.id, 1), (gone.id, 2)])] == [1, 2]


def test_mails_that_are_still_unsent_never_go_out(openhour: Openhour, erasing: Erasing) -> None:
    made = confirmed(openhour)
    openhour.clock.present = made.end + timedelta(days=30)
    assert run(erasing).done == 1
    send(openhour, made)
    assert openhour.post.delivered == []
    assert [openhour.store.owed(made.id, version)[1] for version in (1, 2)] == [[], []]
    assert openhour.publish_unsent() == 0


def test_a_bounce_that_comes_late_remembers_nobody(openhour: Openhour, gone: Request, portal: Any) -> None:
    noting = Noting(openhour.store, portal, openhour.clock, no_pause)
    for trouble in Trouble:
        assert noting.note(ANA, trouble, gone.id) is False
    assert _without_time(portal.profile(ANA)) == ClientProfile(epoch=1)
    assert openhour.store.request(gone.id).undeliverable is False


def test_whoever_comes_back_is_somebody_new(openhour: Openhour, gone: Request, portal: Any) -> None:
    openhour.store.seed(practice(verify=True, keep_days=30), provider())
    again = typed(openhour, at(16, 9), "key-00000009")
    assert again.status is Status.UNVERIFIED
    openhour.verify(again)
    page = own_appointments(SignedIn(ANA, 1), When.UPCOMING, None, portal, openhour.clock)
    assert [line.id for line in page.appointments] == [again.id]
    post = SignInPost()
    ask_for_link(EMAIL, None, CALLER.address, openhour.ration, portal, FakeIdentity(), openhour.clock)
    send_link(ANA, int(openhour.clock.now().timestamp()) // 300, portal, post, openhour.clock)
    assert post.sent == [(EMAIL, SignedIn(ANA, 1))]


# The table itself


def _texts(value: Any) -> list[str]:
    """All strings in a plain value, names of attributes included."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *_texts(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)]


def _all_texts(store: MotoStore) -> str:
    return "\n".join(_texts(store.items()))


def _declined(openhour: Openhour) -> None:
    answer(openhour, ask(openhour), Decision.DECLINE)


def _cancelled(openhour: Openhour) -> None:
    answer(openhour, confirmed(openhour), Decision.CANCEL)


def _withdrawn(openhour: Openhour) -> None:
    openhour.end(ask(openhour))


def _expired(openhour: Openhour) -> None:
    ask(openhour)
    openhour.clock.move(hours=48)
    openhour.expire()


def _lapsed(openhour: Openhour) -> None:
    openhour.store.seed(practice(verify=True, keep_days=30), provider())
    typed(openhour)
    openhour.clock.move(minutes=30)
    openhour.expire()


def _offer_expired(openhour: Openhour) -> None:
    openhour.offer(ask(openhour), at(9, 9), at(10, 9))
    openhour.clock.move(hours=48)
    openhour.expire()


def _moved(openhour: Openhour) -> None:
    new = openhour.change(confirmed(openhour), start=at(9, 9), note="marker-moved", note_given=True).request
    answer(openhour, new, Decision.CONFIRM)


def _undeliverable(openhour: Openhour) -> None:
    made = confirmed(openhour)
    Noting(openhour.store, DynamoDBPortal(openhour.store.table), openhour.clock, no_pause).note(
        ANA, Trouble.UNDELIVERABLE, made.id
    )


def _complained(openhour: Openhour) -> None:
    made = confirmed(openhour)
    Noting(openhour.store, DynamoDBPortal(openhour.store.table), openhour.clock, no_pause).note(
        ANA, Trouble.COMPLAINT, made.id
    )


def _proven(openhour: Openhour) -> None:
    openhour.store.seed(practice(verify=True, keep_days=30), provider())
    answer(openhour, openhour.verify(typed(openhour)).request, Decision.CONFIRM)


_LIVES = (
    *(_declined, _cancelled, _withdrawn, _expired, _lapsed, _offer_expired, _moved, _undeliverable, _complained),
    *(_proven, confirmed),
)


@pytest.mark.parametrize("way", ["time", "wish"])
@pytest.mark.parametrize("live", _LIVES, ids=lambda live: live.__name__.strip("_"))
def test_whatever_life_a_request_had_no_word_of_the_person_is_left_in_any_item(
    moto_store: MotoStore, live: Callable[[Openhour], Any], way: str
) -> None:
    moto_store.seed(practice(keep_days=30), provider())
    openhour, portal = Openhour(moto_store), DynamoDBPortal(moto_store.table)
    erasing = openhour.erasing(DynamoDBArchive(moto_store.table))
    live(openhour)
    if live is not _lapsed:  # without a request of theirs, time to live takes the link
        ask_for_link(EMAIL, "pt-BR", CALLER.address, openhour.ration, portal, FakeIdentity(), openhour.clock)
        assert all(marker in _all_texts(moto_store) for marker in ("marker-address", "marker-name", "pt-BR"))
    openhour.clock.move(days=60)
    if way == "time":
        run(erasing)
    else:
        erasing.forget(ANA)
    left = _all_texts(moto_store)
    assert not [marker for marker in _MARKERS if marker in left]
    of_ana = [item for item in moto_store.items() if ANA in json.dumps(item)]
    assert len(of_ana) <= 1
    assert all(set(item) == {"pk", "sk", "epoch", "signed_out_at", "expires_at"} for item in of_ana)


def test_once_the_days_are_over_no_item_but_the_end_of_sign_ins_has_the_persons_id(moto_store: MotoStore) -> None:
    moto_store.seed(practice(keep_days=30), provider())
    openhour, portal = Openhour(moto_store), DynamoDBPortal(moto_store.table)
    erasing = openhour.erasing(DynamoDBArchive(moto_store.table))
    confirmed(openhour)
    openhour.clock.move(days=60)
    run(erasing)
    assert ANA not in _all_texts(moto_store)  # who never signed in leaves nothing behind
    again = answer(openhour, ask(openhour, at(10, 9, month=5), "key-00000002"), Decision.CONFIRM)
    sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    openhour.clock.present = again.end + timedelta(days=30)
    run(erasing)
    [tombstone] = [item for item in moto_store.items() if ANA in json.dumps(item)]
    ends = int((openhour.clock.now() + timedelta(days=1)).timestamp())
    assert tombstone == {
        **{name: {"S": text} for name, text in zip(("pk", "sk"), keys.profile(ANA), strict=True)},
        "epoch": {"N": "1"},
        "signed_out_at": {"S": text_of(openhour.clock.now())},
        "expires_at": {"N": str(ends)},
    }


@pytest.mark.parametrize("act", ["verify", "sign_in", "mark"])
def test_a_profile_that_is_used_again_is_left_alone_by_time_to_live(moto_store: MotoStore, act: str) -> None:
    openhour, portal = Openhour(moto_store), DynamoDBPortal(moto_store.table)
    openhour.erasing(DynamoDBArchive(moto_store.table)).forget(ANA)
    assert "expires_at" in _profile(moto_store)
    if act == "verify":
        moto_store.seed(practice(verify=True), provider())
        openhour.verify(typed(openhour))
    elif act == "sign_in":
        sign_in(SignedIn(ANA, 1), USE, portal, openhour.clock)
    else:
        portal.mark(ANA, Trouble.COMPLAINT, NOW)
    assert "expires_at" not in _profile(moto_store)
    assert _profile(moto_store)["epoch"] == {"N": "1"}


def _profile(store: MotoStore) -> dict[str, Any]:
    [found] = [item for item in store.items() if (item["pk"]["S"], item["sk"]["S"]) == keys.profile(ANA)]
    return found


def test_requests_are_in_the_index_from_when_they_are_no_longer_open_until_they_are_anonymous(
    moto_store: MotoStore,
) -> None:
    openhour = Openhour(moto_store)
    made = ask(openhour)
    assert list(_indexed(moto_store, made)) == []
    answer(openhour, made, Decision.CONFIRM)
    assert _indexed(moto_store, made) == {keys.KEPT_PK: {"S": keys.KEPT}, keys.KEPT_SK: {"S": "2027-03-08T09:50:00Z"}}
    openhour.clock.present = made.end
    openhour.erasing(DynamoDBArchive(moto_store.table)).forget(ANA)
    assert list(_indexed(moto_store, made)) == []


def _indexed(store: MotoStore, request: Request) -> dict[str, Any]:
    [item] = [each for each in store.items() if (each["pk"]["S"], each["sk"]["S"]) == keys.request(request.id)]
    return {name: item[name] for name in (keys.KEPT_PK, keys.KEPT_SK) if name in item}


def test_an_index_that_is_behind_makes_nothing_anonymous_twice_or_too_early(openhour: Openhour, archive: Any) -> None:
    made = confirmed(openhour)

    class Behind:
        def __getattr__(self, name: str) -> Any:
            return getattr(archive, name)

        def over(self, _before: Any) -> Any:
            return iter([made.id, made.id, "x" * 26])

    late = openhour.erasing(Behind())
    assert late.anonymise_old(lambda: True) == Anonymised(0, 0)
    openhour.clock.move(days=99)
    assert late.anonymise_old(lambda: True) == Anonymised(1, 0)


def test_many_sign_in_links_go_in_several_writes(moto_store: MotoStore) -> None:
    openhour, portal = Openhour(moto_store), DynamoDBPortal(moto_store.table)
    for _ in range(60):
        ask_for_link(EMAIL, None, CALLER.address, openhour.ration, portal, FakeIdentity(), openhour.clock)
        openhour.clock.move(minutes=5)
    openhour.erasing(DynamoDBArchive(moto_store.table)).forget(ANA)
    assert "marker" not in _all_texts(moto_store)
    assert not [item for item in moto_store.items() if item["pk"]["S"].startswith("SIGNIN#")]
