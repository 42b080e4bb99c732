"""What one mail tells its reader: text in the reader's language and zone, and nothing that it must not tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from openhour.adapters.mail.links import ACTIONS, Links, address_of
from openhour.adapters.mail.plain_text import initials, lines
from openhour.adapters.wording import times
from openhour.adapters.wording.around import around as told_around
from openhour.adapters.wording.catalogue import Catalogue, catalogue
from openhour.adapters.written.characters import one_line
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Mail, Request
from openhour.domain.transitions import MailKind, Reader, Status
from openhour.domain.values import Forum, Practice, Provider

_WITH_REASON = frozenset({MailKind.DECLINED, MailKind.CANCELLED})
_WITH_JOIN_URL = frozenset({MailKind.CONFIRMED, MailKind.SESSION_REMINDER})
_MOVES = frozenset({Status.PENDING, Status.OFFERED, Status.CONFIRMED})
_DID_NOT_MOVE = frozenset({Status.DECLINED, Status.EXPIRED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Button:
    """Something to do: what the button says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One fact about the request: its name and its lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail shows. `preview` is the line that mailboxes show beside the subject.

    `client` is what this reader may see of the client's name. `greeted` is empty where nobody is greeted: an address
    that is not proven may be a stranger's, and a name typed by somebody else would be their words in his mailbox.
    """

    kind: MailKind
    catalogue: Catalogue
    sender: str
    subject: str
    preview: str
    greeted: str
    client: str
    deadline: str
    details: tuple[Detail, ...]
    offered: tuple[tuple[str, ...], ...]
    reason: tuple[str, ...]
    join_url: str | None
    online: bool
    contact: str
    replies_are_read: bool
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """A request as one reader sees it: in their words and in their zone."""

    mail: Mail
    request: Request
    provider: Provider
    words: Catalogue
    zone: str
    sender: str
    around: Neighbours | None = None

    def client(self) -> str:
        """Their own name to clients; to providers initials, unless the provider chose full names."""
        name = one_line(self.request.client.name)
        if self.mail.reader is Reader.PROVIDER and self.provider.mail_initials_only:
            return initials(name) or self.words.text("details.unnamed_client")
        return name

    def headline(self, part: str) -> str:
        """The subject or preview, from neutral fields only."""
        start = self.request.start
        return self.words.text(
            f"{self.mail.kind}.{part}",
            sender=self.sender,
            date=times.date(start, self.zone, self.words),
            when=times.brief(start, self.zone, self.words),
            deadline=self.deadline(),
        )

    def deadline(self) -> str:
        """Until when an answer is possible; empty when the request is not open."""
        deadline = self.request.deadline
        return times.instant(deadline, self.zone, self.words) if deadline else ""

    def to_stranger(self) -> bool:
        """Whether its reader may be somebody else than whoever typed what the request says."""
        return self.mail.reader is Reader.CLIENT and (
            self.mail.kind is MailKind.VERIFY_ADDRESS or not self.request.proven
        )

    def details(self) -> tuple[Detail, ...]:
        """The facts, without those that do not apply. A client's mail does not name the service."""
        match self.mail.kind:
            case MailKind.VERIFY_ADDRESS:  # whoever reads it may be a stranger
                return (self._detail("when", *self._session(self.request.start)),)
            case MailKind.OFFERED:  # the time that was asked for would read as one more offer
                return (*self._moved(), *self._attendee(), self._whom(), self._where(), *self._service())
            case _:
                when = self._detail("when", *self._session(self.request.start))
                return (
                    when,
                    *self._moved(),
                    *self._attendee(),
                    self._whom(),
                    self._where(),
                    *self._around(),
                    *self._service(),
                    self._status(),
                )

    def offered(self) -> tuple[tuple[str, ...], ...]:
        """The times that can be chosen, in order of time, each with its lines."""
        if self.mail.kind is not MailKind.OFFERED:
            return ()
        return tuple(map(self._session, sorted(self.request.offered)))

    def reason(self) -> tuple[str, ...]:
        """The provider's words to the client; what clients write is never mailed."""
        return lines(self.request.reason or "") if self.mail.kind in _WITH_REASON else ()

    def join_url(self) -> str | None:
        """Where to join, once confirmed and online, as far as it is a web address."""
        if self.mail.kind not in _WITH_JOIN_URL or not self.online():
            return None
        return join_url(self.request)

    def online(self) -> bool:
        """Whether they meet online."""
        return self.request.forum is Forum.TELEHEALTH

    def _detail(self, key: str, *texts: str) -> Detail:
        return Detail(self.words.text(f"details.{key}"), texts)

    def _session(self, start: datetime) -> tuple[str, ...]:
        """When, and by the clocks at the place too if those show something else."""
        end = start + (self.request.end - self.request.start)
        here, there = self.zone, self.request.location.time_zone
        own = times.session(start, end, here, self.words)
        if self.online() or times.same_clock(start, here, there):
            return (own,)
        return own, self.words.text("details.when_there", when=times.session(start, end, there, self.words))

    def _moved(self) -> Sequence[Detail]:
        """The appointment whose place this one takes or would take, or that was left as it was.

        Nothing once it has been replaced: what is cancelled or coming up then is this appointment alone.
        """
        old = self.request.replaces_start
        if old is None or self.mail.kind is MailKind.SESSION_REMINDER:
            return ()
        when = times.instant(old, self.zone, self.words)
        if self.mail.status in _MOVES:
            return (self._detail("instead", when),)
        if self.mail.status in _DID_NOT_MOVE:
            return (self._detail("stands", when, self.words.text("details.stays")),)
        return ()

    def _attendee(self) -> Sequence[Detail]:
        if self.request.attendee is None or self.to_stranger():
            return ()
        name = one_line(self.request.attendee.name)
        if self.mail.reader is Reader.PROVIDER and self.provider.mail_initials_only:
            name = initials(name) or self.words.text("details.unnamed_attendee")
        return (self._detail("attendee", name),)

    def _whom(self) -> Detail:
        if self.mail.reader is Reader.CLIENT:
            return self._detail("provider", one_line(self.request.provider.name))
        return self._detail("client", self.client())

    def _service(self) -> Sequence[Detail]:
        # Late in the provider's mail, for mailboxes show the first lines of a text; not at all in a client's.
        if self.mail.reader is Reader.CLIENT:
            return ()
        return (self._detail("service", one_line(self.request.service.name)),)

    def _where(self) -> Detail:
        location = self.request.location
        place = () if self.online() else (one_line(location.name), *lines(location.address))
        return self._detail("where", self.words.text(f"forum.{self.request.forum}"), *place)

    def _around(self) -> Sequence[Detail]:
        if self.around is None:
            return ()
        return [Detail(label, (text,)) for label, text in told_around(self.around, self.zone, self.words)]

    def _status(self) -> Detail:
        return self._detail("status", self.words.text(f"status.{self.mail.status}"))


def letter(
    mail: Mail,
    request: Request,
    practice: Practice,
    provider: Provider,
    links: Links,
    around: Neighbours | None = None,
) -> Letter:
    """What this mail shows its reader. Only the links that it shows are made."""
    telling = replace(_telling(mail, request, practice, provider), around=around)
    to_client = mail.reader is Reader.CLIENT
    return Letter(
        kind=mail.kind,
        catalogue=telling.words,
        sender=telling.sender,
        subject=telling.headline("subject"),
        preview=telling.headline("preview"),
        greeted=telling.client() if to_client and not telling.to_stranger() else "",
        client=telling.client(),
        deadline=telling.deadline(),
        details=telling.details(),
        offered=telling.offered(),
        reason=telling.reason(),
        join_url=telling.join_url(),
        online=telling.online(),
        contact=one_line(practice.contact) if to_client else "",
        replies_are_read=practice.reply_to is not None,
        buttons=_buttons(telling, links),
    )


def join_url(request: Request) -> str | None:
    """The video call's address, if it is one that a browser can open."""
    url = request.provider.telehealth_url or ""
    return one_line(url) if url.startswith(("https://", "http://")) else None


def _telling(mail: Mail, request: Request, practice: Practice, provider: Provider) -> Telling:
    reader = request.client if mail.reader is Reader.CLIENT else provider
    sender = one_line(practice.neutral_name)
    return Telling(mail, request, provider, catalogue(reader.locale), reader.time_zone, sender)


def _buttons(telling: Telling, links: Links) -> tuple[Button, ...]:
    return tuple(
        Button(telling.words.text(action), address_of(action, telling.request, links))
        for action in ACTIONS[telling.mail.kind]
    )
