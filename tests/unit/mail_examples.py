"""Requests as they really come, one for every mail about one, a sign-in mail, and what to read a composed mail with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from openhour.adapters.mail.message import message
from openhour.adapters.mail.sign_in import sign_in_message
from openhour.application.ports.people import SignInRequest
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Attendee, Client, Mail, ProviderCard, Request
from openhour.domain.transitions import TABLE, MailKind, Reader, Status
from openhour.domain.values import Forum, Location, Practice, Provider, SelfSchedule, Service

NOTE = "CANARY-my-note-is-for-the-provider-alone"
SENDER = "appointments@harbour.example"
START = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
SUBMITTED = datetime(2027, 3, 1, 14, 0, tzinfo=UTC)

COUPLES = Service(id="couples", name="Couples therapy", duration=50)
HARBOUR = Location(
    id="harbour", name="Harbour Street rooms", address="12 Harbour Street\nLondon SE1 4XY", time_zone="Europe/London"
)
LISBON = Location(id="lisbon", name="Rua Nova", address="Rua Nova 3, Lisboa", time_zone="Europe/Lisbon")
PRACTICE = Practice(
    id="harbour",
    name="Harbour Therapy Practice",
    neutral_name="Harbour Street Office",
    contact="Call us on +44 20 7946 0000 or write to office@harbour.example.",
    time_zone="Europe/London",
)
PROVIDER = Provider(
    id="anna",
    name="Anna Lindqvist",
    title="Psychotherapist",
    email="anna@harbour.example",
    time_zone="Europe/London",
    self_schedule=SelfSchedule.PUBLIC,
    services={COUPLES.id: COUPLES},
    locations={HARBOUR.id: HARBOUR},
    blocks=(),
    telehealth_url="https://video.harbour.example/anna?room=1&x=2",
)
CLIENT = Client(id="c1", name="Zoë Nuñez 张", email="zoe@client.example", time_zone="Europe/London")
REQUEST = Request(
    id="r1",
    body_hash="h",
    client=CLIENT,
    provider=ProviderCard(PROVIDER.id, PROVIDER.name, PROVIDER.time_zone, PROVIDER.telehealth_url),
    location=HARBOUR,
    forum=Forum.IN_PERSON,
    service=COUPLES,
    start=START,
    submitted_at=SUBMITTED,
    status=Status.PENDING,
    status_at=SUBMITTED,
    version=1,
    revision=1,
    uid="r1",
    deadline=SUBMITTED + timedelta(hours=24),
    note=NOTE,
)
REASON = "I am at a training that day.\nWould the week after suit you? <Anna>"
OFFERED = tuple(START + timedelta(days=days) for days in (9, 7, 8))

OLD_START = START + timedelta(days=2, hours=3)
MOVED: dict[str, object] = {"id": "r2", "replaces": "r1", "replaces_start": OLD_START}
ATTENDEE = Attendee("Lena Nuñez", guardian=True)

# Reminders are owed by a step, not by a row of the table.
OWED = {(kind, reader): row.target for row in TABLE for reader, kind in row.mails} | {
    (MailKind.UNDELIVERABLE, Reader.PROVIDER): Status.CONFIRMED,
    (MailKind.ANSWER_REMINDER, Reader.PROVIDER): Status.PENDING,
    (MailKind.SESSION_REMINDER, Reader.CLIENT): Status.CONFIRMED,
}
EVERY_KIND = tuple(sorted(OWED, key=str))


class FakeLinks:
    """Links as long and as odd as real ones, and a record of which were made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def answer(self, request: Request) -> str:
        return self._make("answer", f"https://api.harbour.example/v1/answers/ANSWER-{'x' * 160}.{request.revision}")

    def manage(self, request: Request) -> str:
        return self._make("manage", f"https://harbour.example/manage.html?a=1&b=2#MANAGE-{'y' * 160}.{request.id}")

    def verify(self, request: Request) -> str:
        return self._make("verify", f"https://harbour.example/verify.html#VERIFY-{'z' * 160}")

    def portal(self) -> str:
        return self._make("portal", "https://harbour.example/portal.html")

    def sign_in(self, who: SignedIn) -> str:
        return self._make("sign_in", f"https://harbour.example/sign-in.html#SIGN-IN-{'w' * 160}.{who.epoch}")

    def _make(self, kind: str, url: str) -> str:
        self.made.append(kind)
        return url


@dataclass(frozen=True)
class Case:
    """Everything a mail is composed from."""

    mail: Mail
    request: Request
    practice: Practice = PRACTICE
    provider: Provider = PROVIDER

    def composed(self, links: FakeLinks | None = None) -> EmailMessage:
        return message(self.mail, self.request, self.practice, self.provider, links or FakeLinks(), SENDER)

    def read(self) -> EmailMessage:
        """The mail as its reader's program parses it from the bytes."""
        return parsed_from(self.composed().as_bytes())


def case(kind: MailKind, reader: Reader | None = None, **changes: object) -> Case:
    """The mail of this kind for a request that has come to it; `changes` are fields of the request."""
    reader = reader or next(whom for what, whom in EVERY_KIND if what is kind)
    request = replace(_at(OWED[kind, reader], kind), **changes)
    number, due = (1, request.status_at + timedelta(hours=12)) if kind.is_reminder else (0, request.status_at)
    return Case(Mail(request.id, request.version, reader, kind, request.status, request.revision, due, number), request)


def sign_in_mail(practice: Practice = PRACTICE, **changes: object) -> EmailMessage:
    """A mail with a sign-in link as it is composed; `changes` are fields of what was asked for."""
    plain = SignInRequest(client=CLIENT.id, period=5_700_000, email=CLIENT.email, locale=None, at=SUBMITTED)
    asked = replace(plain, **changes)
    return sign_in_message(asked, practice, FakeLinks().sign_in(SignedIn(asked.client, 3)), SENDER)


def parsed_from(data: bytes) -> EmailMessage:
    """A mail as a program parses it."""
    parsed = message_from_bytes(data, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _at(status: Status, kind: MailKind) -> Request:
    told = kind in {MailKind.DECLINED, MailKind.CANCELLED, MailKind.CANCELLED_BY_CLIENT}
    return replace(
        REQUEST,
        status=status,
        status_at=SUBMITTED + timedelta(hours=3),
        version=1 if status in {Status.UNVERIFIED, Status.PENDING} else 2,
        deadline=REQUEST.deadline if status.is_open else None,
        reason=REASON if told else None,
        offered=OFFERED if status is Status.OFFERED else (),
        undeliverable=kind is MailKind.UNDELIVERABLE,
    )


def text_of(parsed: EmailMessage) -> str:
    return _part(parsed, "plain")


def html_of(parsed: EmailMessage) -> str:
    return _part(parsed, "html")


def calendar_parts(parsed: EmailMessage) -> list[EmailMessage]:
    return [part for part in leaves(parsed) if part.get_content_subtype() in {"calendar", "ics"}]


def leaves(parsed: EmailMessage) -> Iterator[EmailMessage]:
    for part in parsed.walk():
        assert isinstance(part, EmailMessage)
        if not part.is_multipart():
            yield part


def everything_in(parsed: EmailMessage) -> str:
    """All headers and all bodies, decoded: what a search of the mailbox would find."""
    headers = "\n".join(f"{name}: {value}" for part in parsed.walk() for name, value in part.items())
    bodies = "\n".join(part.get_payload(decode=True).decode("utf-8") for part in leaves(parsed))
    return f"{headers}\n{bodies}"


def _part(parsed: EmailMessage, subtype: str) -> str:
    body = parsed.get_body(preferencelist=(subtype,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")
