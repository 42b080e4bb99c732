"""The use cases put together for tests: on any store, with a clock that stands still."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openhour.application.admission import Admission, Caller, Caps, Ration
from openhour.application.client.change import Change, Changing
from openhour.application.client.manage import ManageLink, Seen, end, see
from openhour.application.client.request_slots import RequestSlotQuery, slots_of_request
from openhour.application.client.slot_lookup import FreeSlots, SlotQuery, slots_of_any, slots_of_provider
from openhour.application.client.submit import Key, Person, Preview, Submitting, Wish
from openhour.application.client.verify import Proven, Verifying, VerifyLink
from openhour.application.jobs.erase import Erasing
from openhour.application.jobs.expire import Expired, expire_overdue
from openhour.application.jobs.mailing import Mailing
from openhour.application.jobs.republishing import Republishing
from openhour.application.ports.requests import Near
from openhour.application.provider.answer import Answer, Answered, Answering, AnswerLink, Decision, look
from openhour.application.signed_in import SignedIn
from openhour.domain.deadlines import Hold
from openhour.domain.ledger import instant_of
from openhour.domain.requests import Mail, Request
from openhour.domain.slots import Wanted
from openhour.domain.transitions import Status
from openhour.domain.values import Forum
from tests.builders import LONDON, START, TALK, provider
from tests.fakes.callers import FakeProofs
from tests.fakes.world import FakeBus, FakeClock, FakeIdentity, FakePost, no_pause

CALLER = Caller("192.0.2.7")
TALK_IN_LONDON = Wanted(TALK.id, LONDON.id, Forum.IN_PERSON)


@dataclass
class Openhour:
    """All of Openhour on one store."""

    store: Any
    clock: FakeClock = field(default_factory=FakeClock)
    bus: FakeBus = field(default_factory=FakeBus)
    post: FakePost = field(default_factory=FakePost)
    hold: str = "48h"
    caps: Caps = field(default_factory=lambda: Caps(1000, 1000))
    free: int = 1000

    @property
    def submitting(self) -> Submitting:
        return Submitting(self.store, FakeIdentity(), self.clock, Hold.parse(self.hold), no_pause, self.admission)

    @property
    def ration(self) -> Ration:
        return Ration(self.store, FakeIdentity(), self.caps)

    @property
    def admission(self) -> Admission:
        return Admission(self.ration, FakeProofs(), self.free)

    def submit(
        self,
        start: datetime = START,
        *,
        email: str = "ana@client.example",
        key: str = "key-00000001",
        body: str = "0",
        caller: Caller = CALLER,
        signed_in: bool = True,
        **wish: Any,
    ) -> Request:
        who = self.signed_in(email) if signed_in else None
        person = Person("Ana Lima", email, time_zone="Europe/Lisbon", signed_in=who)
        return self.submitting.submit(wished(start, **wish), person, Key(key, body), caller)

    def validate(
        self, start: datetime = START, email: str | None = None, *, signed_in: bool = True, **wish: Any
    ) -> Preview:
        who = self.signed_in(email) if signed_in and email is not None else None
        return self.submitting.validate(wished(start, **wish), email, who)

    def signed_in(self, email: str) -> SignedIn:
        """Whoever has this address, signed in, and never out again."""
        return SignedIn(FakeIdentity().client_id(email), 0)

    def answer(self, request: Request, decision: Decision, reason: str | None = None) -> Answered:
        return self.answering.answer(answer_link(request), Answer(decision, reason))

    def offer(self, request: Request, *starts: datetime) -> Answered:
        return self.answering.answer(answer_link(request), Answer(Decision.OFFER, starts=starts))

    def look_for_times(self, request: Request) -> Answered:
        return self.answering.look_for_times(answer_link(request))

    @property
    def answering(self) -> Answering:
        return Answering(self.store, self.clock, Hold.parse(self.hold), no_pause)

    @property
    def verifying(self) -> Verifying:
        return Verifying(self.store, self.clock, Hold.parse(self.hold), no_pause)

    @property
    def changing(self) -> Changing:
        return Changing(self.store, FakeIdentity(), self.clock, Hold.parse(self.hold), no_pause)

    def verify(self, request: Request) -> Seen:
        return self.prove(request).seen

    def prove(self, request: Request) -> Proven:
        return self.verifying.verify(VerifyLink(request.id, _near(request)))

    def change(self, request: Request, **changes: Any) -> Seen:
        return self.changing.change(manage_link(request), Change(**changes))

    def look(self, request: Request) -> Answered:
        return look(answer_link(request), self.store, self.clock)

    def see(self, request: Request) -> Seen:
        return see(manage_link(request), self.store, self.clock)

    def end(self, request: Request, saw: Status | None = None) -> Seen:
        """By somebody who has just looked, or who saw `saw`."""
        return end(manage_link(request), saw or self.see(request).status, self.store, self.clock, no_pause)

    def erasing(self, archive: Any) -> Erasing:
        return Erasing(archive, self.store, self.store, self.clock, no_pause)

    def expire(self) -> Expired:
        return expire_overdue(self.store, self.clock, no_pause, lambda: True)

    def slots(self, first: datetime, last: datetime, wanted: Wanted = TALK_IN_LONDON) -> FreeSlots:
        query = SlotQuery(wanted, first.date(), last.date())
        return slots_of_provider(provider().id, query, self.store, self.clock)

    def slots_instead(self, link: ManageLink, first: datetime, last: datetime, **wish: Any) -> list[datetime]:
        query = RequestSlotQuery(first.date(), last.date(), **wish)
        found = slots_of_request(link, query, self.store, self.store, self.clock)
        return [instant_of(start) for start in found.starts]

    def any_slots(self, first: datetime, last: datetime, wanted: Wanted = TALK_IN_LONDON) -> FreeSlots:
        return slots_of_any(SlotQuery(wanted, first.date(), last.date()), self.store, self.clock)

    @property
    def mailing(self) -> Mailing:
        return Mailing(self.store, self.post, self.clock, no_pause)

    def publish_and_send(self, sent: list[tuple[datetime, Mail]]) -> None:
        """What the scheduled job publishes now, and what the notifier sends of it."""
        for mail in list(self.store.unsent(self.clock.now())):
            self.mailing.send_owed(mail.request, mail.version)
        sent += [(self.clock.now(), mail) for mail in self.post.delivered]
        self.post.delivered.clear()

    def publish_unsent(self) -> int:
        return self.republishing.publish(lambda: True)

    @property
    def republishing(self) -> Republishing:
        return Republishing(self.store, self.bus, self.clock)


def wished(
    start: datetime = START, *, provider: str = "maya-okafor", wanted: Wanted = TALK_IN_LONDON, note: str | None = None
) -> Wish:
    return Wish(provider, wanted, start, note)


def answer_link(request: Request) -> AnswerLink:
    return AnswerLink(request.id, request.revision, _near(request))


def manage_link(request: Request) -> ManageLink:
    return ManageLink(request.id, _near(request))


def _near(request: Request) -> Near:
    return Near(request.provider.id, request.start.date(), request.client.id)
