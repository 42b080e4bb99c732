"""Stacks for the handler tests."""

from collections.abc import Iterator

import pytest

from tests.handlers.stack import Stack, running_stack


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A stack of its own, for a test that changes something."""
    with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def shared_stack() -> Iterator[Stack]:
    """One stack for all tests of a module that must not change anything."""
    with running_stack() as running:
        yield running
