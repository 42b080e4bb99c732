"""Chromium, and people in front of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from local.cloud import Cloud
from tests.browser.booker import PHONE, WIDE, Booker

# Functions of the emulated cloud start cold, two at a time: what a person would wait for is no failure.
expect.set_options(timeout=20_000)


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
