"""Logging: JSON lines with ids, never payloads."""

import traceback

from aws_lambda_powertools import Logger

logger = Logger(log_uncaught_exceptions=False)
_INNERMOST = 8


def log_failure(error: BaseException, **ids: object) -> None:
    """Log where it happened and its type. Its text may hold what a client wrote, so that is left out."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error("failed", extra={"error": type(error).__name__, "at": frames[-_INNERMOST:], **ids})
