"""The pages that the answer link's calls answer with, in place of problems."""

from collections.abc import Mapping

from describe.calls import headers
from describe.shapes import Schema
from openhour.adapters.http.problems import Problem

PAGES = {
    200: "The page: the request with its buttons, or what was decided with this link.",
    404: "A page that says that the link opens nothing: it is not one of ours, or its request is gone.",
    409: "A page that says what happened instead: the request was answered otherwise or withdrawn.",
    410: "A page that says that the link has had its time: the request expired, or was changed after the mail.",
    400: "A page that says that what was sent cannot be read.",
    413: "A page that says that what was sent is too large.",
    500: "A page that says that something went wrong on our side; nothing is done twice.",
    503: "A page that asks to try again shortly; nothing was changed.",
}


def pages(texts: Mapping[int, str]) -> dict[int, Schema]:
    """Pages by status."""
    html = {"text/html": {"schema": {"type": "string"}}}
    return {
        status: {"description": text, "content": html}
        | ({"headers": headers({"retry-after": "RetryAfter"})} if status == Problem.TRY_LATER.status else {})
        for status, text in texts.items()
    }
