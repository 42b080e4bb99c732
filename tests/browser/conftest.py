"""Chromium, and people in front of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from local.cloud import Cloud
from tests.browser.booker import PHONE, WIDE, Booker

# Functions of the emulated cloud start cold, two at a time: what a person would wait for is no failure.
expect.set_options(timeout=20_000)

_LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; what Playwright would download is not needed."""
    program = shutil.which("chromium")
    assert program, "These tests drive Chromium, and none was found on PATH: make test-browser says how to get it."
    with sync_playwright() as playwright:
        # Within a container everything is root's, and Chromium's own sandbox does not start for root.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def somebody(cloud: Cloud, chromium: Browser) -> Iterator[Callable[..., Booker]]:
    """Makes people with a browser of their own; whatever their pages complained about fails the test."""
    with ExitStack() as browsers:

        def make(**settings: Any) -> Booker:
            return browsers.enter_context(Booker(cloud, chromium, **settings))

        yield make


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def booker(somebody: Callable[..., Booker], request: pytest.FixtureRequest) -> Booker:
    """Somebody in London, on a wide screen and on a phone."""
    return somebody(viewport=request.param)


@pytest.fixture
def wide(somebody: Callable[..., Booker]) -> Booker:
    """Somebody in London on a wide screen."""
    return somebody()


def next_change(zone: ZoneInfo, after: datetime) -> datetime:
    """The noon, UTC, of the next day on which the zone's clocks change."""
    day = after.replace(hour=12, minute=0, second=0, microsecond=0)
    while (day + timedelta(days=1)).astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset():
        day += timedelta(days=1)
    return day + timedelta(days=1)


@pytest.fixture
def before_the_change(cloud: Cloud) -> Iterator[datetime]:
    """Eight days before clocks in London change, for the functions; the real clock afterwards."""
    now = datetime.now(UTC)
    then = next_change(_LONDON, now + timedelta(days=10)) - timedelta(days=8)
    cloud.set_clock_offset(int((then - now).total_seconds()))
    yield then
    cloud.set_clock_offset(0)
