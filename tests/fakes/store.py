"""The table in memory: the same answers as the real adapters, which the contract tests make sure of."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from openhour.application.ports.contention import ContentionError
from openhour.application.ports.outbox import REPUBLISHED_AFTER, LeasedError
from openhour.application.ports.requests import Found, Near, Submission, Surroundings
from openhour.domain.agenda import Agenda, is_unproven, is_unverified
from openhour.domain.booking import LedgerChange, window
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import DayLedger, Days, instant_of
from openhour.domain.requests import Event, Mail, Request, Step
from openhour.domain.transitions import Action, Reader
from openhour.domain.values import Practice, Provider
from tests.fakes.callers import InMemoryCallers

type MailKey = tuple[str, int, Reader, int]


@dataclass
class OwedMail:
    """A mail and how far it has come."""

    mail: Mail
    publish_at: datetime
    state: str = "due"
    lease_until: datetime | None = None

    @property
    def unsent(self) -> bool:
        return self.state in {"due", "leased"}


@dataclass
class InMemoryStore(InMemoryCallers):
    """The ports Directory, Requests, Outbox and Callers."""

    practice: Practice | None = None
    everyone: dict[str, Provider] = field(default_factory=dict)
    ledgers: dict[tuple[str, date], DayLedger] = field(default_factory=dict)
    external: dict[tuple[str, date], list[tuple[int, int]]] = field(default_factory=dict)
    stored: dict[str, Request] = field(default_factory=dict)
    history: dict[tuple[str, int], Event] = field(default_factory=dict)
    mails: dict[MailKey, OwedMail] = field(default_factory=dict)
    agendas: dict[str, Agenda] = field(default_factory=dict)
    profiles: dict[str, ClientProfile] = field(default_factory=dict)
    rows: dict[tuple[str, datetime, str], Request] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def seed(self, practice: Practice, *providers: Provider) -> None:
        self.practice = practice
        self.everyone |= {provider.id: provider for provider in providers}

    def block(self, provider_id: str, start: datetime, end: datetime) -> None:
        day = start.date()
        self.external.setdefault((provider_id, day), []).append((_minute(start), _minute(end)))

    def list_client(self, client_id: str) -> None:
        self.profiles[client_id] = replace(self.profile(client_id), listed=True)

    def complain(self, client_id: str, at: datetime) -> None:
        self.profiles[client_id] = replace(self.profile(client_id), complained_at=at)

    # Directory

    def provider(self, provider_id: str) -> Provider | None:
        return self.everyone.get(provider_id)

    def practice_alone(self) -> Practice | None:
        return self.practice

    def providers(self) -> tuple[Practice | None, Sequence[Provider]]:
        return self.practice, [self.everyone[provider_id] for provider_id in sorted(self.everyone)]

    def days(self, provider_id: str, first: date, last: date) -> Days:
        dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        ledgers = {day: self.ledgers[provider_id, day] for day in dates if (provider_id, day) in self.ledgers}
        return Days(ledgers, tuple(busy for day in dates for busy in self.external.get((provider_id, day), ())))

    def days_of_all(self, provider_ids: Sequence[str], first: date, last: date) -> Mapping[str, Days]:
        return {provider_id: self.days(provider_id, first, last) for provider_id in provider_ids}

    # Requests

    def submission(self, request_id: str | None, client_id: str | None, provider_id: str, day: date) -> Submission:
        with self.lock:
            return Submission(
                practice=self.practice,
                provider=self.provider(provider_id),
                days=self.days(provider_id, *window(day)),
                request=self.stored.get(request_id or ""),
                agenda=self.agendas.get(client_id or "", Agenda()),
                profile=self.profile(client_id or ""),
            )

    def request(self, request_id: str) -> Request | None:
        return self.stored.get(request_id)

    def with_days(self, request_id: str, near: Near | None) -> Found | None:
        with self.lock:
            return self._found(request_id, ())

    def with_surroundings(
        self, request_id: str, near: Near | None, dates: Sequence[date], *, client: bool = True
    ) -> Surroundings | None:
        with self.lock:
            found = self._found(request_id, dates)
            if found is None:
                return None
            client_id, provider_id = found.request.client.id, found.request.provider.id
            return Surroundings(found, self.practice, self.provider(provider_id), self.profile(client_id))

    def _found(self, request_id: str, dates: Sequence[date]) -> Found | None:
        request = self.stored.get(request_id)
        if request is None:
            return None
        agenda = self.agendas.get(request.client.id, Agenda())
        move = agenda.move_of(request_id)
        starts = [request.start, *request.offered, *([request.replaces_start] if request.replaces_start else [])]
        starts += [] if move is None else [instant_of(start) for start, _ in agenda.held[move].times]
        wanted = {day for start in starts for day in _around(start.astimezone(UTC).date())}
        wanted |= {day for middle in dates for day in _around(middle)}
        ledgers = {
            day: self.ledgers[request.provider.id, day] for day in wanted if (request.provider.id, day) in self.ledgers
        }
        external = tuple(busy for day in sorted(wanted) for busy in self.external.get((request.provider.id, day), ()))
        replaced, moving = self.stored.get(request.replaces or ""), self.stored.get(move or "")
        return Found(request, Days(ledgers, external), agenda, replaced, moving)

    def profile(self, client_id: str) -> ClientProfile:
        return self.profiles.get(client_id, ClientProfile())

    def commit(self, step: Step, ledgers: LedgerChange, agenda: Agenda, beside: Step | None = None) -> None:
        with self.lock:
            proven = [each for each in (step, beside) if each is not None and not is_unproven(each)]
            self._check(step, ledgers, agenda if proven else None)
            self._check_not_anonymous(step, beside)
            if beside is not None and self.stored[beside.after.id] != beside.before:
                raise ContentionError
            self._write(step)
            if beside is not None:
                self._write(beside)
            self.ledgers |= {(step.after.provider.id, ledger.day): ledger for ledger in ledgers.writes}
            if proven:
                self.agendas[step.after.client.id] = agenda.after(*proven)
            if step.transition.action is Action.VERIFY:
                client_id = step.after.client.id
                known = self.profile(client_id)
                self.profiles[client_id] = replace(
                    known, verified_at=known.verified_at or step.after.status_at, undeliverable_at=None
                )

    def _check(self, step: Step, ledgers: LedgerChange, agenda: Agenda | None) -> None:
        after, now = step.after, self.stored.get(step.after.id)
        seen = {ledger.day: ledger.version - 1 for ledger in ledgers.writes}
        seen |= {ledger.day: ledger.version for ledger in ledgers.checks}
        unchanged = (now.version if now else None) == (step.before.version if step.before else None) and all(
            self.days(after.provider.id, day, day).ledger(day).version == version for day, version in seen.items()
        )
        if agenda is not None:
            unchanged &= self.agendas.get(after.client.id, Agenda()).version == agenda.version
        if not unchanged:
            raise ContentionError

    def _check_not_anonymous(self, *steps: Step | None) -> None:
        written = [self.stored.get(step.after.id) for step in steps if step is not None]
        if any(request is not None and request.anonymised_at is not None for request in written):
            raise ContentionError

    def _write(self, step: Step) -> None:
        after = step.after
        self.stored[after.id] = after
        self.history[after.id, after.version] = step.event
        for mail in step.mails:
            publish_at = mail.due if mail.number else mail.due + REPUBLISHED_AFTER
            self.mails[_mail_key(mail)] = OwedMail(mail, publish_at)
        if is_unverified(step):
            return
        if step.before is not None:
            self.rows.pop((after.client.id, step.before.start, after.id), None)
        self.rows[after.client.id, after.start, after.id] = after

    def overdue(self, now: datetime) -> Iterator[str]:
        found = [(kept.deadline, kept.id) for kept in self.stored.values() if kept.deadline and kept.deadline <= now]
        return iter([request_id for _, request_id in sorted(found)])

    # Outbox

    def owed(self, request_id: str, version: int) -> tuple[Request | None, Sequence[Mail]]:
        mails = [
            owed.mail for key, owed in sorted(self.mails.items()) if key[:2] == (request_id, version) and owed.unsent
        ]
        return self.stored.get(request_id), mails

    def readers(self, provider_id: str) -> tuple[Practice | None, Provider | None]:
        return self.practice, self.provider(provider_id)

    def lease(self, mail: Mail, now: datetime) -> None:
        with self.lock:
            owed = self._owed(mail)
            lapsed = owed.state == "leased" and owed.lease_until is not None and owed.lease_until <= now
            if owed.state != "due" and not lapsed:
                raise LeasedError
            owed.state, owed.lease_until = "leased", now + timedelta(minutes=5)

    def release(self, mail: Mail, failure: str) -> None:
        owed = self._owed(mail)
        if owed.state == "leased":
            owed.state, owed.lease_until = "due", None

    def sent(self, mail: Mail, now: datetime) -> None:
        self._owed(mail).state = "sent"

    def superseded(self, mail: Mail, now: datetime) -> None:
        self._owed(mail).state = "superseded"

    def unsent(self, now: datetime) -> Iterator[Mail]:
        due = [owed for owed in self.mails.values() if owed.unsent and owed.publish_at <= now]
        return iter([owed.mail for owed in sorted(due, key=lambda owed: owed.publish_at)])

    def events(self, versions: Sequence[tuple[str, int]]) -> Sequence[Event]:
        return [self.history[key] for key in versions if key in self.history]

    def postpone(self, mail: Mail, now: datetime) -> None:
        owed = self._owed(mail)
        if owed.unsent:
            owed.publish_at = now + REPUBLISHED_AFTER

    def _owed(self, mail: Mail) -> OwedMail:
        return self.mails[_mail_key(mail)]


def _mail_key(mail: Mail) -> MailKey:
    return mail.request, mail.version, mail.reader, mail.number


def _around(day: date) -> tuple[date, date, date]:
    first, last = window(day)
    return first, day, last


def _minute(instant: datetime) -> int:
    return int(instant.timestamp()) // 60
