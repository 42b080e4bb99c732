"""Sends the mails that a transition owes."""

from dataclasses import dataclass

from openhour.application.attempts import persistently
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.outbox import Outbox
from openhour.application.ports.post import NotDeliveredError, Post
from openhour.domain.neighbours import Neighbours, dates_around, neighbours
from openhour.domain.requests import Mail, ProviderCard, Request
from openhour.domain.transitions import MailKind, Reader
from openhour.domain.values import Provider, SelfSchedule

_TO_BE_ANSWERED = frozenset({MailKind.NEW_REQUEST, MailKind.CHANGED_REQUEST, MailKind.ANSWER_REMINDER})


@dataclass(frozen=True, slots=True)
class Mailing:
    """The notifier with its ports."""

    outbox: Outbox
    post: Post
    clock: Clock
    pause: Pause

    def send_owed(self, request_id: str, version: int) -> int:
        """Send what one version of a request owes; the number of mails that went out.

        A mail that events have overtaken is settled as superseded. At least once: a mail goes out twice only when
        its sender dies after the mail service took it and before that was written down. Raises LeasedError while
        somebody else is sending one of them, and whatever kept one from going out; all are for trying again.
        """
        request, mails = self.outbox.owed(request_id, version)
        if request is None:
            return 0
        failures: list[Exception] = []
        due = [mail for mail in mails if mail.due <= self.clock.now()]
        sent = sum(self._send_or_note(mail, request, failures) for mail in due)
        if failures:
            raise failures[0]
        return sent

    def _send_or_note(self, mail: Mail, request: Request, failures: list[Exception]) -> bool:
        """One reader's trouble must not keep the mail of another."""
        try:
            return self._send(mail, request)
        except Exception as error:  # noqa: BLE001 - whatever it is, a mistake of ours too, stays with its own mail
            failures.append(error)
            return False

    def _send(self, mail: Mail, request: Request) -> bool:
        self.outbox.lease(mail, self.clock.now())
        overtaken = mail.overtaken_by(request, self.clock.now()) or self._is_unwanted(mail, request)
        if overtaken or not self._deliver(mail, request):
            self.outbox.superseded(mail, self.clock.now())
            return False
        persistently(lambda: self.outbox.sent(mail, self.clock.now()), self.pause)
        return True

    def _is_unwanted(self, mail: Mail, request: Request) -> bool:
        """Nobody who complained about mail is reminded again; what they asked for they still hear."""
        if mail.kind is not MailKind.SESSION_REMINDER:
            return False
        return self.outbox.profile(request.client.id).complained_at is not None

    def _deliver(self, mail: Mail, request: Request) -> bool:
        """Send it; False when it is to a provider who has left the practice: nobody is there to be told."""
        try:
            practice, provider = self.outbox.readers(request.provider.id)
            if practice is None:
                raise NotDeliveredError("the practice is not set up")  # noqa: TRY301
            if provider is None and mail.reader is Reader.PROVIDER:
                return False
            self._try_again_with(mail, request)
            around = self._around(mail, request, provider)
            self.post.deliver(mail, request, practice, provider or _as_remembered(request.provider), around)
        except Exception as error:
            self.outbox.release(mail, _failure(error))
            raise
        return True

    def _try_again_with(self, mail: Mail, request: Request) -> None:
        """Who proves an address again has mended it: the mail that asks for the proof has to get there."""
        if mail.kind is not MailKind.VERIFY_ADDRESS:
            return
        if self.outbox.profile(request.client.id).may_be_tried_again(self.clock.now()):
            self.post.let_through(request.client.email)

    def _around(self, mail: Mail, request: Request, provider: Provider | None) -> Neighbours | None:
        """What lies before and after, for whoever is to answer."""
        if provider is None or mail.kind not in _TO_BE_ANSWERED:
            return None
        days = self.outbox.days(provider.id, *dates_around(request))
        return neighbours(request, days, provider.locations, self.clock.now())


def _failure(error: Exception) -> str:
    """What is noted of a failure: other texts than the mail service's may name a person."""
    return str(error) if isinstance(error, NotDeliveredError) else type(error).__name__


def _as_remembered(card: ProviderCard) -> Provider:
    """A provider who has left, as far as a mail to a client needs one; the rest is in the request."""
    return Provider(
        id=card.id,
        name=card.name,
        title="",
        email="",
        time_zone=card.time_zone,
        self_schedule=SelfSchedule.OFF,
        services={},
        locations={},
        blocks=(),
        telehealth_url=card.telehealth_url,
        locale=card.locale,
    )
