"""The static pages, served as any web server would."""

import contextlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from local.ports import HOST
from local.site import BUILT

MISSING = "404.html"


class _Pages(SimpleHTTPRequestHandler):
    # Of the machine's own list of types, some call JavaScript text/plain, and browsers then refuse modules.
    extensions_map = {  # noqa: RUF012 — the standard library's own attribute
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".svg": "image/svg+xml",
    }

    def __init__(self, *args: Any, config: bytes, **named: Any) -> None:
        self._config = config
        super().__init__(*args, **named)

    def do_GET(self) -> None:
        """Answer with a file; `config.json` tells the pages where the API is."""
        if self.path != "/config.json":
            super().do_GET()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self._config)))
        self.end_headers()
        self.wfile.write(self._config)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page where there is none."""
        missing = Path(self.directory) / MISSING
        if code != HTTPStatus.NOT_FOUND or not missing.is_file():
            super().send_error(code, message, explain)
            return
        page = missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the standard library's own name
        """Keep the terminal for what matters."""


@contextlib.contextmanager
def served(port: int, api: str, directory: Path = BUILT) -> Iterator[None]:
    """Serve `directory` on 127.0.0.1 for as long as the context lasts; changed files show at once. They call `api`."""
    config = json.dumps({"api": api}).encode()
    server = ThreadingHTTPServer((HOST, port), partial(_Pages, directory=str(directory.absolute()), config=config))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
