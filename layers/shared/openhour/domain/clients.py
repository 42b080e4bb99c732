"""What Openhour remembers of a client beside the requests."""

from dataclasses import dataclass
from datetime import datetime

from openhour.domain.values import Practice, Verification


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """One person, by address. `listed` says that the practice's own list of clients names the address.

    `verified_at` is when a mailed link first proved the address, `epoch` rises when the person signs out everywhere,
    `undeliverable_at` and `complained_at` are what the mail service last said of the address. Instants are UTC.
    """

    listed: bool = False
    verified_at: datetime | None = None
    epoch: int = 0
    undeliverable_at: datetime | None = None
    complained_at: datetime | None = None


def must_verify(practice: Practice | None, profile: ClientProfile) -> bool:
    """Whether a request waits for a mailed link to be followed; one from a signed-in client never does.

    Where only known clients are served, everybody else is told so behind that link: nobody can find out by asking
    whether an address is a client's.
    """
    if practice is None:
        return False
    proven = profile.verified_at is not None
    if practice.known_clients_only:
        return not (profile.listed and (proven or practice.verify is Verification.NEVER))
    if practice.verify is Verification.NEW:
        return not (proven or profile.listed)
    return practice.verify is Verification.ALWAYS


def is_served(practice: Practice | None, profile: ClientProfile) -> bool:
    """Whether the practice takes requests from this person."""
    return practice is None or not practice.known_clients_only or profile.listed
