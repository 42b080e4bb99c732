"""The command `openhour smoke`."""

import secrets

import click

from openhour.application.errors import ApplicationError
from operate.command import Target, World, at_a_stack, examples, told_as, yes
from operate.smoke.api import HttpCaller
from operate.smoke.errors import StumbledError
from operate.smoke.inside import Inside
from operate.smoke.walk import Time, Walk, when
from operate.stages import MEANING, at_its_stack

MAILBOX = "success+{}@simulator.amazonses.com"
"""SES's mailbox simulator: takes every mail, counts towards nothing, and tells labels apart."""


@click.command(
    epilog=examples(
        "openhour smoke --stage dev                  (what `make smoke STAGE=dev` runs)",
        "openhour smoke --stack openhour-prod --provider maya-okafor --yes",
    )
)
@at_a_stack("stage", MEANING)
@click.option("--provider", metavar="ID", help="Whose time to ask for; else the first provider who is listed.")
@click.option("--api-url", metavar="URL", help="Where the API answers, if not where the stack says.")
@yes
@told_as("The walk ended")
def smoke(world: World, target: Target, *, provider: str | None, api_url: str | None, yes: bool) -> int:
    """Ask for a time, confirm and cancel it, on a deployed stack.

    It says whose time it is, the last free one there is, and asks first: that provider gets the mails. The client's go
    to SES's mailbox simulator. Links are not read from mails: the command signs them with the stack's secret. At the
    end the time is free again and the client is forgotten.
    """
    target = at_its_stack(target)
    target.announce(world.terminal)
    outputs = target.cloud.outputs(str(target.stack))
    inside = Inside.of(target.cloud, outputs["TableName"], outputs["SecretArn"], world)
    name = secrets.token_hex(4)
    address = MAILBOX.format(name)
    caller = HttpCaller((api_url or outputs["ApiUrl"]).rstrip("/"))
    walk = Walk(caller, inside, world, world.terminal.say, world.wait, address, f"smoke-test-{name}")
    time = walk.free_time(provider)
    world.terminal.say(
        f"{time.name} ({time.provider}) gets mails about a request for {when(time.start):%d %B %Y %H:%M %Z}."
    )
    world.terminal.say(f"{address} is the client.")
    if not world.confirmed("Ask for it, confirm and cancel it?", yes=yes):
        world.terminal.say("Nothing was asked for.")
        return 1
    return _walked(walk, world, time)


def _walked(walk: Walk, world: World, time: Time) -> int:
    try:
        walk.ask_confirm_cancel(time)
    except StumbledError as error:
        world.terminal.note(f"Failed: {error}")
        if not walk.take_back():
            world.terminal.note(
                f"Request {walk.request} of {time.provider} stands. Decline or cancel it as the provider."
            )
            return 1
        _forgotten(walk, world)
        return 1
    return 0 if _forgotten(walk, world) else 1


def _forgotten(walk: Walk, world: World) -> bool:
    try:
        walk.forget()
    except ApplicationError:
        world.terminal.note(f"Not forgotten yet: openhour practice forget {walk.address}, in a minute.")
        return False
    world.terminal.say("Nothing is left but a cancelled request of nobody's.")
    return True
