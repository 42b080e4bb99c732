"""The command `openhour`: all that an operator runs against a stack.

A new command is a function in a room of its own, added to a group here. Exit status: 0 done (or nothing to do), 1
refused, declined or failed, 2 the command line or a file is wrong; 130 stopped with Ctrl-C.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click

from operate.command import World
from operate.keys import keys
from operate.mail import mail
from operate.practice.command import practice
from operate.releases import release
from operate.repair.command import repair
from operate.restore.command import restore
from operate.site import site
from operate.smoke.command import smoke

_STOPPED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def openhour() -> None:
    """Set up and look after a stack of Openhour.

    Every command that touches a stack first says which one it is, and in which account and region. Credentials are
    those of the AWS command line: AWS_PROFILE, or whatever else that takes.
    """


for command in (practice, repair, restore, keys, mail, site, release, smoke):
    openhour.add_command(command)


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ask: Callable[[str], str] = input,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Run the command and return its exit status.

    `now` gives aware instants, `ask` puts a question to the person, `wait` takes seconds.
    """
    world = World(now, ask, wait)
    given = None if arguments is None else list(arguments)
    try:
        return int(openhour.main(given, prog_name="openhour", standalone_mode=False, obj=world) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        world.terminal.note("Stopped.")
        return _STOPPED
    finally:
        world.terminal.clear()


if __name__ == "__main__":
    sys.exit(main())
