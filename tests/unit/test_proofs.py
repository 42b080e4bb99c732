"""Proof of work: what a challenge is, and what solves it."""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from altcha.v1 import solve_challenge

from openhour.adapters.keyring import Keyring
from openhour.adapters.proofs import LARGEST_NUMBER, LASTS, AltchaProofs
from tests.builders import NOW


def proofs(*keys: str, since: datetime | None = None) -> AltchaProofs:
    """With these signing keys, the last of them made at `since`."""
    signing: list[dict[str, Any]] = [{"key": key} for key in keys]
    if since is not None:
        signing[-1]["created_at"] = since.isoformat()
    ring = Keyring.parse(json.dumps({"identity": "for tests", "signing": signing}))
    return AltchaProofs(lambda: ring)


def solution(challenge: Any, /, **changes: Any) -> str:
    """What a browser sends back."""
    found = solve_challenge(challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxnumber"])
    assert found is not None
    kept = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return encoded(kept | {"number": found.number} | changes)


def encoded(document: Any) -> str:
    return base64.b64encode(json.dumps(document).encode()).decode()


def test_a_challenge_is_what_its_solvers_expect() -> None:
    challenge = proofs().challenge(NOW)
    assert set(challenge) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}
    assert (challenge["algorithm"], challenge["maxnumber"]) == ("SHA-256", LARGEST_NUMBER)
    number = json.loads(base64.b64decode(solution(challenge)))["number"]
    assert hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest() == challenge["challenge"]


def test_a_challenge_names_nothing_but_its_end() -> None:
    nonce, _, rest = str(proofs().challenge(NOW)["salt"]).partition("?")
    assert rest == f"expires={int((NOW + LASTS).timestamp())}&"
    assert len(nonce) == 24
    assert proofs().challenge(NOW)["salt"] != proofs().challenge(NOW)["salt"]


def test_a_solution_counts_until_its_ten_minutes_are_over() -> None:
    challenge = proofs().challenge(NOW)
    sent = solution(challenge)
    assert proofs().solved(sent, NOW) == challenge["challenge"]
    assert proofs().solved(sent, NOW + timedelta(minutes=9, seconds=59)) == challenge["challenge"]
    assert proofs().solved(sent, NOW + timedelta(minutes=10)) is None


def test_a_challenge_of_another_stack_or_of_a_key_that_is_gone_counts_nowhere() -> None:
    sent = solution(proofs("a" * 32).challenge(NOW))
    assert proofs("a" * 32).solved(sent, NOW) is not None
    assert proofs("b" * 32).solved(sent, NOW) is None


def test_a_new_signing_key_takes_over_without_anybody_noticing() -> None:
    before, after = proofs("a" * 32), proofs("a" * 32, "b" * 32, since=NOW)
    later = NOW + timedelta(minutes=15)
    assert after.solved(solution(before.challenge(NOW)), NOW) is not None
    assert before.solved(solution(after.challenge(NOW)), NOW) is not None  # it does not sign yet
    assert before.solved(solution(after.challenge(later)), later) is None
    assert after.solved(solution(before.challenge(later)), later) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"number": -1},
        {"number": LARGEST_NUMBER + 1},
        {"number": 10**400},
        {"number": "12"},
        {"number": True},
        {"number": None},
        {"number": 1.5},
        {"algorithm": "SHA-1"},
        {"algorithm": "SHA-512"},
        {"algorithm": "MD5"},
        {"algorithm": ["SHA-256"]},
        {"challenge": "0" * 64},
        {"challenge": 1},
        {"salt": "00?expires=99999999999&"},
        {"salt": ""},
        {"salt": ["?"]},
        {"salt": "\ud800"},
        {"salt": "00?expires=soon&"},
        {"salt": "00?expires=NaN&"},
        {"signature": "0" * 64},
        {"signature": None},
    ],
    ids=str,
)
def test_a_solution_with_another_value_in_it_counts_nowhere(changes: dict[str, Any]) -> None:
    assert proofs().solved(solution(proofs().challenge(NOW), **changes), NOW) is None


def test_a_longer_life_cannot_be_written_into_a_salt() -> None:
    challenge = proofs().challenge(NOW)
    longer = str(challenge["salt"]).replace("?", "?expires=99999999999&")
    assert proofs().solved(solution(challenge, salt=longer), NOW) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "no base64!",
        "é",
        "\ud800",
        base64.b64encode(b"\xff").decode(),
        base64.b64encode(b"[" * 900).decode(),
        *(encoded(document) for document in (None, 1, "x", [], {}, ["algorithm"], {"algorithm": "SHA-256"})),
    ],
    ids=ascii,
)
def test_what_is_no_solution_at_all_counts_nowhere(text: str) -> None:
    assert proofs().solved(text, NOW) is None
