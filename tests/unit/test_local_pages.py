"""The pages of the local site, as a browser asks for them."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from local import pages
from local.ports import HOST, Ports


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a site of two pages is served."""
    (tmp_path / "manage.html").write_text("manage")
    (tmp_path / pages.MISSING).write_text("no such page")
    port = Ports.free().site
    with pages.served(port, "http://api.example", tmp_path):
        yield port


def asked(port: int, path: str, method: str = "GET") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection(HOST, port, timeout=5)
    connection.request(method, path)
    reply = connection.getresponse()
    return reply, reply.read().decode()


@pytest.mark.parametrize("path", ["/manage.html%23abc/eyJ.x", "/manage.html)", "/nothing.html", "/a/b"])
def test_where_there_is_no_page_the_site_says_so_itself(port: int, path: str) -> None:
    reply, text = asked(port, path)
    assert (reply.status, text) == (404, "no such page")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    reply, text = asked(port, path, "HEAD")
    assert (reply.status, text) == (404, "")


def test_what_is_there_is_served(port: int) -> None:
    assert asked(port, "/manage.html?utm_source=mail")[1] == "manage"
    assert asked(port, "/config.json")[1] == '{"api": "http://api.example"}'
