"""The four ports that the local cloud listens on."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from local.errors import LocalCloudError, PortInUseError

HOST = "127.0.0.1"

_PURPOSES = {
    "cloud": ("the emulated AWS and the API", "CLOUD_PORT"),
    "mailbox": ("the mailbox's page", "MAILBOX_PORT"),
    "smtp": ("the mailbox's SMTP", "SMTP_PORT"),
    "site": ("the static pages", "SITE_PORT"),
}


@dataclass(frozen=True, slots=True)
class Ports:
    """TCP ports on 127.0.0.1; each can be set by an environment variable (`CLOUD_PORT` and so on)."""

    cloud: int = 4566
    mailbox: int = 1080
    smtp: int = 1025
    site: int = 8080

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Take the ports that are set, and the usual ones for the rest.

        Raises:
            LocalCloudError: a variable is set to what is no port.

        """
        return cls(
            **{
                field: _port(variable, environment[variable])
                for field, (_, variable) in _PURPOSES.items()
                if environment.get(variable)
            }
        )

    @classmethod
    def free(cls) -> Self:
        """Four ports that nobody listens on now."""
        sockets = [socket.create_server((HOST, 0)) for _ in fields(cls)]
        try:
            return cls(*(each.getsockname()[1] for each in sockets))
        finally:
            for each in sockets:
                each.close()

    def ensure_free(self) -> None:
        """Make sure that all four can be listened on.

        Raises:
            PortInUseError: one cannot; it is the first in the order of the fields.

        """
        for field, (purpose, variable) in _PURPOSES.items():
            port = getattr(self, field)
            if not _is_free(port):
                raise PortInUseError(port, purpose, variable)


def _port(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):  # noqa: PLR2004 — the end of TCP's ports
        raise LocalCloudError(f"{variable}={text} is no port: a number from 1 to 65535 is wanted.")
    return int(text)


def _is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True
