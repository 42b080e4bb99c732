"""The port Archive in memory, on the same store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from openhour.application.jobs.erase import Belongings, Erasure
from openhour.application.ports.contention import ContentionError
from openhour.domain.agenda import Agenda
from openhour.domain.clients import ClientProfile
from openhour.domain.requests import Request
from openhour.domain.values import Practice
from tests.fakes.people import InMemoryPortal, line
from tests.fakes.store import InMemoryStore


@dataclass
class InMemoryArchive:
    """What an InMemoryStore and an InMemoryPortal hold of people."""

    store: InMemoryStore
    portal: InMemoryPortal | None = field(default=None)

    def practice(self) -> Practice | None:
        return self.store.practice

    def over(self, before: datetime) -> Iterator[str]:
        kept = [each for each in self.store.stored.values() if each.anonymised_at is None]
        found = [(each.over_at, each.id) for each in kept if each.over_at is not None and each.over_at <= before]
        return iter([request_id for _, request_id in sorted(found)])

    def requests(self, request_ids: Sequence[str]) -> Sequence[Request]:
        return [self.store.stored[request_id] for request_id in request_ids if request_id in self.store.stored]

    def belongings(self, client_id: str, most: int | None = None) -> Belongings:
        found = sorted((key[1:], row) for key, row in self.store.rows.items() if key[0] == client_id)
        rows = [line(row) for _, row in found]
        return Belongings(
            client=client_id,
            rows=rows if most is None else rows[-most:],
            agenda=self.store.agendas.get(client_id, Agenda()),
            profile=self.store.profile(client_id),
        )

    def links(self, client_id: str) -> int:
        return 0 if self.portal is None else sum(client == client_id for client, _ in self.portal.asked)

    def erase(self, erasure: Erasure) -> None:
        client = erasure.belongings.client
        with self.store.lock:
            self._check(erasure)
            for request in erasure.requests:
                self.store.stored[request.id] = request
                self.store.rows.pop((client, request.start, request.id), None)
            if erasure.forgets:
                self._forget(client, erasure)
            elif client in self.store.agendas:
                left = self.store.agendas[client].without([request.id for request in erasure.requests])
                self.store.agendas[client] = left

    def _check(self, erasure: Erasure) -> None:
        stored = [(self.store.stored[each.id], each) for each in erasure.requests]
        agenda = self.store.agendas.get(erasure.belongings.client, Agenda())
        changed = any(now.version != seen.version or now.anonymised_at is not None for now, seen in stored)
        if changed or agenda.version != erasure.belongings.agenda.version:
            raise ContentionError

    def _forget(self, client: str, erasure: Erasure) -> None:
        known = self.store.profiles.pop(client, ClientProfile())
        self.store.agendas.pop(client, None)
        listed = known.listed and not erasure.by_wish
        signed_in = erasure.by_wish or known != ClientProfile(listed=known.listed)
        if listed or signed_in:
            epoch = erasure.belongings.profile.epoch
            ended = {"epoch": epoch + 1, "signed_out_at": erasure.at} if signed_in else {"epoch": epoch}
            self.store.profiles[client] = ClientProfile(listed, **ended)
        if self.portal is not None:
            for key in [key for key in self.portal.asked if key[0] == client]:
                del self.portal.asked[key]
            for used in [used for used in self.portal.used if used[0] == client]:
                del self.portal.used[used]
