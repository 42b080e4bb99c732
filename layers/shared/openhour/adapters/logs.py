"""Logging: JSON lines with ids, never payloads."""

import os
import traceback

from aws_lambda_powertools import Logger

logger = Logger(log_uncaught_exceptions=False)
# Several functions share a log group, and for a while two releases of each: a line says whose it is, as
# openhour-prod-ListSlotsFunction-1a2b3c, and of which release, as 2026-11-26T12:00:00Z 1a842e3.
logger.append_keys(function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""), release=os.environ.get("RELEASE", ""))
_INNERMOST = 8


def log_failure(error: BaseException, **ids: object) -> None:
    """Log where it happened and its type. Its text may hold what a client wrote, so that is left out."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error("failed", extra={"error": type(error).__name__, "at": frames[-_INNERMOST:], **ids})
