"""Bringing changed code onto a running local cloud: seconds where only code changed, a deployment where more did."""

import io
import time
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from local import aws, deployment, site
from local.aws import Client
from local.ports import Ports
from local.stack import ALIAS, Stack

type Snapshot = dict[Path, tuple[int, int]]
"""Modification time in nanoseconds and size in bytes, by file."""

_LAYER = "SharedLayer"


class Part(StrEnum):
    """What can be changed apart from the rest; the value is the file or directory to watch."""

    FUNCTIONS = "functions"
    SHARED_CODE = "layers/shared"
    DEPENDENCIES = "layers/dependencies"
    TEMPLATE = "template.yaml"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Redeployment:
    """Brings changes onto the local cloud at `ports`."""

    ports: Ports

    def of(self, changed: set[Part]) -> None:
        """Bring the changed parts there.

        Raises:
            ProgramFailedError: a template, dependencies or pages could not be built or deployed; what runs stands as
                before.

        """
        if Part.SITE in changed:
            site.build()
        if changed & {Part.TEMPLATE, Part.DEPENDENCIES}:
            deployment.build()
            deployment.deploy(self.ports, deployment.LOGS / f"deploy-{self.ports.cloud}.log")
            return
        client = aws.client("lambda", self.ports.cloud)
        functions = Stack(self.ports.cloud).functions.values()
        if Part.SHARED_CODE in changed:
            _replace_layer(client, functions)
        if Part.FUNCTIONS in changed:
            _replace_code(client, functions)
        serve_latest(client, functions)


def serve_latest(client: Client, functions: Iterable[str]) -> None:
    """Have calls reach what a function is now, not the version that the last deployment made. May be repeated."""

    def serve(name: str) -> None:
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion="$LATEST")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(serve, functions))


def snapshot(part: Part) -> Snapshot:
    """Describe the files of a part as they are now."""
    return {path: (status.st_mtime_ns, status.st_size) for path in _files(Path(part)) if (status := path.stat())}


def changes(seconds: float = 0.3) -> Iterator[set[Part]]:
    """Yield the parts that changed, looking every `seconds`, once a round finds nothing more changed."""
    last = _snapshots()
    changed: set[Part] = set()
    while True:
        time.sleep(seconds)
        current = _snapshots()
        now = {part for part in Part if current[part] != last[part]}
        last = current
        if changed and not now:
            yield changed
            changed = set()
        changed |= now


def _snapshots() -> dict[Part, Snapshot]:
    while True:
        try:
            return {part: snapshot(part) for part in Part}
        except FileNotFoundError:  # Editors replace files: it was there when it was listed.
            continue


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*")) if file.is_file() and "__pycache__" not in file.parts]


def _replace_code(client: Client, functions: Iterable[str]) -> None:
    code = _zip(Path(Part.FUNCTIONS), prefix="")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: client.update_function_code(FunctionName=name, ZipFile=code), functions))


def _replace_layer(client: Client, functions: Iterable[str]) -> None:
    code = _zip(Path(Part.SHARED_CODE), prefix="python/")
    names = list(functions)
    attached = [layer["Arn"] for layer in client.get_function_configuration(FunctionName=names[0])["Layers"]]
    old = next(arn for arn in attached if _LAYER in arn)
    layer_name = old.split(":")[-2]
    new = client.publish_layer_version(LayerName=layer_name, Content={"ZipFile": code})["LayerVersionArn"]
    layers = [new if arn == old else arn for arn in attached]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: client.update_function_configuration(FunctionName=name, Layers=layers), names))


def _zip(directory: Path, prefix: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(directory):
            archive.write(path, f"{prefix}{path.relative_to(directory)}")
    return buffer.getvalue()
