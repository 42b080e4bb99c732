"""Any life that people can give to requests: the real use cases over moto against a simple model.

Several clients and one provider do what they can in any order, the clock jumps, mails are sent or not. After every
step the table must agree with itself and with the model. `make test` takes 500 steps, `make test-long` 10,000.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb import dynamodb_backends

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.ledgers import ledger_of
from openhour.application.client.submit import Key, Person
from openhour.application.errors import ApplicationError
from openhour.application.provider.answer import Decision, Standing
from openhour.application.signed_in import SignedIn
from openhour.domain import transitions
from openhour.domain.agenda import held_of
from openhour.domain.booking import entries_of
from openhour.domain.errors import DomainError
from openhour.domain.requests import Request
from openhour.domain.transitions import OPEN, Status
from tests.builders import at, practice, provider
from tests.cloud import TABLE, MotoStore
from tests.fakes.world import FakeIdentity
from tests.use_cases import CALLER, Openhour, wished

STEPS = int(os.environ.get("OPENHOUR_STEPS", "500"))
_PER_LIFE = 25
PROVIDERS = ("maya-okafor", "ben-hill")
CLIENTS = ("ana@client.example", "bo@client.example")
STARTS = [at(8, 9) + timedelta(minutes=15 * number) for number in range(10)] + [at(9, 9), at(9, 10)]
ALLOWED = {(row.source, row.target) for row in transitions.TABLE}


@dataclass
class Model:
    """What a person would write down: of each request its status, its time, and the offers."""

    status: dict[str, Status] = field(default_factory=dict)
    seen: dict[str, Request] = field(default_factory=dict)
    sent: set[tuple[str, int, str, int]] = field(default_factory=set)


class Lives(RuleBasedStateMachine):
    """The actors."""

    def __init__(self) -> None:
        super().__init__()
        self.aws = mock_aws()
        self.aws.start()
        self.store = MotoStore()
        rules = {"max_open_requests": 3, "client_reminder": 1440, "provider_reminders": True, "keep_days": 1}
        self.practice = practice(verify=True, **rules)
        self.store.seed(self.practice, provider(max_per_day=4), provider(id="ben-hill", name="Ben Hill"))
        self.openhour = Openhour(self.store)
        self.erasing = self.openhour.erasing(DynamoDBArchive(self.store.table))
        self.model = Model()
        self.count = 0

    def teardown(self) -> None:
        self.aws.stop()

    # What people do. A refusal is fine: the invariants say what must be so all the same.

    @rule(
        client=st.sampled_from(CLIENTS),
        start=st.sampled_from(STARTS),
        provider=st.sampled_from(PROVIDERS),
        signed_in=st.booleans(),
    )
    def submit(self, client: str, start: datetime, provider: str, signed_in: bool) -> None:
        self.count += 1
        client_id = FakeIdentity().client_id(client)
        who = SignedIn(client_id, self.store.profile(client_id).epoch) if signed_in else None
        person = Person("Ana Lima", client, time_zone="Europe/Lisbon", signed_in=who)
        key = Key(f"key-{self.count:08}", "0")
        self._try(lambda: self.openhour.submitting.submit(wished(start, provider=provider), person, key, CALLER))

    @rule(verify=st.booleans())
    def ask_for_proof(self, verify: bool) -> None:
        self.store.seed(replace(self.practice, verify=verify))

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data())
    def verify(self, data: st.DataObject) -> None:
        self._try(lambda: self.openhour.verify(self._any(data)).request)

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data(), decision=st.sampled_from([Decision.CONFIRM, Decision.DECLINE, Decision.CANCEL]))
    def answer(self, data: st.DataObject, decision: Decision) -> None:
        request = self._any(data)
        answered = self._try(lambda: self.openhour.answer(request, decision))
        if answered is not None and answered.standing is Standing.DONE:
            assert self.openhour.answer(request, decision).standing is Standing.DONE  # pressed twice

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data(), starts=st.lists(st.sampled_from(STARTS), min_size=1, max_size=3))
    def offer(self, data: st.DataObject, starts: list[datetime]) -> None:
        self._try(lambda: self.openhour.offer(self._any(data), *starts))

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data(), start=st.sampled_from(STARTS))
    def change_or_move(self, data: st.DataObject, start: datetime) -> None:
        self._try(lambda: self.openhour.change(self._any(data), start=start))

    @precondition(lambda self: any(request.offered for request in self.model.seen.values()))
    @rule(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        offered = [request for request in self.model.seen.values() if request.offered]
        request = data.draw(st.sampled_from(sorted(offered, key=lambda one: one.id)))
        self._try(lambda: self.openhour.change(request, chosen=data.draw(st.sampled_from(request.offered))))

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data(), note=st.sampled_from(["", "Mornings.", None]))
    def edit_note(self, data: st.DataObject, note: str | None) -> None:
        self._try(lambda: self.openhour.change(self._any(data), note=note, note_given=True))

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data())
    def withdraw_or_cancel(self, data: st.DataObject) -> None:
        self._try(lambda: self.openhour.end(self._any(data)))

    @rule(client=st.sampled_from(CLIENTS))
    def be_forgotten(self, client: str) -> None:
        client_id = FakeIdentity().client_id(client)
        if self._try(lambda: [self.erasing.forget(client_id)]):
            of_client = {item["sk"]["S"] for item in self._items(f"CLIENT#{client_id}", "")}
            assert of_client == {"PROFILE"}
            waiting = (one for one in self._requests() if one.client.id == client_id)
            assert {one.status for one in waiting} <= {Status.UNVERIFIED}

    @rule(hours=st.sampled_from([0.1, 0.6, 5, 30, 60]))
    def time_goes_by(self, hours: float) -> None:
        self.openhour.clock.move(hours=hours)

    @rule()
    def the_job_runs(self) -> None:
        self.openhour.expire()
        for mail in list(self.store.unsent(self.openhour.clock.now())):
            self.openhour.mailing.send_owed(mail.request, mail.version)
        self._note_sent()
        self.erasing.anonymise_old(lambda: True)

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data())
    def an_event_arrives_again(self, data: st.DataObject) -> None:
        request = self._any(data)
        version = data.draw(st.integers(1, self.store.request(request.id).version))
        self.openhour.mailing.send_owed(request.id, version)
        self._note_sent()

    # What must be so after every step

    @invariant()
    def every_status_was_reached_by_the_table(self) -> None:
        for request in self._requests():
            before = self.model.status.get(request.id)
            if before is not request.status:
                known = {before} | ({Status.PENDING} if before is None else set())
                assert any((source, request.status) in ALLOWED for source in known), (before, request.status)
            self.model.status[request.id] = request.status
            if request.anonymised_at is None:
                self.model.seen[request.id] = request

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for provider_id in PROVIDERS:
            self._check_one_place(provider_id)

    def _check_one_place(self, provider_id: str) -> None:
        now = int(self.openhour.clock.now().timestamp())
        ledgers = self._ledgers(provider_id)
        live = [entry for ledger in ledgers for entry in ledger.entries.values() if entry.live(now)]
        for number, one in enumerate(live):
            for other in live[number + 1 :]:
                if one.request in {other.request, other.replaces} or other.request == one.replaces:
                    continue
                first, second = sorted((one, other), key=lambda entry: entry.start)
                gap = max(first.buffer_after, second.buffer_before)
                assert first.end + gap <= second.start, (first, second)

    @invariant()
    def ledgers_and_requests_agree(self) -> None:
        now = self.openhour.clock.now()
        wanted = {
            (entry.id, entry.start, entry.deadline)
            for request in self._requests()
            if request.status_now(now) is request.status
            for entry in entries_of(request)
        }
        found = {
            (entry.id, entry.start, entry.deadline)
            for ledger in self._ledgers()
            for entry in ledger.entries.values()
            if entry.live(int(now.timestamp()))
        }
        assert found == wanted

    @invariant()
    def lists_and_limits_agree_with_requests(self) -> None:
        rows = {item["id"]["S"]: item for item in self._items("CLIENT#", "APPT#")}
        named = [request for request in self._requests() if request.anonymised_at is None]
        listed = {request.id: request for request in named if self._was_verified(request)}
        assert rows.keys() == listed.keys()
        for request_id, request in listed.items():
            assert (rows[request_id]["status"]["S"], rows[request_id]["version"]["N"]) == (
                request.status.value,
                str(request.version),
            )
        now = self.openhour.clock.now()
        for item in self._items("CLIENT#", "OPEN"):
            agenda, client = records.agenda_of(item), item["pk"]["S"].removeprefix("CLIENT#")
            standing = {own: held for own, held in agenda.held.items() if held.stands(now)}
            wanted = {
                own: held_of(request)
                for own, request in listed.items()
                if request.client.id == client and request.proven and self._stands(request)
            }
            assert standing == wanted
            assert agenda.held.keys() <= listed.keys()
            assert agenda.waiting(now) <= 3

    @invariant()
    def no_client_is_in_two_places(self) -> None:
        """But for times that a provider offers: whoever chooses one must be free then."""
        standing = [one for one in self._requests() if one.proven and self._stands(one)]
        asked = [one for one in standing if one.status is not Status.OFFERED]
        for number, one in enumerate(asked):
            for other in asked[number + 1 :]:
                is_own = one.client.id == other.client.id and one.id != other.replaces and other.id != one.replaces
                assert not is_own or one.end <= other.start or other.end <= one.start, (one, other)

    @invariant()
    def history_is_whole_and_every_mail_is_owed_sent_or_superseded(self) -> None:
        events: dict[str, list[int]] = {}
        for item in self._items("REQUEST#", "EVENT#"):
            events.setdefault(item["request"]["S"], []).append(int(item["version"]["N"]))
        for request in self._requests():
            versions = sorted(events[request.id])
            assert versions == list(range(versions[0], request.version + 1))
        for item in self._items("REQUEST#", "MAIL#"):
            assert item["state"]["S"] in {"due", "sent", "superseded"}
            assert (keys.UNSENT_PK in item) == (item["state"]["S"] == "due")

    @invariant()
    def an_appointment_has_one_move_at_most(self) -> None:
        now = self.openhour.clock.now()
        waiting = [one.replaces for one in self._requests() if one.replaces and one.status_now(now) in OPEN]
        assert len(waiting) == len(set(waiting))
        stored = {one.id: one for one in self._requests()}
        assert all(stored[old].status is Status.CONFIRMED for old in waiting)

    @invariant()
    def what_is_over_for_good_names_nobody_and_nothing_else_forgets_whose_it_is(self) -> None:
        now = self.openhour.clock.now()
        for item in self._items("REQUEST#", "REQUEST"):
            request = records.request_of(item)
            anonymous = request.anonymised_at is not None
            assert ("client.example" in str(item)) is not anonymous
            over = request.over_at is not None and request.over_at <= now
            assert over or not anonymous
            assert (keys.KEPT_PK in item) == (request.over_at is not None and not anonymous)

    # Looking at the table

    def _any(self, data: st.DataObject) -> Request:
        """A request as somebody saw it last: perhaps out of date."""
        return self.model.seen[data.draw(st.sampled_from(sorted(self.model.seen)))]

    def _try(self, act: Any) -> Any:
        try:
            return act()
        except (ApplicationError, DomainError):
            return None

    def _note_sent(self) -> None:
        for mail in self.openhour.post.delivered:
            key = (mail.request, mail.version, mail.reader.value, mail.number)
            assert key not in self.model.sent, "sent twice"
            self.model.sent.add(key)
        self.openhour.post.delivered.clear()

    def _stands(self, request: Request) -> bool:
        now = self.openhour.clock.now()
        return request.status_now(now).is_open or (request.status is Status.CONFIRMED and now < request.end)

    def _was_verified(self, request: Request) -> bool:
        if request.status is not Status.EXPIRED:
            return request.status is not Status.UNVERIFIED
        return any(
            item["request"]["S"] == request.id and item["status"]["S"] == Status.PENDING.value
            for item in self._items("REQUEST#", "EVENT#")
        )

    def _requests(self) -> list[Request]:
        return [records.request_of(item) for item in self._items("REQUEST#", "REQUEST")]

    def _ledgers(self, provider_id: str = "") -> list[Any]:
        return [ledger_of(item) for item in self._items(f"PROVIDER#{provider_id}", "DAY#")]

    def _items(self, partition: str, sort: str) -> Iterator[dict[str, Any]]:
        # Past the API: it is looked at after every step.
        for stored in dynamodb_backends[DEFAULT_ACCOUNT_ID]["eu-west-2"].tables[TABLE].all_items():
            item = stored.to_json()["Attributes"]
            if item["pk"]["S"].startswith(partition) and item["sk"]["S"].startswith(sort):
                yield item


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=STEPS // _PER_LIFE,
    stateful_step_count=_PER_LIFE,
    deadline=None,
    derandomize=STEPS <= 500,
    suppress_health_check=list(HealthCheck),
)
