"""A server on this machine, for tests to say what it answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Loopback:
    """Listens on a port of its own from the beginning, and answers as a subclass says.

    Args:
        port: Where it listens; 0 takes a free one.

    Attributes:
        port: Where it listens.
        url: Its address.
    """

    def __init__(self, port: int = 0) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Hands requests over."""

            def do_POST(self) -> None:  # pylint: disable=invalid-name
                """One reply."""
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                try:
                    outer.answer(self, request)
                except OSError:
                    pass  # whoever asked is gone

            def log_message(self, format: str, *args: Any) -> None:  # pylint: disable=redefined-builtin
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_port)
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        """Does what it does with a request."""
        raise NotImplementedError

    def close(self) -> None:
        """Stops it."""
        self._server.shutdown()
        self._server.server_close()
