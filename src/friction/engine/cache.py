"""The folder for what can be made again."""

import os
import sys
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """Where friction keeps what it can make again; not necessarily there yet.

    The environment variable ``FRICTION_CACHE`` names it; otherwise it is where the platform wants it:
    ``$XDG_CACHE_HOME/friction`` or ``~/.cache/friction``, ``~/Library/Caches/friction`` on macOS and
    ``%LOCALAPPDATA%\\friction\\cache`` on Windows.
    """
    if named := os.environ.get("FRICTION_CACHE"):
        return Path(os.path.expanduser(named))
    home = Path(os.path.expanduser("~"))
    if not home.is_absolute():  # a user without a home, as in some containers
        return Path(tempfile.gettempdir()) / f"friction-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "friction" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "friction"
    # A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
    xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (xdg if xdg.is_absolute() else home / ".cache") / "friction"
