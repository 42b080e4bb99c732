"""What an operator does to a running stack: try it, release and go back, lose part of the table and restore it."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date

import pytest

from local import aws, deployment, redeployment
from local.stack import ALIAS, Stack
from openhour.adapters import keys
from tests.cloud import template
from tests.end_to_end.visitor import PROVIDER, Visitor, proving
from tools.finish_build import BUILD, name_release

type Operate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def operate(visitor: Visitor) -> Operate:
    """The command, run against the local cloud."""

    def run(*arguments: str, by: str = "--stack") -> subprocess.CompletedProcess[str]:
        cloud = visitor.cloud
        name = cloud.stack.name if by == "--stack" else cloud.table_name
        command = [sys.executable, "-m", "operate", *arguments, by, name, "--endpoint-url", cloud.endpoint_url]
        environment = aws.environment(cloud.ports.cloud)
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


# A walk


@pytest.mark.parametrize("verifies", [False, True], ids=["as it is", "with addresses to be proven"])
def test_the_smoke_test_walks_through_and_leaves_nothing_behind(
    visitor: Visitor, operate: Operate, *, verifies: bool
) -> None:
    free = visitor.slots()
    with proving(visitor) if verifies else nullcontext():
        done = operate("smoke", "--provider", PROVIDER, "--api-url", visitor.cloud.api_url, "--yes")
    assert done.returncode == 0, done
    steps = [line.partition(" s  ")[2] for line in done.stdout.splitlines() if " s  " in line]
    assert steps[0] == "look for a free time"
    assert ("prove the address" in steps) == verifies
    assert steps[-3:] == ["cancel it for the client", "mails go out", "forget the client"]
    assert visitor.slots() == free
    assert "simulator.amazonses.com" not in json.dumps(visitor.table(), default=repr)
    got = [mail for mail in visitor.cloud.mailbox.messages() if "success+" in str(mail["To"])]
    assert any("Cancelled" in str(mail["Subject"]) for mail in got)


def test_the_smoke_test_says_what_failed_and_takes_its_request_back(visitor: Visitor, operate: Operate) -> None:
    free = visitor.slots()
    done = operate("smoke", "--provider", "nobody-here", "--api-url", visitor.cloud.api_url, "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "look for a free time: answered 404" in done.stderr
    assert visitor.slots() == free


# Releases


@pytest.fixture
def second_release(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """The stack as it is, deployed once more under another name; the names of the former release and of this one."""
    before, after = live(visitor), {"9999-01-01T00:00:00Z second"}
    built = BUILD / "template.yaml"
    text = built.read_text("utf-8")
    try:
        name_release(built, *after)
        deployment.deploy(visitor.cloud.ports, deployment.LOGS / "second-release.log")
    finally:
        built.write_text(text, "utf-8")
    yield before.pop(), after.pop()
    redeployment.serve_latest(visitor.cloud.client("lambda"), visitor.cloud.stack.functions.values())


def live(visitor: Visitor) -> set[str]:
    """The releases that the functions serve."""
    client = visitor.cloud.client("lambda")
    functions = Stack(visitor.cloud.ports.cloud).functions.values()
    served = [client.get_function_configuration(FunctionName=name, Qualifier=ALIAS) for name in functions]
    return {each["Environment"]["Variables"]["RELEASE"] for each in served}


def test_a_release_reaches_every_function_and_one_command_goes_back(
    visitor: Visitor, second_release: tuple[str, str], operate: Operate
) -> None:
    former, newest = second_release
    assert live(visitor) == {newest}
    shown = operate("release", "rollback", "--dry-run")
    assert shown.stdout.splitlines()[0] == f"  {newest}  live"
    assert live(visitor) == {newest}
    back = operate("release", "rollback", "--yes")
    assert (back.returncode, live(visitor)) == (0, {former}), back
    request = visitor.submitted()  # call, stream, queue and mail go on, by the former release
    visitor.provider_mail_about(request)
    forth = operate("release", "rollback", "--to", newest, "--yes")
    assert (forth.returncode, live(visitor)) == (0, {newest}), forth


def test_stream_queue_and_schedule_call_the_alias(visitor: Visitor) -> None:
    cloud = visitor.cloud
    mappings = cloud.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len(mappings) == 2
    for mapping in mappings:
        assert mapping["FunctionArn"].endswith(f":{ALIAS}")
    schedule = cloud.client("scheduler").get_schedule(Name=f"{cloud.stack.name}-expire-requests")
    assert schedule["Target"]["Arn"].endswith(f":{ALIAS}")


# Restoring


def copy_table(visitor: Visitor, name: str) -> None:
    """In the place of RestoreTableToPointInTime, which the emulated cloud has not: the same items, keys and indexes."""
    client = visitor.cloud.client("dynamodb")
    properties = template()["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client.create_table(TableName=name, **{key: properties[key] for key in wanted})
    for item in visitor.table():
        client.put_item(TableName=name, Item=item)


def lose(visitor: Visitor, *partitions: str) -> None:
    client = visitor.cloud.client("dynamodb")
    for item in visitor.table():
        if item["pk"]["S"] in partitions:
            key = {"pk": item["pk"], "sk": item["sk"]}
            client.delete_item(TableName=visitor.cloud.table_name, Key=key)


def test_what_a_table_has_lost_is_put_back_and_the_requests_made_since_stay(visitor: Visitor, operate: Operate) -> None:
    lost = visitor.submitted()
    token = visitor.manage_token(visitor.mail("request for"))
    assert visitor.press(visitor.answer_link(lost), "confirm").status == 200
    visitor.mail("Harbour")  # what confirms says no more than that in its subject
    moved_on = Visitor(visitor.cloud)
    answered = moved_on.submitted()
    link = moved_on.answer_link(answered)
    moved_on.mail("")
    copy_table(visitor, "openhour-before")

    assert moved_on.press(link, "decline").status == 200
    moved_on.mail("Not possible")
    later = Visitor(visitor.cloud)
    since = later.submitted()
    later_token = later.manage_token(later.mail("request for"))
    [client] = {
        each["client"]["M"]["id"]["S"]
        for each in visitor.table()
        if each["pk"]["S"].endswith(lost["id"]) and "client" in each
    }
    ledger = keys.day(PROVIDER, date.fromisoformat(lost["start"][:10]))[0]
    lose(visitor, f"REQUEST#{lost['id']}", f"CLIENT#{client}", ledger, "PRACTICE")
    assert visitor.manage("GET", lost, token).status == 404
    before, mails = visitor.table(), Counter(str(mail["Subject"]) for mail in visitor.cloud.mailbox.messages())

    shown = operate("restore", "--from", "openhour-before", "--dry-run")
    assert shown.returncode == 0, shown
    assert f"lost: REQUEST#{lost['id']}, confirmed in version 2" in shown.stdout
    assert since["id"] not in shown.stdout
    assert answered["id"] not in shown.stdout
    assert visitor.table() == before

    for _ in range(2):  # again, it finds nothing to do
        done = operate("restore", "--from", "openhour-before", "--yes")
        assert done.returncode == 0, done
    assert "0 items to be put back" in done.stdout
    compared = operate("repair")
    assert (compared.returncode, compared.stdout.endswith("nothing differs.\n")) == (0, True), compared
    assert visitor.manage("GET", lost, token).json["status"] == "confirmed"
    assert later.manage("GET", since, later_token).json["status"] == "pending"
    assert visitor.cloud.invoke("expire_requests")["unsent"] == 0
    after = Counter(str(mail["Subject"]) for mail in visitor.cloud.mailbox.messages())
    assert after == mails, "what had been sent went out again"

    gone = visitor.call(
        "DELETE", f"/v1/requests/{lost['id']}?status=confirmed", headers={"authorization": f"Bearer {token}"}
    )
    assert gone.json["status"] == "cancelled"
    visitor.mail("Cancelled")
    later.provider_mail_about(since)
    assert later.press(later.answer_link(since), "confirm").status == 200
    later.mail("Harbour")
