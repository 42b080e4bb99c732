"""`openhour practice forget`: a client is forgotten, or it is said what stands against that."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from openhour.adapters import keys
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.application.client.portal import ask_for_link
from openhour.application.client.submit import Key, Person, Submitting
from openhour.application.provider.answer import Answer, Decision
from openhour.domain.deadlines import Hold
from openhour.domain.requests import NOBODY, Request
from operate.__main__ import main
from tests.builders import START
from tests.cloud import TABLE, MotoStore
from tests.fakes.world import no_pause
from tests.use_cases import CALLER, Openhour, answer_link, wished

EMAIL = "Ana@client.example"
SECRET = "openhour-test-keys"
KEYS = json.dumps({"signing": [], "identity": "for tests"})
IDENTITY = HashedIdentity(lambda: Keyring.parse(KEYS))
ANA = IDENTITY.client_id(EMAIL)
GOING = "their list of appointments, their profile, their mark as a known client and every sign-in"

type Command = Callable[..., int]


@pytest.fixture
def openhour(moto_store: MotoStore) -> Openhour:
    boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=KEYS)
    return Openhour(moto_store)


@pytest.fixture
def forget(openhour: Openhour) -> Command:
    def run(
        *options: str, address: str = EMAIL, ask: Callable[[str], str] = lambda _: "y", secret: str = SECRET
    ) -> int:
        where = ("--table", TABLE, *(("--secret", secret) if secret else ()))
        return main(["practice", "forget", address, *where, *options], now=openhour.clock.now, ask=ask)

    return run


def never(question: str) -> str:
    pytest.fail(f"asked: {question}")


def submitted(openhour: Openhour, start: datetime = START, key: str = "key-00000001") -> Request:
    use_case = Submitting(openhour.store, IDENTITY, openhour.clock, Hold.parse("48h"), no_pause, openhour.admission)
    return use_case.submit(wished(start, note="A note."), Person("Ana Lima", EMAIL), Key(key, "0"), CALLER)


def declined(openhour: Openhour) -> Request:
    made = submitted(openhour)
    openhour.answering.answer(answer_link(made), Answer(Decision.DECLINE, "Away."))
    return openhour.store.request(made.id)  # type: ignore[no-any-return]


def test_a_client_whose_requests_are_over_is_forgotten(
    openhour: Openhour, forget: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    made = declined(openhour)
    assert forget(address="ana@CLIENT.example") == 0
    assert openhour.store.request(made.id).client == NOBODY
    assert not [item for item in openhour.store.items() if "Ana" in json.dumps(item)]
    told = capsys.readouterr().out
    assert "To be made anonymous: 1 request. " in told
    assert "Forgotten." in told
    assert "example" not in told  # what is shown ends up in logs and screenshots
    assert forget(ask=never) == 0
    assert capsys.readouterr().out == "Nothing is stored of this address.\n"


def test_a_dry_run_says_what_would_go_and_writes_nothing(
    openhour: Openhour, forget: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    declined(openhour)
    openhour.store.list_client(ANA)
    before = openhour.store.items()
    assert forget("--dry-run", ask=never) == 0
    assert openhour.store.items() == before
    assert capsys.readouterr().out.splitlines() == [
        f"To be made anonymous: 1 request. To be deleted: {GOING}.",
        "  The practice's list of clients names them: take the address out of that file, else applying it says so.",
        "Dry run: nothing was written.",
    ]


@pytest.mark.parametrize(("options", "answer", "done"), [((), "n", False), ((), "y", True), (("--yes",), "", True)])
def test_without_a_yes_nothing_is_written(
    openhour: Openhour, forget: Command, options: tuple[str, ...], answer: str, done: bool
) -> None:
    declined(openhour)
    before = openhour.store.items()
    assert forget(*options, ask=lambda _: answer) == (0 if done else 1)
    assert (openhour.store.items() != before) is done


def test_what_waits_or_is_to_come_is_named_and_stands_against_it(
    openhour: Openhour, forget: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    made = submitted(openhour)
    before = openhour.store.items()
    for options in ((), ("--dry-run",)):
        assert forget(*options, ask=never) == 1
        assert capsys.readouterr().err.endswith(
            f"Not forgotten: something of theirs waits for an answer or is to come: {made.id}. "
            "Have it answered, withdrawn or cancelled first.\n"
        )
    assert openhour.store.items() == before


def test_a_mail_to_the_provider_that_is_on_its_way_is_waited_for(
    openhour: Openhour, forget: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    made = submitted(openhour)
    openhour.end(made)
    assert forget("--yes") == 1
    assert "still on its way. Run the command again in a minute." in capsys.readouterr().err
    openhour.mailing.send_owed(made.id, 2)
    assert forget("--yes") == 0


def test_an_address_that_only_wished_for_a_link_is_forgotten_too(openhour: Openhour, forget: Command) -> None:
    portal: Any = DynamoDBPortal(openhour.store.table)
    ask_for_link(EMAIL, None, CALLER.address, openhour.ration, portal, IDENTITY, openhour.clock)
    assert forget() == 0
    assert not [item for item in openhour.store.items() if EMAIL in json.dumps(item)]


def test_the_practice_hears_of_a_known_client_at_the_next_application(openhour: Openhour, forget: Command) -> None:
    client = boto3.resource("dynamodb").Table(TABLE)
    for pk, sk in (keys.known_client(ANA), keys.applied_client(ANA)):
        client.put_item(Item={"pk": pk, "sk": sk})
    assert forget() == 0
    left = {(item["pk"]["S"], item["sk"]["S"]) for item in openhour.store.items() if ANA in json.dumps(item)}
    assert left == {
        keys.applied_client(ANA),
        keys.profile(ANA),
    }  # what says "removed elsewhere", and the end of sign-ins


@pytest.mark.parametrize("address", ["ana", "ana@", "", "Ana <ana@client.example>, Leo"])
def test_what_is_no_address_is_refused(forget: Command, capsys: pytest.CaptureFixture[str], address: str) -> None:
    assert forget(address=address, ask=never) == 1
    assert capsys.readouterr().err.endswith("\nNot forgotten: this is not one email address such as jo@example.org.\n")


def test_without_the_secret_it_says_which_option_is_missing(
    forget: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(secret="", ask=never) == 1
    assert "add --secret with the stack's output SecretArn" in capsys.readouterr().err


def test_a_table_that_is_not_there_is_told_in_plain_words(
    openhour: Openhour, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["practice", "forget", EMAIL, "--table", "elsewhere", "--secret", SECRET, "--yes"]
    assert main(arguments, now=openhour.clock.now) == 1
    assert "\nNot forgotten: table elsewhere: " in capsys.readouterr().err


def test_a_session_that_has_not_ended_is_to_come(openhour: Openhour, forget: Command) -> None:
    made = submitted(openhour)
    openhour.answering.answer(answer_link(made), Answer(Decision.CONFIRM))
    openhour.clock.present = made.end - timedelta(seconds=1)
    assert forget("--yes") == 1
    openhour.clock.move(seconds=1)
    assert forget("--yes") == 0
