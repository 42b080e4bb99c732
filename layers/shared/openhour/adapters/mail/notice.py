"""The mail to the practice when a mail to one of its providers came back."""

from email.message import EmailMessage
from hashlib import sha256
from typing import Any

from openhour.adapters.mail.letter import Detail, Letter
from openhour.adapters.mail.message import finished, written
from openhour.adapters.mail.ses import send
from openhour.adapters.mail.ses_events import notice_tags
from openhour.adapters.wording import times
from openhour.adapters.wording.catalogue import catalogue
from openhour.adapters.written.characters import one_line
from openhour.adapters.written.deliverable import AddressError, carried
from openhour.application.jobs.unreached import Notice
from openhour.application.ports.post import NotDeliveredError
from openhour.domain.transitions import MailKind


class SesNoticePost:
    """The port NoticePost on SES. `sender` and the configuration set as for MailPost."""

    def __init__(self, ses_client: Any, sender: str, configuration_set: str) -> None:
        self._ses = ses_client
        self._sender = sender
        self._configuration_set = configuration_set

    def deliver_notice(self, notice: Notice, to: str) -> None:
        """See NoticePost. 1 call."""
        try:
            composed = notice_message(notice, to, self._sender)
        except AddressError as error:
            raise NotDeliveredError(str(error)) from error
        send(self._ses, composed, self._sender, self._configuration_set, notice_tags())


def notice_message(notice: Notice, to: str, sender: str) -> EmailMessage:
    """The whole mail. It names no client. Raises AddressError when no mail can carry `to`."""
    content = _letter(notice)
    digest = sha256(f"notice:{notice.provider.id}:{notice.at.timestamp():.0f}".encode()).hexdigest()[:32]
    composed = written(content, sender, carried(to), None, notice.at, digest)
    return finished(composed, content, digest)


def _letter(notice: Notice) -> Letter:
    practice, provider, request = notice.practice, notice.provider, notice.request
    words = catalogue(practice.locale)
    when = () if request is None else (times.instant(request.start, practice.time_zone, words),)
    facts = (
        ("answer_page.email", (one_line(provider.email),)),
        ("details.provider", (one_line(provider.name),)),
        ("details.when", when),
    )
    return Letter(
        kind=MailKind.UNREACHED,
        catalogue=words,
        sender=one_line(practice.neutral_name),
        subject=words.text("unreached.subject"),
        preview=words.text("unreached.preview"),
        greeted="",
        client="",
        deadline="",
        details=tuple(Detail(words.text(label), lines) for label, lines in facts if lines),
        offered=(),
        reason=(),
        join_url=None,
        online=False,
        contact="",
        replies_are_read=False,
        buttons=(),
    )
