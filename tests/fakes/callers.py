"""Callers and their proofs in memory."""

from dataclasses import dataclass, field
from datetime import datetime

from openhour.application.admission import Caps, Counted, Tally

LARGEST = 1000


@dataclass
class InMemoryCallers:
    """The port Callers."""

    counted: dict[tuple[str, Counted], list[datetime]] = field(default_factory=dict)
    spent: dict[str, str] = field(default_factory=dict)

    def count(self, caller_id: str, what: Counted, caps: Caps, now: datetime) -> Tally | None:
        times = self.counted.setdefault((caller_id, what), [])
        today = [each for each in times if each.date() == now.date()]
        tally = Tally(sum(each.hour == now.hour for each in today), len(today))
        if tally.hour >= caps.hourly or tally.day >= caps.daily:
            return tally
        times.append(now)
        return None

    def spend(self, challenge: str, request_id: str, now: datetime) -> bool:
        return self.spent.setdefault(challenge, request_id) == request_id


class FakeProofs:
    """The port Proofs: `solved <name>` solves the challenge of that name."""

    def challenge(self, now: datetime) -> dict[str, str | int]:
        digest = f"{int(now.timestamp()):064x}"
        salt = f"00?expires={int(now.timestamp()) + 600}&"
        texts = {"algorithm": "SHA-256", "challenge": digest, "salt": salt, "signature": digest}
        return texts | {"maxnumber": LARGEST}

    def solved(self, proof: str, now: datetime) -> str | None:
        word, _, challenge = proof.partition(" ")
        return challenge if word == "solved" else None
