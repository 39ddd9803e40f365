"""What holds for every test: nothing leaves this machine, and a slow machine is not a failure."""

import os
import signal
import socket
from typing import Any

import pytest
from hypothesis import settings

# Libraries that would ask the hub for a file must fail at once instead.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# Whatever a shell starts in the background ignores Ctrl-C, and so would the commands that the tests start and stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that would leave the machine is an error."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
