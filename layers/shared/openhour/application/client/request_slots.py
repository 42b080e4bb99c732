"""Which starts a client can have instead of the one that is theirs: for a change, a move, or another try."""

from dataclasses import dataclass
from datetime import date

from openhour.application.client.manage import ManageLink, alive
from openhour.application.client.slot_lookup import FreeSlots, SlotQuery, slots_of_provider
from openhour.application.ports.clock import Clock
from openhour.application.ports.directory import Directory
from openhour.application.ports.requests import Requests
from openhour.application.replacement import ids_of
from openhour.application.signed_in import check_signed_in
from openhour.domain.requests import Request
from openhour.domain.slots import Wanted
from openhour.domain.values import Forum


@dataclass(frozen=True, slots=True)
class RequestSlotQuery:
    """As SlotQuery; what is None is what the request asks for already."""

    first: date
    last: date
    service: str | None = None
    location: str | None = None
    forum: Forum | None = None
    time_zone: str | None = None

    def of(self, request: Request) -> SlotQuery:
        """What is looked up for the request."""
        service, location = self.service or request.service.id, self.location or request.location.id
        return SlotQuery(Wanted(service, location, self.forum or request.forum), self.first, self.last, self.time_zone)


def slots_of_request(
    link: ManageLink, query: RequestSlotQuery, requests: Requests, directory: Directory, clock: Clock
) -> FreeSlots:
    """The free starts at the request's provider. Its own time, and that of the appointment it replaces, count as free.

    Nobody but the bearer of its link and its client learns whose these times are. Raises as `see` and
    `slots_of_provider` do.
    """
    check_signed_in(link.signed_in, requests)
    request = alive(requests.request(link.request), link, clock.now())
    return slots_of_provider(request.provider.id, query.of(request), directory, clock, ids_of(request))
