"""Stages: what `make deploy STAGE=prod` deploys, by samconfig.toml."""

import tomllib
from dataclasses import replace
from pathlib import Path

from operate.command import Target
from operate.errors import OperatorError

SAMCONFIG = Path("samconfig.toml")
MEANING = "A stage of samconfig.toml, which names stack and region."


class StageError(OperatorError):
    """It cannot be told which stack a stage is. Its text says what to do."""


def at_its_stack(target: Target) -> Target:
    """The stack of a stage, where the command line names that; a region on the command line wins. Raises StageError."""
    if target.stack:
        return target
    stack, region = _stack_of(target.name)
    return Target(replace(target.cloud, region=target.cloud.region or region), stack)


def _stack_of(stage: str) -> tuple[str, str]:
    """Name and region of a stage's stack."""
    try:
        given = tomllib.loads(SAMCONFIG.read_text("utf-8"))[stage]["global"]["parameters"]
        return given["stack_name"], given["region"]
    except FileNotFoundError:
        raise StageError(f"{SAMCONFIG} is not here: run the command where it is, or give --stack.") from None
    except KeyError as error:
        raise StageError(f"{SAMCONFIG} has no stage {stage} with stack_name and region.") from error
