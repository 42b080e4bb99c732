"""The API of a stack, over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from operate.smoke.errors import StumbledError

_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        """Its text as JSON. Raises StumbledError."""
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise StumbledError(f"answered {self.status} with something that is not JSON.") from error


class Caller(Protocol):
    """Calls the API; `path` begins with a slash."""

    def __call__(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """The answer, of whatever status. Raises StumbledError where there is none."""


@dataclass(frozen=True, slots=True)
class HttpCaller:
    """Calls the API at this base address, which has no trailing slash."""

    base: str

    def __call__(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """See Caller."""
        asked = urllib.request.Request(self.base + path, body, dict(headers), method=method)  # noqa: S310 - the operator names it
        try:
            with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode(errors="replace"))
        except (OSError, ValueError) as error:  # the path holds a token: it stays out of what is said
            raise StumbledError(f"nobody answers at {self.base}: {error}") from error
