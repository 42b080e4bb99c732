"""Failures of AWS in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from operate.errors import CloudError


@contextmanager
def aws_errors(what: str) -> Iterator[None]:
    """Say in plain words what kept AWS from doing its part. Cancelled transactions go through as they are."""
    try:
        yield
    except NoCredentialsError as error:
        raise CloudError("no AWS credentials found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret") from error
    except NoRegionError as error:
        raise CloudError("no AWS region set: add --region, or set AWS_REGION") from error
    except BotoCoreError as error:
        raise CloudError(f"{what}: {error}") from error
    except ValueError as error:
        if not str(error).startswith("Invalid endpoint"):  # thus botocore
            raise
        raise CloudError(f"{what}: {error}; write it as http://127.0.0.1:4566") from error
    except ClientError as error:
        if _code(error) == "TransactionCanceledException":
            raise
        raise CloudError(f"{what}: {error.response['Error'].get('Message') or _code(error)}") from error


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
