import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import click
import pytest

from operate.__main__ import main, openhour
from operate.terminal import Terminal

ROOT = Path(__file__).parents[2]
ACCOUNT = "AWS account 123456789012, region eu-west-2"


def commands(command: click.Command = openhour, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from commands(part, (*path, name))


ALL = sorted(commands())
OF_A_STACK = {
    ("practice", "apply", str(ROOT / "practice.yaml")),
    ("practice", "export"),
    ("practice", "forget", "ana@client.example"),
    ("repair",),
    ("keys", "rotate"),
    ("site", "upload"),
    ("smoke",),
    ("restore", "--from", "openhour-before"),
    ("release", "list"),
    ("release", "rollback"),
    ("release", "prune"),
}


@pytest.fixture
def region(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_says_what_it_does(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "-h"):
        assert main([*path, option]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(" ".join(("Usage: openhour", *path)))
        assert "..." not in shown.partition("Commands:")[2], "a summary is cut off"
        assert "\\b" not in shown
        assert all(len(line) <= 100 for line in shown.splitlines())


def test_no_command_that_touches_a_stack_is_left_out_here() -> None:
    groups = {path[:-1] for path in ALL}
    assert {tuple(word for word in path[:2] if word[0] != "-") for path in OF_A_STACK} == {
        path for path in ALL if path not in groups
    } - {("practice", "check"), ("mail", "unsuppress")}  # a file alone; the account as a whole


@pytest.mark.parametrize("command", sorted(OF_A_STACK), ids=lambda command: " ".join(command[:2]))
def test_stack_account_and_region_are_said_before_anything_else(
    region: None, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--stack", "openhour-gone"]) > 0
    said, refusal = capsys.readouterr().err.splitlines()
    assert said == f"Stack openhour-gone in {ACCOUNT}."
    assert "stack openhour-gone: " in refusal


@pytest.mark.parametrize("command", sorted(OF_A_STACK), ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("by", ["option", "environment"])
def test_the_emulated_cloud_is_named_as_such(
    region: None,
    command: tuple[str, ...],
    by: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = "http://127.0.0.1:9"  # nobody is there, and nobody is asked for an account
    if by == "environment":
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert main([*command, "--stack", "openhour-local", *(["--endpoint-url", url] if by == "option" else [])]) > 0
    said = capsys.readouterr().err.splitlines()[0]
    assert said == f"Stack openhour-local in the emulated cloud at {url}, region eu-west-2."


def test_an_account_is_said_even_where_one_service_is_emulated(
    region: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    main(["keys", "rotate", "--secret", "lost"])
    said = capsys.readouterr().err.splitlines()[0]
    assert said == f"Secret lost in {ACCOUNT}, but emulated dynamodb at http://127.0.0.1:9."


def test_what_is_named_in_a_stacks_stead_is_said(region: None, capsys: pytest.CaptureFixture[str]) -> None:
    main(["repair", "--table", "gone"])
    main(["keys", "rotate", "--secret", "lost"])
    lines = capsys.readouterr().err.splitlines()
    assert lines[::2] == [f"Table gone in {ACCOUNT}.", f"Secret lost in {ACCOUNT}."]


def test_a_stage_is_said_as_the_stack_that_it_is(
    region: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    main(["site", "upload", "--stage", "prod"])
    assert capsys.readouterr().err.startswith("Stack openhour-prod in AWS account 123456789012, region eu-central-1.")


def test_checking_a_file_touches_no_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "check", str(ROOT / "practice.yaml")]) == 0
    assert capsys.readouterr().err == ""


def test_without_credentials_nothing_is_touched_and_it_is_said_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert main(["keys", "rotate", "--stack", "openhour-prod", "--region", "eu-west-2"]) == 1
    assert capsys.readouterr().err.startswith("Not rotated: no AWS credentials found: set AWS_PROFILE")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["repair"], "Give either --stack or --table."),
        (["repair", "--stack", "a", "--table", "b"], "Give either --stack or --table."),
        (["keys", "rotate"], "Give either --stack or --secret."),
        (["site", "upload"], "Give either --stack or --stage."),
        (["practice", "apply"], "Missing argument 'FILE'."),
        (["practice", "aply"], "No such command 'aply'."),
        (["repair", "--fx", "--stack", "a"], "--fix"),
        (
            ["practice", "apply", "f.yaml", "--stack", "a", "--decline-open", "--reason", " "],
            "write 1 to 500 characters",
        ),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err
    assert "Try 'openhour " in shown.err


def test_ctrl_c_ends_a_command_with_130_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_file: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("operate.practice.command.load", interrupted)
    assert main(["practice", "check", "any.yaml"]) == 130
    assert capsys.readouterr().err.endswith("Stopped.\n")


# How far long work is


def test_progress_is_one_line_that_is_written_over_and_gone_before_the_next_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    terminal = Terminal()
    terminal.progress("100 items read")
    terminal.progress("200 items read")
    terminal.say("Done.")
    terminal.clear()
    shown = capsys.readouterr()
    assert shown.err == "\r\x1b[2K100 items read\r\x1b[2K200 items read\r\x1b[2K"
    assert shown.out == "Done.\n"


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.progress("100 items read")
    terminal.note("A note.")
    assert capsys.readouterr().err == "A note.\n"


def test_progress_stays_on_one_line_however_narrow_the_terminal_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    Terminal().progress("uploading file 3 of 80: a-very-long-name.js")
    assert capsys.readouterr().err == "\r\x1b[2Kuploading file 3 of"
