"""Instants as the API writes them."""

from datetime import UTC, datetime


def rfc3339(instant: datetime) -> str:
    """An instant in UTC, whole seconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
