"""One stack for each module of handler tests."""

from collections.abc import Iterator

import pytest

from tests.handlers.stack import Stack, running_stack


@pytest.fixture(scope="module")
def shared_stack() -> Iterator[Stack]:
    """The stack, for tests that must not change anything."""
    with running_stack() as running:
        yield running


@pytest.fixture
def stack(shared_stack: Stack) -> Stack:
    """The stack as it was set up, for a test that changes something."""
    shared_stack.reset()
    return shared_stack
