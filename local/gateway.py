"""What a deployment on the emulated AWS leaves open about the API, through API Gateway's public calls."""

import contextlib

from local.aws import Client
from local.stack import Stack

DOMAIN = "api.localhost"
"""Browsers and curl take every name below localhost for this machine. Python's resolver may not."""


def complete(gateway: Client, stack: Stack) -> None:
    """Give the API its CORS settings and an address that is the same after every start. May be repeated."""
    api_id = stack.outputs["ApiId"]
    # The emulator's CloudFormation stores the template's settings in a form that its own gateway does not read.
    gateway.update_api(ApiId=api_id, CorsConfiguration=stack.cors())
    with contextlib.suppress(gateway.exceptions.ConflictException):
        gateway.create_domain_name(DomainName=DOMAIN)
    with contextlib.suppress(gateway.exceptions.ConflictException):
        gateway.create_api_mapping(ApiId=api_id, DomainName=DOMAIN, Stage="$default")
