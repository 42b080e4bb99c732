"""The settings that the template gives to functions."""

import os

from openhour.adapters.clock import SystemClock
from openhour.application.admission import Caps


class SettingMissingError(Exception):
    """The template does not give this function the setting it needs."""


def setting(name: str) -> str:
    """A setting that must be there. Raises SettingMissingError that names it."""
    value = os.environ.get(name)
    if not value:
        raise SettingMissingError(f"The environment variable {name} is not set.")
    return value


def caps() -> Caps:
    """What one caller may ask for. Raises SettingMissingError."""
    return Caps(int(setting("HOURLY_CAP")), int(setting("DAILY_CAP")))


def origin_secret() -> str:
    """What CloudFront shows that it is the practice's own; empty where there is none."""
    return os.environ.get("ORIGIN_SECRET") or ""


def clock() -> SystemClock:
    """The machine's clock; only a stage called `local` may move it."""
    if os.environ.get("STAGE") == "local":
        return SystemClock(int(os.environ.get("CLOCK_OFFSET_SECONDS") or 0))
    return SystemClock()
