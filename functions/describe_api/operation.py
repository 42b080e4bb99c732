"""`GET /v1/openapi.json` in the API's description."""

from describe.calls import Call
from describe.problems import ALWAYS

CALLS = (
    Call(
        route="GET /v1/openapi.json",
        name="describeApi",
        summary="This document",
        text="May be kept for an hour.",
        tag="Description",
        done={200: {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}},
        problems=ALWAYS,
    ),
)
