"""What can keep the local cloud from starting."""

from pathlib import Path


class LocalCloudError(Exception):
    """Base of this package's errors; its text is shown to the person who typed the command."""


class PortInUseError(LocalCloudError):
    """Another program listens on a port that the local cloud needs."""

    def __init__(self, port: int, purpose: str, variable: str) -> None:
        super().__init__(
            f"Port {port} ({purpose}) is in use. Stop what listens there, or change it: {variable}={port + 1} make run"
        )
        self.port = port
        self.variable = variable


class ProgramFailedError(LocalCloudError):
    """A program that the local cloud needs ended or failed; carries the end of what it said."""

    def __init__(self, name: str, log: Path, lines: int = 25) -> None:
        said = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        super().__init__("\n".join([f"{name} failed. The end of {log}:", "", *said[-lines:]]))
        self.log = log


class NotRunningError(LocalCloudError):
    """There is no local cloud to work on."""

    def __init__(self) -> None:
        super().__init__("No local cloud is running here: start one with `make run`, in another terminal.")
