"""What every page behind a provider's link must look like."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from tests.handlers.gateway import Call, Reply
from tests.handlers.stack import Stack

_VOID = {"meta", "input", "br", "link"}


class _Outline(HTMLParser):
    """Collects the tags of a page and makes sure that they close as they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def look(token: str, method: str = "GET") -> Call:
    """A fetch of an answer link."""
    return Call(method, f"/v1/answers/{token}")


def heading(reply: Reply) -> str:
    """What the page says first."""
    found = re.search(r"<h1>(.*)</h1>", reply.body)
    assert found is not None
    return found[1]


def page(reply: Reply, status: int, told: str) -> Reply:
    """The reply, after making sure that it is this page: sound HTML, inert, kept by nobody, framed by nobody."""
    assert (reply.status, heading(reply)) == (status, told)
    style = re.search(r"<style>(.*?)</style>", reply.body, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert reply.headers == {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex",
        "content-security-policy": f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        **({"retry-after": "2"} if status == 503 else {}),
    }
    _check_markup(reply.body)
    return reply


def _check_markup(html: str) -> None:
    outline = _Outline()
    outline.feed(html)
    assert outline.open == []
    assert html.startswith("<!doctype html>\n<html lang=")
    names = [tag for tag, _ in outline.tags]
    assert not {"script", "img", "iframe", "link", "object", "a"}.intersection(names)
    assert not {
        name for _, attributes in outline.tags for name in attributes if name == "style" or name.startswith("on")
    }
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all("action" not in attributes for tag, attributes in outline.tags if tag == "form")


def unchanged(stack: Stack, call: Call, status: int, told: str) -> Reply:
    """The page that a call is answered with, after making sure that it changed nothing."""
    before = stack.items()
    reply = stack.http(call)
    assert stack.items() == before
    return page(reply, status, told)
