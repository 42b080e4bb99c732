"""Makes what `sam build` leaves in .aws-sam/build smaller and quicker to load; `sam deploy` uploads it from there.

Smaller: botocore describes some four hundred services, and Openhour calls a handful. Quicker: Python's own bytecode
files name the modification time of their source, which zipping changes, so that a function would compile everything
anew at each cold start. Hash-based files (PEP 552), unchecked, are taken as they are. That makes them part of the
artifact: whoever changes a source in .aws-sam/build by hand changes nothing.

Named: each build writes the name of the release that it makes into the template that is deployed.
"""

import compileall
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from py_compile import PycInvalidationMode

BUILD = Path(".aws-sam/build")

SERVICES = frozenset({"dynamodb", "events", "secretsmanager", "ses", "sesv2", "sts"})
"""The services whose descriptions stay: those that the functions call, and sts, which credentials may need."""

DISTRIBUTION_METADATA = frozenset({"METADATA", "entry_points.txt", "licenses", "LICENSE", "LICENSE.txt", "NOTICE"})
"""What stays of a distribution's metadata: names and versions are read at run time (pydantic asks for
email-validator's), licences belong to every copy. The rest speaks to installers, and RECORD would be untrue by now."""

NOT_DEPLOYED = "operation.py"
"""Stands beside a handler and describes its calls, with code that is not deployed either."""

UNUSED_DIRECTORIES = ("bin", "icalendar/tests", "icalendar/fuzzing")


def main() -> None:
    """Finish every artifact of the last build and print their sizes in megabytes, unzipped."""
    if not BUILD.is_dir():
        sys.exit(f"{BUILD} is missing: run `sam build` first.")
    for artifact in sorted(path for path in BUILD.iterdir() if path.is_dir()):
        finish(artifact)
    release = release_of(datetime.now(UTC))
    name_release(BUILD / "template.yaml", release)
    print(f"Finished {BUILD}: release {release}, {', '.join(_sizes())}")


def release_of(now: datetime) -> str:
    """What a build of this instant (aware) is called: `2026-11-26T12:00:00Z 1a842e3`, with git's word for the code.

    Names sort by their time. Where there is no git, the time is the name.
    """
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {_code()}".strip()


def _code() -> str:
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return described.stdout.strip()


def name_release(template: Path, release: str) -> None:
    """Give every function of a built template the release's name, so that deploying it makes a version of each.

    Raises:
        SystemExit: the template does not say where.

    """
    text, places = re.subn(r"(?m)^(\s+RELEASE:).*$", rf'\1 "{release}"', template.read_text(encoding="utf-8"))
    if places != 1:
        sys.exit(f"{template} should name its release in one place, and does so in {places}.")
    template.write_text(text, encoding="utf-8")


def finish(artifact: Path) -> None:
    """Trim and compile one artifact: a layer's directory, which holds `python/`, or a function's."""
    is_layer = (artifact / "python").is_dir()
    if is_layer:
        trim(artifact / "python")
    else:
        for description in artifact.glob(f"*/{NOT_DEPLOYED}"):
            description.unlink()
    compile_sources(artifact, mounted_at="/opt" if is_layer else "/var/task")


def trim(packages: Path) -> None:
    """Remove from a layer's packages whatever no function reads."""
    for directory in UNUSED_DIRECTORIES:
        shutil.rmtree(packages / directory, ignore_errors=True)
    for superfluous in _unused_service_descriptions(packages):
        shutil.rmtree(superfluous)
    for metadata in packages.glob("*.dist-info"):
        _trim_metadata(metadata)


def compile_sources(artifact: Path, mounted_at: str) -> None:
    """Compile all sources to unchecked hash-based bytecode that names the paths they will have in Lambda.

    Raises:
        SystemExit: a source does not compile, or another version of Python than the functions' own is at work.

    """
    if sys.version_info[:2] != (3, 13):
        sys.exit("The functions run on Python 3.13: their bytecode must come from it.")
    for cache in list(artifact.rglob("__pycache__")):
        shutil.rmtree(cache)
    mode = PycInvalidationMode.UNCHECKED_HASH
    done = compileall.compile_dir(
        artifact,
        maxlevels=50,
        quiet=1,
        workers=0,
        invalidation_mode=mode,
        stripdir=str(artifact),
        prependdir=mounted_at,
    )
    if not done:
        sys.exit(f"{artifact} holds a source that does not compile.")


def bytecode_of(source: Path) -> Path:
    """Where the bytecode of a source belongs."""
    return Path(importlib.util.cache_from_source(source))


def _unused_service_descriptions(packages: Path) -> Iterator[Path]:
    for path in sorted((packages / "botocore" / "data").glob("*/")):
        if path.name not in SERVICES:
            yield path


def _trim_metadata(metadata: Path) -> None:
    for path in metadata.iterdir():
        if path.name in DISTRIBUTION_METADATA:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    described = metadata / "METADATA"
    headers, _, _description = described.read_text(encoding="utf-8").partition("\n\n")
    described.write_text(headers + "\n", encoding="utf-8")


def _sizes() -> Iterator[str]:
    for artifact in sorted(BUILD.glob("*Layer")):
        size = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file())
        yield f"{artifact.name} {size / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
