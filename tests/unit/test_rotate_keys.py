"""New signing keys: what was signed before goes on opening, until its key is dropped."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest

from openhour.adapters.keyring import Keyring, first_signing_key
from openhour.adapters.tokens import TokenError, Tokens
from operate.__main__ import main
from operate.keys import LONGEST_LINK, RotationError, rotate, rotated
from tests.builders import NOW, request
from tests.fakes.world import FakeClock

FRESH = json.dumps({"identity": "for tests", "signing": []})
_SOON = timedelta(minutes=15)


def tokens(secret: str, clock: FakeClock) -> Tokens:
    return Tokens(lambda: Keyring.parse(secret), clock)


def test_links_from_before_and_after_open_and_the_new_key_signs_after_a_quarter_of_an_hour() -> None:
    clock = FakeClock(NOW)
    before = tokens(FRESH, clock).manage(request())
    secret = rotated(FRESH, "new", NOW).secret
    assert tokens(secret, clock).read_manage(before).request == request().id
    assert tokens(secret, clock).manage(request()) == before
    clock.move(minutes=15)
    after = tokens(secret, clock).manage(request())
    assert after != before
    for token in (before, after):
        assert tokens(secret, clock).read_manage(token).request == request().id
    with pytest.raises(TokenError):
        tokens(FRESH, clock).read_manage(after)


def test_the_first_key_of_a_fresh_stack_is_kept_by_name() -> None:
    signing = json.loads(rotated(FRESH, "new", NOW).secret)["signing"]
    assert signing == [{"key": first_signing_key("for tests")}, {"key": "new", "created_at": NOW.isoformat()}]


def test_a_second_rotation_waits_until_the_first_one_counts() -> None:
    secret = rotated(FRESH, "new", NOW).secret
    with pytest.raises(RotationError, match="08:15"):
        rotated(secret, "newer", NOW + _SOON - timedelta(seconds=1))
    assert rotated(secret, "newer", NOW + _SOON).kept == 2


def test_a_key_is_dropped_once_its_last_link_has_ended() -> None:
    secret = rotated(FRESH, "new", NOW).secret
    last = NOW + _SOON + LONGEST_LINK
    assert rotated(secret, "newer", last - timedelta(seconds=1)).dropped == 0
    done = rotated(secret, "newer", last)
    assert (done.kept, done.dropped) == (1, 1)
    assert [each["key"] for each in json.loads(done.secret)["signing"]] == ["new", "newer"]


def test_after_a_leak_nothing_from_before_opens_anything() -> None:
    clock = FakeClock(NOW)
    before = tokens(FRESH, clock).answer(replace(request(), revision=3))
    secret = rotated(FRESH, "new", NOW, drop_all=True).secret
    with pytest.raises(TokenError):
        tokens(secret, clock).read_answer(before)
    assert tokens(secret, clock).read_answer(tokens(secret, clock).answer(request())).revision == 1


@pytest.fixture
def secret_manager(aws: None) -> Any:
    client = boto3.client("secretsmanager")
    client.create_secret(Name="keys", SecretString=FRESH)
    return client


def test_the_command_writes_the_secret_and_a_dry_run_does_not(
    secret_manager: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "rotate", "--secret", "keys", "--dry-run"]) == 0
    assert secret_manager.get_secret_value(SecretId="keys")["SecretString"] == FRESH
    assert main(["keys", "rotate", "--secret", "keys"]) == 0
    written = json.loads(secret_manager.get_secret_value(SecretId="keys")["SecretString"])
    assert (written["identity"], len(written["signing"])) == ("for tests", 2)
    assert main(["keys", "rotate", "--secret", "keys"]) == 1
    shown = capsys.readouterr()
    assert "Added a key that signs in 15 minutes; 1 older ones stay, 0 dropped." in shown.out
    assert "Rotate again" in shown.err
    assert written["signing"][1]["key"] not in shown.out


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(secret_manager: Any) -> None:
    class Busy:
        """Somebody writes whenever the secret is read."""

        def get_secret_value(self, **given: Any) -> Any:
            found = secret_manager.get_secret_value(**given)
            secret_manager.put_secret_value(SecretId="keys", SecretString=found["SecretString"])
            return found

        def put_secret_value(self, **_given: Any) -> None:
            raise AssertionError("overwritten")

    with pytest.raises(RotationError, match="Somebody else"):
        rotate(Busy(), "keys", NOW)
