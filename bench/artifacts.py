"""How large the built functions are: each one's zip together with the zips of its layers, as Lambda loads them."""

import io
import zipfile
from pathlib import Path

import yaml

BUILD = Path(".aws-sam/build")
LIMIT_MB = 12.0
"""Megabytes (10^6 bytes), zipped, that a function and its layers may have together."""


def report() -> bool:
    """Print the zipped size of every function with its layers; whether all of them are within the limit."""
    sizes = zipped_sizes()
    width = max(map(len, sizes))
    print(f"Zipped size with layers, limit {LIMIT_MB:.0f} MB")
    for name, size in sizes.items():
        print(f"  {name:<{width}}  {size:6.2f} MB")
    return max(sizes.values()) <= LIMIT_MB


def zipped_sizes() -> dict[str, float]:
    """Megabytes (10^6 bytes) of each function's zip plus its layers' zips, by logical id.

    Raises:
        FileNotFoundError: nothing is built.

    """
    template = yaml.safe_load((BUILD / "template.yaml").read_text(encoding="utf-8"))
    layers = [layer["Ref"] for layer in template["Globals"]["Function"]["Layers"]]
    zipped = {path.name: _zipped(path) for path in sorted(BUILD.iterdir()) if path.is_dir()}
    return {
        name: zipped[name] + sum(map(zipped.__getitem__, layers))
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def _zipped(directory: Path) -> float:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.rglob("*")):
            archive.write(path, path.relative_to(directory))
    return buffer.tell() / 1e6
