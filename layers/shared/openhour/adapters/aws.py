"""Clients of AWS's services, from the environment's credentials and region.

By botocore itself: boto3 adds nothing to a client, and importing it takes as long as all of a look-up's own modules.
"""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session


def client(service: str, config: Config | None = None) -> Any:
    """A client of `service`, as boto3.client makes it."""
    return _session().create_client(service, config=config)


@cache
def _session() -> Session:
    return get_session()
