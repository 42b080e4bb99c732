"""Looks at a stage of samconfig.toml before `make deploy`: at the stack's name, and for a secret in the file."""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

CONFIGURATION = Path("samconfig.toml")

LONGEST_NAME = 32
"""Longest name of a stack: the site's resources are named after it and its region, in 64 characters (CloudFront)."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_REFERENCE = "{{resolve:"
_SECRET = "OriginSecret="  # noqa: S105 - the name of a parameter


def main() -> None:
    """Say what is wrong with the stage that is named, and stop the deployment then."""
    (stage,) = sys.argv[1:]
    found = list(faults(stage, tomllib.loads(CONFIGURATION.read_text("utf-8"))))
    if found:
        sys.exit("\n".join(f"{CONFIGURATION}: {fault}" for fault in found))


def faults(stage: str, configuration: Mapping[str, Any]) -> Iterator[str]:
    """What keeps a stage from being deployed, each in a sentence."""
    settings: Mapping[str, Any] = configuration.get(stage, {})
    name = settings.get("global", {}).get("parameters", {}).get("stack_name")
    if name is None:
        yield f"there is no stage {stage} with a stack_name."
        return
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        yield f"the stack_name {name} needs at most {LONGEST_NAME} letters, digits and hyphens, a letter first."
    for override in settings.get("deploy", {}).get("parameters", {}).get("parameter_overrides", ()):
        if override.startswith(_SECRET) and not override.removeprefix(_SECRET).startswith(_REFERENCE):
            yield "OriginSecret does not belong into a file; write {{resolve:secretsmanager:NAME}}, or leave it out."


if __name__ == "__main__":
    main()
