"""Every document that is made from the code."""

from pathlib import Path

from describe import api, practice_file, routes, states


def documents() -> dict[Path, str]:
    """The API's description, its routes, the diagram of states, the schema of practice.yaml, by where each is kept."""
    return {**api.texts(), **routes.texts(), **states.texts(), **practice_file.texts()}
