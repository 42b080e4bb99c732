"""Every document that is made from the code."""

from pathlib import Path

from describe import api, practice_file, states


def documents() -> dict[Path, str]:
    """The API's description, the diagram of states and the schema of practice.yaml, by where each is kept."""
    return {**api.texts(), **states.texts(), **practice_file.texts()}
