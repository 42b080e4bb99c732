"""Releases: all functions go back to one together, and what nobody goes back to is deleted."""

import io
import json
import zipfile
from collections.abc import Mapping

import boto3
import pytest

from operate.__main__ import main
from operate.releases import ReleaseError, Standing, Version, former

STACK = "openhour-test"
OLD, MIDDLE, NEW = "2026-11-24T09:00:00Z aaaaaaa", "2026-11-25T09:00:00Z bbbbbbb", "2026-11-26T09:00:00Z ccccccc"


def code() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", "")
    return buffer.getvalue()


@pytest.fixture
def stack(aws: None) -> Mapping[str, str]:
    """Two functions of a stack, with their aliases; their physical names by their logical ones."""
    role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "x = 1"},
            "Handler": "index.x",
            "Runtime": "python3.13",
            "Role": role,
        },
    }
    template = {"Resources": {"FirstFunction": function, "SecondFunction": function}}
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(template))
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    for name in names.values():
        boto3.client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")
    return names


def deploy(names: Mapping[str, str], release: str, only: str = "") -> None:
    """What a deployment leaves: a version of each function that names its release, and the alias leads there."""
    client = boto3.client("lambda")
    for logical, name in names.items():
        if only in logical:
            client.update_function_configuration(FunctionName=name, Environment={"Variables": {"RELEASE": release}})
            version = client.publish_version(FunctionName=name)["Version"]
            client.update_alias(FunctionName=name, Name="live", FunctionVersion=version)


def live(names: Mapping[str, str]) -> set[str]:
    client = boto3.client("lambda")
    found = set()
    for name in names.values():
        version = client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        configuration = client.get_function_configuration(FunctionName=name, Qualifier=version)
        found.add(configuration["Environment"]["Variables"]["RELEASE"])
    return found


def run(*arguments: str, answer: str = "y") -> int:
    return main(["release", *arguments, "--stack", STACK], ask=lambda _: answer)


def test_every_function_goes_back_to_the_release_before_and_forward_again(
    stack: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for release in (OLD, MIDDLE, NEW):
        deploy(stack, release)
    assert run("rollback") == 0
    assert live(stack) == {MIDDLE}
    assert capsys.readouterr().out.splitlines() == [
        f"  {NEW}  live",
        f"  {MIDDLE}",
        f"  {OLD}",
        f"Went to {MIDDLE}: 2 of 2 functions.",
    ]
    assert run("rollback") == 0
    assert live(stack) == {OLD}
    assert run("rollback") == 1
    assert "no release before" in capsys.readouterr().err
    assert run("rollback", "--to", NEW) == 0
    assert live(stack) == {NEW}


def test_nothing_changes_unless_the_person_agrees(stack: Mapping[str, str]) -> None:
    deploy(stack, OLD)
    deploy(stack, NEW)
    assert run("rollback", answer="n") == 1
    assert run("rollback", "--dry-run") == 0
    assert run("rollback", "--to", "2026-11-24T09:00:00Z unheard") == 1
    assert live(stack) == {NEW}


def test_going_back_can_be_taken_up_again_after_an_interruption(stack: Mapping[str, str]) -> None:
    for release in (OLD, MIDDLE, NEW):
        deploy(stack, release)
    boto3.client("lambda").update_alias(FunctionName=stack["FirstFunction"], Name="live", FunctionVersion="2")
    assert live(stack) == {MIDDLE, NEW}
    assert run("rollback", "--yes") == 0
    assert live(stack) == {MIDDLE}


def test_a_function_that_a_release_does_not_have_is_said_and_stays(
    stack: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(stack, OLD, only="First")
    deploy(stack, NEW)
    assert run("rollback", "--yes") == 0
    said = capsys.readouterr().out
    assert f"  {OLD}  without 1 of 2 functions" in said
    assert live(stack) == {OLD, NEW}


def test_old_releases_are_deleted_but_never_what_is_live(
    stack: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for release in (OLD, MIDDLE, NEW):
        deploy(stack, release)
    assert run("prune", "--keep", "2", "--dry-run") == 0
    assert run("prune", "--keep", "2") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Would delete 2 versions of 1 old releases.",
        "Deleted 2 versions of 1 old releases.",
    ]
    assert run("rollback", "--yes") == 0
    for release in ("2026-11-27T09:00:00Z ddddddd", "2026-11-28T09:00:00Z eeeeeee"):
        client = boto3.client("lambda")
        for name in stack.values():
            client.update_function_configuration(FunctionName=name, Environment={"Variables": {"RELEASE": release}})
            client.publish_version(FunctionName=name)
    assert run("prune", "--keep", "2") == 0
    assert live(stack) == {MIDDLE}


def test_a_stack_that_was_deployed_once_has_nothing_to_go_back_to() -> None:
    with pytest.raises(ReleaseError):
        former(Standing([Version("first", 1, OLD)], {"first": 1}))
