"""What Openhour remembers of a client beside the requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openhour.domain.values import Practice

_TRIED_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """One person, by address. `listed` says that the practice's own list of clients names the address.

    `verified_at` is when a mailed link first proved the address; that says nothing about who types it now.
    `epoch` rises when the person signs out everywhere, last at `signed_out_at`.
    `undeliverable_at` and `complained_at` are what the mail service last said of the address. Instants are UTC.
    """

    listed: bool = False
    verified_at: datetime | None = None
    epoch: int = 0
    signed_out_at: datetime | None = None
    undeliverable_at: datetime | None = None
    complained_at: datetime | None = None

    def may_be_tried_again(self, now: datetime) -> bool:
        """Whether a mail by which the address proves itself may go there although an earlier one came back.

        At most once a day: each that comes back counts against the practice with the mail service.
        """
        return self.undeliverable_at is not None and now - self.undeliverable_at >= _TRIED_AGAIN_AFTER


def asks_for_proof(practice: Practice | None) -> bool:
    """Whether a request that came without a sign-in waits for a mailed link to be followed, whatever its address.

    Where only known clients are served it always does: who is one is told behind that link alone.
    """
    return practice is not None and (practice.verify or practice.known_clients_only)


def is_served(practice: Practice | None, profile: ClientProfile) -> bool:
    """Whether the practice takes requests from this person."""
    return practice is None or not practice.known_clients_only or profile.listed
