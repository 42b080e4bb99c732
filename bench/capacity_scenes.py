"""What is measured: each access to the table in a practice of believable size, on days that are booked up to a half."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openhour.adapters import keys
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.dynamodb.client import Table, typed
from openhour.adapters.dynamodb.directory import DynamoDBDirectory
from openhour.adapters.dynamodb.items import to_item
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.packing import packed
from openhour.adapters.snapshots import practice_to_json, provider_to_json, version_of
from openhour.application.admission import Admission, Caller, Caps, Ration
from openhour.application.client.change import Change, Changing
from openhour.application.client.directory import bookable_provider, public_practice, public_providers
from openhour.application.client.manage import ManageLink, end, see
from openhour.application.client.slot_lookup import SlotQuery, slots_of_any, slots_of_provider
from openhour.application.client.submit import Key, Person, Submitting, Wish
from openhour.application.errors import SlotTakenError
from openhour.application.jobs.erase import Erasing
from openhour.application.jobs.expire import expire_overdue
from openhour.application.jobs.mailing import Mailing
from openhour.application.jobs.republishing import Republishing
from openhour.application.ports.requests import Near
from openhour.application.provider.answer import Answer, Answering, AnswerLink, Decision, look
from openhour.application.signed_in import SignedIn
from openhour.domain.deadlines import Hold
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Event, Mail, Request
from openhour.domain.slots import Wanted
from openhour.domain.values import Block, Forum, Location, Practice, Provider, SelfSchedule, Service

ZONE = "Europe/London"
MONDAY = date(2027, 3, 8)
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
"""The present of every scene."""
_WANTED = Wanted("session", "harbour", Forum.IN_PERSON)
_NOTE = "I have been sleeping badly since the move and would rather talk in the morning. " * 3
_BOOKED_HOURS = (9, 10, 11, 13)
_DAYS = 5
PROVIDERS = 3


@dataclass
class _Clock:
    present: datetime = NOW

    def now(self) -> datetime:
        return self.present


class _Identity:
    """Ids as long as the real ones."""

    def client_id(self, email: str) -> str:
        return f"client{email.partition('@')[0]}".ljust(26, "c")

    def request_id(self, _email: str, idempotency_key: str) -> str:
        return f"request{idempotency_key}".ljust(26, "r")

    def caller_id(self, _address: str) -> str:
        return "caller".ljust(26, "c")


class _Elsewhere:
    """The bus, the mail service and proofs of work, which cost the table nothing."""

    def publish(self, events: Iterable[Event]) -> None:
        list(events)

    def deliver(
        self, mail: Mail, request: Request, practice: Practice, provider: Provider, around: Neighbours | None = None
    ) -> None:
        """Taken."""

    def let_through(self, email: str) -> None:
        """Nobody's mail came back."""

    def challenge(self, _now: datetime) -> Mapping[str, str | int]:
        return {}

    def solved(self, _proof: str, _now: datetime) -> str | None:
        return None


class Stage:
    """A practice on a table, with everything that can be done to it."""

    def __init__(self, client: Any, table: str) -> None:
        """`client` is metered; `table` is empty."""
        self.table = Table(client, table)
        self.clock = _Clock()
        self.directory = DynamoDBDirectory(self.table)
        self.requests = DynamoDBRequests(self.table)
        self.outbox = DynamoDBOutbox(self.table)
        self.elsewhere = _Elsewhere()
        self._plain = client.client
        self._number = 0

    def prepare(self) -> None:
        """Write the practice, and book four sessions on each of the provider's five days."""
        self.put_practice(_PRACTICE)
        for number in range(PROVIDERS):
            provider = believable_provider(f"provider-{number}")
            self.put(keys.provider(provider.id), provider_to_json(provider))
        self.put_directory()
        for day in range(_DAYS):
            for hour in _BOOKED_HOURS:
                self.submit(_at(day, hour))

    def put_directory(self) -> None:
        """Write practice and providers once more, as applying a practice file does; unmeasured."""
        directory = DynamoDBDirectory(Table(self._plain, self.table.name))
        practice, providers = directory.one_by_one()
        whole = None if practice is None else packed(practice, providers)
        if whole is None:
            raise AssertionError("the practice is none, or too large")
        self._plain.put_item(
            TableName=self.table.name,
            Item=typed(keys.directory()) | {"document": {"B": whole.document}, "version": {"S": whole.version}},
        )

    def without_directory(self) -> None:
        """As before the first application by code that knows of it."""
        self._plain.delete_item(TableName=self.table.name, Key=typed(keys.directory()))

    def put_practice(self, practice: Practice) -> None:
        """Write the practice's own settings, unmeasured."""
        self.put(keys.practice(), practice_to_json(practice))

    def put(self, key: keys.Key, text: str) -> None:
        """Write a document, unmeasured."""
        item = to_item(key, {"document": text, "version": version_of(text)})
        self._plain.put_item(TableName=self.table.name, Item=item)

    def submitting(self) -> Submitting:
        """The use case of a submission."""
        ration = Ration(DynamoDBCallers(self.table), _Identity(), Caps())
        admission = Admission(ration, _Elsewhere())
        return Submitting(self.requests, _Identity(), self.clock, Hold.parse("48h"), _no_pause, admission)

    def submit(self, start: datetime, key: str | None = None, *, signed_in: bool = True) -> Request:
        """Ask for a time, as somebody else each time."""
        self._number += 1
        person = Person("Ana Maria Lima", f"ana{self._number:04d}@example.com", "+351 21 000 0000", "Europe/Lisbon")
        if key is not None:
            person = Person("Ana Maria Lima", f"{key}@example.com")
        if signed_in:
            person = _signed_in(person)
        return self.submitting().submit(
            _wish(start), person, Key(key or f"{self._number:08d}", "0" * 64), Caller("192.0.2.7")
        )

    def erasing(self) -> Erasing:
        """The use case that makes requests anonymous."""
        return Erasing(DynamoDBArchive(self.table), self.requests, self.outbox, self.clock, _no_pause)

    def offer(self, request: Request) -> None:
        """Offer times on two other days."""
        answering = Answering(self.requests, self.clock, Hold.parse("48h"), _no_pause)
        answering.answer(_answer_link(request), Answer(Decision.OFFER, starts=(_at(2, 15), _at(3, 16))))

    def change(self, request: Request) -> None:
        """Ask for another day."""
        changing = Changing(self.requests, _Identity(), self.clock, Hold.parse("48h"), _no_pause)
        changing.change(_manage_link(request), Change(start=_at(2, 16)))

    def decide(self, request: Request, decision: Decision) -> None:
        """Answer it."""
        reason = "I am away on that day." if decision is Decision.DECLINE else None
        answering = Answering(self.requests, self.clock, Hold.parse("48h"), _no_pause)
        answering.answer(_answer_link(request), Answer(decision, reason))


def _signed_in(person: Person) -> Person:
    return replace(person, signed_in=SignedIn(_Identity().client_id(person.email), 0))


def believable_provider(provider_id: str) -> Provider:
    """Somebody with four services at one location, all week."""
    services = {name: _service(name) for name in ("session", "first-session", "check-in", "introductory-call")}
    blocks = tuple(
        Block(frozenset(range(1, 6)), start, end, "harbour", frozenset(Forum), frozenset(services))
        for start, end in ((9 * 60, 12 * 60 + 30), (13 * 60, 18 * 60))
    )
    return Provider(
        id=provider_id,
        name="Dr Maya Okafor",
        title="Clinical psychologist",
        email="maya.okafor@harbour.example",
        time_zone=ZONE,
        self_schedule=SelfSchedule.PUBLIC,
        services=services,
        locations={"harbour": Location("harbour", "Harbour rooms", "14 Quay Lane\nLondon", ZONE)},
        blocks=blocks,
        telehealth_url="https://meet.harbour.example/maya-okafor",
    )


def _service(name: str) -> Service:
    description = "We take the time to hear what brings you here, and agree how to go on."
    return Service(name, name.title(), 50, 15, buffer_after=10, price="£85 / 95 €", description=description)


_PRACTICE = Practice(
    id="harbour",
    name="Harbour Psychology",
    neutral_name="Harbour Office",
    contact="Call the front desk on +44 20 7946 0321, weekdays 9:00 to 16:00.",
    time_zone=ZONE,
    privacy_text="We use what you write here only to arrange your appointment.",
    verify=False,
)


def _at(day: int, hour: int) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour), ZoneInfo(ZONE))


def _wish(start: datetime) -> Wish:
    return Wish("provider-0", _WANTED, start, _NOTE)


def _near(request: Request) -> Near:
    return Near(request.provider.id, request.start.astimezone(UTC).date(), request.client.id)


def _answer_link(request: Request) -> AnswerLink:
    near = _near(request)
    return AnswerLink(request.id, request.revision, Near(near.provider, near.day, request.client.id))


def _manage_link(request: Request) -> ManageLink:
    return ManageLink(request.id, _near(request))


def _no_pause(_attempt: int) -> None:
    """Nobody else writes."""


# Scenes: what comes before is not measured, what it returns is.

type Act = Callable[[], object]


@dataclass(frozen=True)
class Scene:
    """One row of the table. `prepare` returns what is measured."""

    title: str
    prepare: Callable[[Stage], Act]


def query(days: int) -> SlotQuery:
    """A look-up over so many dates."""
    return SlotQuery(_WANTED, MONDAY, MONDAY + timedelta(days=days - 1))


def _replayed(stage: Stage) -> Act:
    stage.submit(_at(0, 14), key="repeated0")
    return lambda: stage.submit(_at(0, 14), key="repeated0")


def _unproven(stage: Stage) -> Act:
    stage.put_practice(replace(_PRACTICE, verify=True))

    def ask() -> None:
        stage.submit(_at(0, 17), signed_in=False)
        stage.put_practice(_PRACTICE)

    return ask


def _taken(stage: Stage) -> Act:
    def ask() -> None:
        try:
            stage.submit(_at(0, 9))
        except SlotTakenError:
            return
        raise AssertionError("the time was free")

    return ask


def _submitted(hour: int, act: Callable[[Stage, Request], object], day: int = 1) -> Callable[[Stage], Act]:
    def prepare(stage: Stage) -> Act:
        request = stage.submit(_at(day, hour))
        return lambda: act(stage, request)

    return prepare


def _send(stage: Stage, request: Request) -> None:
    mailing = Mailing(stage.outbox, stage.elsewhere, stage.clock, _no_pause)
    assert mailing.send_owed(request.id, request.version) == 2


def _overdue(stage: Stage) -> Act:
    _settle_everything(stage)
    stage.submit(_at(4, 14))
    stage.clock.present += timedelta(minutes=11)
    return lambda: Republishing(stage.outbox, stage.elsewhere, stage.clock).publish(lambda: True)


def _settle_everything(stage: Stage) -> None:
    for mail in list(stage.outbox.unsent(stage.clock.now() + timedelta(days=99))):
        stage.outbox.sent(mail, stage.clock.now())


def _expired(stage: Stage) -> Act:
    stage.clock.present += timedelta(days=3)
    expire_overdue(stage.requests, stage.clock, _no_pause, lambda: True)
    stage.submit(_at(4, 15))
    stage.clock.present += timedelta(days=3)
    return lambda: expire_overdue(stage.requests, stage.clock, _no_pause, lambda: True)


def _nothing_old(stage: Stage) -> Act:
    stage.put_practice(replace(_PRACTICE, keep_days=3650))
    return lambda: stage.erasing().anonymise_old(lambda: True)


def _old(stage: Stage) -> Act:
    """One request, its client's only one, that ended a day ago; what is older was made anonymous before."""
    stage.put_practice(replace(_PRACTICE, keep_days=1))
    for _ in range(2):
        stage.clock.present += timedelta(days=2)
        expire_overdue(stage.requests, stage.clock, _no_pause, lambda: True)
    stage.erasing().anonymise_old(lambda: True)
    stage.decide(stage.submit(_at(4, 16)), Decision.DECLINE)
    stage.clock.present += timedelta(days=1)
    return lambda: stage.erasing().anonymise_old(lambda: True)


def _over(stage: Stage) -> Act:
    """Three requests of one person that are over, the last one for a day."""
    person = _signed_in(Person("Ana Maria Lima", "over@example.com"))
    for hour in (14, 15, 16):
        key = Key(f"over{hour:04d}", "0" * 64)
        made = stage.submitting().submit(_wish(_at(7, hour)), person, key, Caller("192.0.2.7"))
        stage.decide(made, Decision.DECLINE)
    stage.clock.present += timedelta(days=1)
    return lambda: stage.erasing().forget(_Identity().client_id(person.email))


SCENES: tuple[Scene, ...] = (
    Scene(f"All providers ({PROVIDERS})", lambda stage: lambda: public_providers(stage.directory)),
    Scene("The practice alone", lambda stage: lambda: public_practice(stage.directory)),
    Scene("One provider", lambda stage: lambda: bookable_provider("provider-0", stage.directory)),
    Scene(
        "Slots of one provider, 7 dates, 20 entries",
        lambda stage: lambda: slots_of_provider("provider-0", query(7), stage.directory, stage.clock),
    ),
    Scene(
        "Slots of one provider, 62 dates, 20 entries",
        lambda stage: lambda: slots_of_provider("provider-0", query(62), stage.directory, stage.clock),
    ),
    Scene(
        f"Slots of any of {PROVIDERS} providers, 14 dates",
        lambda stage: lambda: slots_of_any(query(14), stage.directory, stage.clock),
    ),
    Scene("Validate a submission", lambda stage: lambda: stage.submitting().validate(_wish(_at(0, 15)), None)),
    Scene("Submit, on a day with 4 entries", lambda stage: lambda: stage.submit(_at(0, 16))),
    Scene("Submit, for an address that is not proven", _unproven),
    Scene("Submit again under the same key", _replayed),
    Scene("Submit for a time that is taken", _taken),
    Scene("See a request", _submitted(14, lambda stage, made: see(_manage_link(made), stage.requests, stage.clock))),
    Scene(
        "Look at the answer page",
        _submitted(15, lambda stage, made: look(_answer_link(made), stage.requests, stage.clock)),
    ),
    Scene("Confirm", _submitted(16, lambda stage, made: stage.decide(made, Decision.CONFIRM))),
    Scene("Decline", _submitted(17, lambda stage, made: stage.decide(made, Decision.DECLINE))),
    Scene("Offer two other times", _submitted(14, lambda stage, made: stage.offer(made), day=2)),
    Scene("Change to another day", _submitted(14, lambda stage, made: stage.change(made), day=3)),
    Scene(
        "Withdraw",
        _submitted(17, lambda stage, made: end(_manage_link(made), None, stage.requests, stage.clock, _no_pause)),
    ),
    Scene("Send the two mails of a submission", _submitted(17, _send)),
    Scene("Publish again what two mails wait for", _overdue),
    Scene("Scheduled job, one request to expire", _expired),
    Scene(
        "Scheduled job, nothing to do: requests",
        lambda stage: lambda: expire_overdue(stage.requests, stage.clock, _no_pause, lambda: True),
    ),
    Scene("Scheduled job, nothing to make anonymous", _nothing_old),
    Scene("Scheduled job, one request to make anonymous, its client's last", _old),
    Scene("Erase one's own data, three requests", _over),
)
