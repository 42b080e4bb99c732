"""What a function does while it starts: there the processor is quick and nobody waits yet.

Clients are made, connections opened and the secret read then rather than in the first call, and what is loaded by then
is left alone by the garbage collector from there on.
"""

import gc
import os
from collections.abc import Callable
from contextlib import suppress

_parts: list[Callable[[], object]] = []


def at_start[Part: Callable[[], object]](part: Part) -> Part:
    """Have `part` made when the function has loaded everything; to be written above what makes it."""
    _parts.append(part)
    return part


def start() -> None:
    """Make every part. On Lambda alone: elsewhere importing a module calls nobody.

    A part that cannot be made is tried again by the first call that needs it, which then says why.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    for part in _parts:
        with suppress(Exception):
            part()
    gc.collect()
    gc.freeze()
