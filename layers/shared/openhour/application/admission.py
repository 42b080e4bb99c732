"""How often one caller may ask for something that anybody may ask for: caps, and proof of work under load.

A caller is an address of the network. Families, clinics and whole mobile networks share one, so the caps are generous,
and whoever is signed in or has proven their address is never counted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from openhour.application.errors import ProofNeededError, TooManyRequestsError
from openhour.application.ports.identity import Identity


class Counted(StrEnum):
    """What is counted, each by itself."""

    SUBMISSIONS = "SUBMISSIONS"
    SIGN_IN_LINKS = "SIGN_IN_LINKS"


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of one thing a caller may do in an hour and in a day of UTC; each at least 1."""

    hourly: int = 20
    daily: int = 100


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a call comes from, and the proof of work that came with it. `address` is never stored or logged.

    `fell_for_trap` says that something was filled in which people do not see. Most often that was a program that fills
    in whatever it finds; sometimes it was one that helps a person.
    """

    address: str
    proof: str | None = None
    fell_for_trap: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a caller did one thing in the current hour and day of UTC."""

    hour: int
    day: int


class Callers(Protocol):
    """What is remembered of callers, for two days at most."""

    def count(self, caller_id: str, what: Counted, caps: Caps, now: datetime) -> Tally | None:
        """Count one more and answer None, or, where that would pass a cap, count nothing and say how it stands.

        Atomic, whoever else counts. 1 call.
        """

    def spend(self, challenge: str, request_id: str, now: datetime) -> bool:
        """Spend a solved challenge on a request; False when it was spent on another one. 1 call."""


class Proofs(Protocol):
    """Challenges that cost a computer some work; they name nobody."""

    def challenge(self, now: datetime) -> Mapping[str, str | int]:
        """A new one, in the form that its solvers take. It lasts 10 minutes."""

    def solved(self, proof: str, now: datetime) -> str | None:
        """Which challenge this solves; None when it solves none, or one that is not ours or too old."""


@dataclass(frozen=True, slots=True)
class Ration:
    """The caps of what anybody may ask for."""

    callers: Callers
    identity: Identity
    caps: Caps

    def take(self, address: str, what: Counted, now: datetime, free: int | None = None) -> bool:
        """Count one more. False, and nothing counted, when `free` of this hour are used up and the caps are not.

        Raises TooManyRequestsError at a cap.
        """
        hourly = self.caps.hourly if free is None else min(free, self.caps.hourly)
        tally = self.callers.count(self.identity.caller_id(address), what, Caps(hourly, self.caps.daily), now)
        if tally is None:
            return True
        if tally.day >= self.caps.daily:
            raise TooManyRequestsError(next_midnight(now), now)
        if tally.hour >= self.caps.hourly:
            raise TooManyRequestsError(_next_hour(now), now)
        return False


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may submit for an address that nobody has proven.

    The first `free` of an hour (at least 1) need no proof of work, unless a trap was filled in.
    """

    ration: Ration
    proofs: Proofs
    free: int = 5

    def admit(self, caller: Caller, request_id: str, now: datetime) -> None:
        """Count a submission. 1 call, 1 more with a proof.

        Raises ProofNeededError with a challenge when a proof is needed and the caller's does not count, and
        TooManyRequestsError.
        """
        worked = self._is_proven(caller, request_id, now)
        if caller.fell_for_trap and not worked:
            raise ProofNeededError(self.proofs.challenge(now))
        if not self.ration.take(caller.address, Counted.SUBMISSIONS, now, None if worked else self.free):
            raise ProofNeededError(self.proofs.challenge(now))

    def _is_proven(self, caller: Caller, request_id: str, now: datetime) -> bool:
        challenge = None if caller.proof is None else self.proofs.solved(caller.proof, now)
        return challenge is not None and self.ration.callers.spend(challenge, request_id, now)


def next_midnight(now: datetime) -> datetime:
    """When the next day of UTC begins; `now` is in UTC."""
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
