"""People: signing in, their own list, and what the mail service says of their address."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.application.client.portal import When, ask_for_link, own_appointments, send_link, sign_in, sign_out
from openhour.application.errors import LinkUsedError, SignedOutError
from openhour.application.jobs.bounces import Noting, Trouble
from openhour.application.ports.people import SignInRequest, Use
from openhour.application.provider.answer import Decision
from openhour.application.signed_in import SignedIn
from openhour.domain.transitions import MailKind, Reader, Status
from openhour.domain.values import Practice
from tests.builders import NOW, START, at, practice, provider
from tests.fakes.people import InMemoryPortal
from tests.fakes.store import InMemoryStore
from tests.fakes.world import FakeIdentity, no_pause
from tests.use_cases import CALLER, Openhour

EMAIL = "ana@client.example"
ANA = FakeIdentity().client_id(EMAIL)
USE = Use(NOW + timedelta(minutes=30), "a browser")


@dataclass
class SignInPost:
    """Remembers to whom a link was sent."""

    sent: list[tuple[str, SignedIn]] = field(default_factory=list)
    let_through_again: list[str] = field(default_factory=list)

    def let_through(self, email: str) -> None:
        self.let_through_again.append(email)

    def deliver_sign_in(self, asked: SignInRequest, who: SignedIn, practice: Practice) -> None:
        assert practice.id == "riverside"
        self.sent.append((asked.email, who))


@pytest.fixture
def openhour(store: Any) -> Openhour:
    return Openhour(store)


@pytest.fixture
def portal(store: Any) -> Any:
    return InMemoryPortal(store) if isinstance(store, InMemoryStore) else DynamoDBPortal(store.table)


@pytest.fixture
def post() -> SignInPost:
    return SignInPost()


def ask(openhour: Openhour, portal: Any, email: str, locale: str | None) -> None:
    ask_for_link(email, locale, CALLER.address, openhour.ration, portal, FakeIdentity(), openhour.clock)


def mailed(openhour: Openhour, portal: Any, post: SignInPost, email: str = EMAIL) -> list[tuple[str, SignedIn]]:
    """What goes out when a link is asked for now."""
    post.sent.clear()
    ask(openhour, portal, email, None)
    period = int(openhour.clock.now().timestamp()) // 300
    send_link(FakeIdentity().client_id(email), period, portal, post, openhour.clock)
    return post.sent


def test_whoever_asked_for_an_appointment_gets_a_link(openhour: Openhour, portal: Any, post: SignInPost) -> None:
    openhour.submit()
    assert mailed(openhour, portal, post) == [(EMAIL, SignedIn(ANA, 0))]


def test_an_address_that_nobody_knows_gets_nothing(openhour: Openhour, portal: Any, post: SignInPost) -> None:
    assert mailed(openhour, portal, post) == []
    openhour.store.seed(practice(verify=True), provider())
    openhour.submit(signed_in=False)  # somebody typed it: that does not make it theirs
    openhour.clock.move(minutes=5)
    assert mailed(openhour, portal, post) == []


def test_asking_again_within_five_minutes_is_one_asking(openhour: Openhour, portal: Any) -> None:
    period = int(NOW.timestamp()) // 300
    ask(openhour, portal, EMAIL, "en")
    openhour.clock.move(minutes=4)
    ask(openhour, portal, EMAIL, "de")
    assert portal.link_asked_for(ANA, period) == SignInRequest(ANA, period, EMAIL, "en", NOW)
    assert portal.link_asked_for(ANA, period + 1) is None


def test_a_link_that_could_not_be_sent_for_half_an_hour_is_not_sent(
    openhour: Openhour, portal: Any, post: SignInPost
) -> None:
    openhour.submit()
    ask(openhour, portal, EMAIL, None)
    openhour.clock.move(minutes=30)
    assert send_link(ANA, int(NOW.timestamp()) // 300, portal, post, openhour.clock) == 0
    assert post.sent == []


def test_signing_in_shows_that_the_address_is_theirs_to_whoever_signed_in_alone(
    openhour: Openhour, portal: Any
) -> None:
    assert sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock) == SignedIn(ANA, 0)
    assert portal.profile(ANA).verified_at == NOW
    openhour.store.seed(practice(verify=True), provider())
    assert openhour.submit().status is Status.PENDING
    assert openhour.submit(at(9, 9), key="key-00000002", signed_in=False).status is Status.UNVERIFIED


def test_a_link_works_once_and_again_only_for_whoever_used_it(openhour: Openhour, portal: Any) -> None:
    who = sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    assert sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock) == who
    with pytest.raises(LinkUsedError):
        sign_in(SignedIn(ANA, 0), Use(USE.ends, "another browser"), portal, openhour.clock)
    following = Use(USE.ends + timedelta(seconds=1), "another browser")
    assert sign_in(SignedIn(ANA, 0), following, portal, openhour.clock) == who


@pytest.mark.parametrize("end", ["use", "sign out"])
def test_once_a_link_is_dead_another_one_is_sent_at_once(
    openhour: Openhour, portal: Any, post: SignInPost, end: str
) -> None:
    openhour.submit()
    [(_, link)] = list(mailed(openhour, portal, post))
    who = sign_in(link, USE, portal, openhour.clock)
    if end == "sign out":
        sign_out(who, portal, openhour.clock)
    assert list(mailed(openhour, portal, post)) == [(EMAIL, SignedIn(ANA, int(end == "sign out")))]


def test_signing_out_ends_every_link_and_token_from_before(openhour: Openhour, portal: Any, post: SignInPost) -> None:
    openhour.submit()
    [(_, link)] = list(mailed(openhour, portal, post))
    who = sign_in(link, USE, portal, openhour.clock)
    sign_out(who, portal, openhour.clock)
    sign_out(who, portal, openhour.clock)
    with pytest.raises(SignedOutError):
        sign_in(link, USE, portal, openhour.clock)
    with pytest.raises(SignedOutError):
        own_appointments(who, When.UPCOMING, None, portal, openhour.clock)
    openhour.clock.move(minutes=5)
    assert list(mailed(openhour, portal, post)) == [(EMAIL, SignedIn(ANA, 1))]
    assert sign_in(SignedIn(ANA, 1), USE, portal, openhour.clock).epoch == 1


def test_a_list_shows_a_request_right_after_it_was_made_and_as_it_stands(openhour: Openhour, portal: Any) -> None:
    made = openhour.submit()
    [line] = own_appointments(SignedIn(ANA, 0), When.UPCOMING, None, portal, openhour.clock).appointments
    assert (line.id, line.status, line.start, line.end) == (made.id, Status.PENDING, START, made.end)
    assert (line.deadline, line.provider.name) == (made.deadline, "Dr Maya Okafor")
    moved = openhour.change(made, start=at(9, 11)).request
    openhour.answer(moved, Decision.CONFIRM)
    [line] = own_appointments(SignedIn(ANA, 0), When.UPCOMING, None, portal, openhour.clock).appointments
    assert (line.status, line.start, line.deadline) == (Status.CONFIRMED, at(9, 11), None)


def test_an_appointment_is_upcoming_until_it_ends(openhour: Openhour, portal: Any) -> None:
    made = openhour.submit()
    openhour.submit(at(9, 9), key="key-00000002")
    who = SignedIn(ANA, 0)
    openhour.clock.present = made.end - timedelta(seconds=1)
    assert len(own_appointments(who, When.UPCOMING, None, portal, openhour.clock).appointments) == 2
    assert not own_appointments(who, When.PAST, None, portal, openhour.clock).appointments
    openhour.clock.present = made.end
    assert len(own_appointments(who, When.UPCOMING, None, portal, openhour.clock).appointments) == 1
    assert [line.id for line in own_appointments(who, When.PAST, None, portal, openhour.clock).appointments] == [
        made.id
    ]


def test_nobody_sees_what_is_not_theirs(openhour: Openhour, portal: Any) -> None:
    openhour.submit()
    assert not own_appointments(SignedIn("x" * 26, 0), When.UPCOMING, None, portal, openhour.clock).appointments


@pytest.mark.parametrize("when", list(When))
def test_a_long_list_comes_in_pages_that_leave_nothing_out(
    openhour: Openhour, portal: Any, when: When, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("openhour.adapters.dynamodb.portal", "tests.fakes.people"):
        monkeypatch.setattr(f"{module}.PAGE", 3)
    openhour.store.seed(practice(max_open_requests=99), provider())
    days = [at(day, hour) for day in (8, 9) for hour in range(9, 13)]
    wanted = [openhour.submit(start, key=f"key-{number:08}").id for number, start in enumerate(days)]
    openhour.clock.present = NOW if when is When.UPCOMING else at(20, 8)
    found, after = [], None
    while True:
        page = own_appointments(SignedIn(ANA, 0), when, after, portal, openhour.clock)
        found += [line.id for line in page.appointments]
        after = page.next
        if after is None:
            break
    assert found == (wanted if when is When.UPCOMING else wanted[::-1])


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize(
    ("after", "first"), [("APPT#", True), ("APPT#2000-01-01T00:00:00Z#x", True), ("APPT#~", False)]
)
def test_a_cursor_from_elsewhere_starts_where_it_would_stand(
    openhour: Openhour, portal: Any, when: When, after: str, first: bool
) -> None:
    openhour.submit()
    openhour.clock.present = NOW if when is When.UPCOMING else at(20, 8)
    page = own_appointments(SignedIn(ANA, 0), when, after, portal, openhour.clock)
    assert len(page.appointments) == (first if when is When.UPCOMING else not first)
    assert page.next is None


# Mail that came back


def note(openhour: Openhour, portal: Any, trouble: Trouble, request_id: str | None) -> bool:
    return Noting(openhour.store, portal, openhour.clock, no_pause).note(ANA, trouble, request_id)


def test_mail_that_came_back_marks_the_address_and_tells_the_provider_once(openhour: Openhour, portal: Any) -> None:
    made = openhour.submit()
    assert note(openhour, portal, Trouble.UNDELIVERABLE, made.id)
    assert not note(openhour, portal, Trouble.UNDELIVERABLE, made.id)
    noted = openhour.store.request(made.id)
    assert (noted.undeliverable, noted.status, noted.revision, noted.deadline) == (
        True,
        Status.PENDING,
        1,
        made.deadline,
    )
    assert [(mail.reader, mail.kind) for mail in openhour.store.owed(made.id, 2)[1]] == [
        (Reader.PROVIDER, MailKind.UNDELIVERABLE)
    ]
    assert portal.profile(ANA).undeliverable_at == NOW
    assert openhour.answer(made, Decision.CONFIRM).status is Status.CONFIRMED


def test_an_address_is_good_again_once_somebody_signs_in_with_it(openhour: Openhour, portal: Any) -> None:
    note(openhour, portal, Trouble.UNDELIVERABLE, None)
    sign_in(SignedIn(ANA, 0), USE, portal, openhour.clock)
    assert portal.profile(ANA).undeliverable_at is None


@pytest.mark.parametrize(("hours", "tried"), [(23, []), (24, [EMAIL])])
def test_an_address_that_mail_came_back_from_gets_a_link_through_once_a_day(
    openhour: Openhour, portal: Any, post: SignInPost, hours: int, tried: list[str]
) -> None:
    openhour.submit()
    note(openhour, portal, Trouble.UNDELIVERABLE, None)
    openhour.clock.present = NOW + timedelta(hours=hours)
    assert mailed(openhour, portal, post) == [(EMAIL, SignedIn(ANA, 0))]
    assert post.let_through_again == tried


@pytest.mark.parametrize(("hours", "tried"), [(0, []), (24, [EMAIL])])
def test_the_mail_that_asks_for_a_proof_gets_through_to_an_address_that_was_given_up(
    openhour: Openhour, portal: Any, hours: int, tried: list[str]
) -> None:
    openhour.submit()
    note(openhour, portal, Trouble.UNDELIVERABLE, None)
    openhour.clock.present = NOW + timedelta(hours=hours)
    openhour.store.seed(practice(verify=True), provider())
    again = openhour.submit(START + timedelta(days=1), key="key-00000002", signed_in=False)
    openhour.mailing.send_owed(again.id, 1)
    assert openhour.post.let_through_again == tried


def test_a_complaint_marks_the_address_and_tells_nobody(openhour: Openhour, portal: Any) -> None:
    made = openhour.submit()
    assert not note(openhour, portal, Trouble.COMPLAINT, made.id)
    assert portal.profile(ANA).complained_at == NOW
    assert openhour.store.request(made.id) == made


def test_of_a_request_that_has_ended_nobody_is_told(openhour: Openhour, portal: Any) -> None:
    made = openhour.submit()
    openhour.answer(made, Decision.DECLINE)
    assert not note(openhour, portal, Trouble.UNDELIVERABLE, made.id)
    assert not note(openhour, portal, Trouble.UNDELIVERABLE, "x" * 26)
