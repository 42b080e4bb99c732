"""The command `openhour mail unsuppress`: takes an address off the list of those that SES no longer sends to."""

from typing import Any

import click
from botocore.exceptions import ClientError

from operate.aws import aws_errors
from operate.cloud import Cloud
from operate.command import World, dry_run, examples, told_as, yes
from operate.errors import OperatorError

_NOT_FOUND = "NotFoundException"
_COMPLAINT = "COMPLAINT"


@click.group()
def mail() -> None:
    """See to the mail that goes out."""


@mail.command("unsuppress", epilog=examples("openhour mail unsuppress maya@practice.example"))
@click.argument("address", metavar="ADDRESS")
@click.option("--region", metavar="REGION", help="The region of AWS, where it is not the environment's.")
@click.option("--endpoint-url", metavar="URL", help="Where AWS is emulated, such as http://127.0.0.1:4566.")
@dry_run
@yes
@told_as("Not taken off")
def unsuppress_command(
    world: World, address: str, *, region: str | None, endpoint_url: str | None, dry_run: bool, yes: bool
) -> int:
    """Let SES send to an address again.

    Mail that came back for good, or was complained about, puts an address onto the account's suppression list; SES
    then takes every mail to it and sends none. Mend the mailbox first. The list is the account's, in one region: all
    stacks there share it.
    """
    cloud = Cloud(region, endpoint_url)
    world.terminal.note(f"The suppression list of {cloud.described()}.")
    client = cloud.client("sesv2")
    reason = _reason(client, address)
    if reason is None:
        world.terminal.say("The address is not on the list.")
        return 0
    if reason == _COMPLAINT and not dry_run and not world.confirmed("Its reader complained. Go on?", yes=yes):
        raise OperatorError("its reader complained about a mail.")
    if not dry_run:
        with aws_errors("the suppression list"):
            client.delete_suppressed_destination(EmailAddress=address)
    world.terminal.say(f"{'Would take' if dry_run else 'Took'} the address off the list; it was there for {reason}.")
    return 0


def _reason(client: Any, address: str) -> str | None:
    """Why an address is on the list, as SES says it; None where it is not."""
    with aws_errors("the suppression list"):
        try:
            found = client.get_suppressed_destination(EmailAddress=address)
        except ClientError as error:
            if error.response["Error"]["Code"] == _NOT_FOUND:
                return None
            raise
    return str(found["SuppressedDestination"]["Reason"])
