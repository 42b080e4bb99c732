"""Building the static pages, as for a host of static files."""

import os
from pathlib import Path

from local import programs

BUILT = Path("build/site")
_BUILDER = Path("site/build.mjs")


def build(log: Path = Path(".local-cloud/logs/site.log")) -> None:
    """Build the pages into `BUILT`; what was there stays whole until the new ones take its place.

    Raises:
        ProgramFailedError: a page or module is wrong; its text says where the messages are.

    """
    programs.run("The build of the pages", [str(programs.NODE), str(_BUILDER)], os.environ, log)
