"""The embedded weights as GGUF files, made at first use and kept in the cache folder under the weights' hash."""

import atexit
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from friction.engine.base import Notify
from friction.engine.cache import cache_folder
from friction.errors import FrictionError
from friction.files import sha256
from friction.manifest import verify

WEIGHTS = Path(__file__).parents[1] / "organism" / "weights"
"""The weights that ship with the package: `base`, `adapter` and `manifest.json`."""

_FILES = ("base.gguf", "adapter.gguf")
_SUMS = "sums.json"
_FORMAT = 1  # raise it when the same weights are converted to another GGUF
_ABANDONED_AFTER = 3600.0  # seconds after which an unfinished folder belongs to a process that died


@dataclass(frozen=True)
class GgufPair:
    """The files that llama.cpp loads."""

    base: Path
    adapter: Path


def cached_gguf(weights: Path | None = None, *, notify: Notify = lambda _: None) -> GgufPair:
    """The weights as GGUF, from the cache where they are whole and of these weights, else made now.

    A folder appears in the cache complete or not at all, and several processes may do this at once. Where the
    cache cannot be written, a temporary folder that ends with the process takes its place.

    Args:
        weights: A folder as `make organism` writes it; None takes the one that ships with the package.
        notify: Is told when the cache cannot be used.

    Raises:
        FrictionError: When weights are missing or damaged, or there is no room for the GGUF files anywhere.
    """
    weights = weights or WEIGHTS
    digest = _verified_digest(weights)
    place = cache_folder() / "gguf" / f"{digest[:16]}-{_FORMAT}"
    if _is_whole(place):
        return _pair(place)
    try:
        return _make(weights, place)
    except OSError as error:
        reason = error.strerror or str(error)
        notify(f"cannot keep the converted weights in '{place.parent}' ({reason}): converting them for this run only")
    try:
        temporary = Path(tempfile.mkdtemp(prefix="friction-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return _make(weights, temporary / place.name)
    except OSError as error:
        raise FrictionError(
            problem=f"cannot write the converted weights to '{place.parent}' or to a temporary folder",
            because=error.strerror or str(error),
            fix="free 60 MB there, or name another folder in the environment variable FRICTION_CACHE",
        ) from error


def _verified_digest(weights: Path) -> str:
    try:
        return verify(weights).digest
    except FrictionError as error:
        raise FrictionError(
            problem=error.problem,
            because=error.because,
            fix="install friction again, or rebuild the embedded model with `make organism`",
        ) from error


def _pair(place: Path) -> GgufPair:
    return GgufPair(*(place / name for name in _FILES))


def _is_whole(place: Path) -> bool:
    """Whether the folder's files are, byte for byte, those that were put there."""
    try:
        sums = json.loads((place / _SUMS).read_bytes())
        return all(sums[name] == sha256(place / name) for name in _FILES)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _make(weights: Path, place: Path) -> GgufPair:
    from friction.engine.convert import convert_adapter, convert_base

    place.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(place.parent)
    unfinished = Path(tempfile.mkdtemp(dir=place.parent, prefix=".unfinished-"))
    try:
        convert_base(weights / "base", unfinished / _FILES[0])
        convert_adapter(weights / "adapter", weights / "base", unfinished / _FILES[1])
        sums = {name: sha256(unfinished / name) for name in _FILES}
        (unfinished / _SUMS).write_text(json.dumps(sums), encoding="utf-8")
        _move(unfinished, place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _pair(place)


def _move(unfinished: Path, place: Path) -> None:
    """Give a finished folder its name; another process may be doing the same."""
    for _ in range(10):
        try:
            os.rename(unfinished, place)
            return
        except OSError:
            if _is_whole(place):
                return
            if not place.exists():
                raise
        # What lies there is damaged. Renaming it first keeps a process that still reads it working.
        damaged = Path(tempfile.mkdtemp(dir=place.parent, prefix=".unfinished-"))
        with suppress(OSError):
            os.rename(place, damaged / "damaged")
        shutil.rmtree(damaged, ignore_errors=True)
    raise OSError(f"'{place}' cannot be replaced")


def _remove_abandoned(folder: Path) -> None:
    for left in folder.glob(".unfinished-*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER:
                shutil.rmtree(left, ignore_errors=True)
