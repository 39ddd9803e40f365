"""Files that are whole or absent, and what identifies their content."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

TEMPORARY_SUFFIX = ".partial"


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a file that appears at its path complete and on disk, or not at all.

    Whatever interrupts the writing leaves an older file in place. Missing folders are made; a link is followed.

    Raises:
        OSError: When the place cannot be written, is full, or is something other than a file; it names the path.
    """
    target = real(path)
    try:
        if target.exists() and not target.is_file():
            raise OSError(errno.EINVAL, "it is a folder" if target.is_dir() else "it is not a regular file")
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", suffix=TEMPORARY_SUFFIX, delete=False
        ) as file:
            try:
                yield file.file
                file.flush()
                os.fsync(file.fileno())
                # A temporary file is private to its owner; the finished one follows the person's umask as others do.
                os.chmod(file.name, 0o666 & ~_umask())
                os.replace(file.name, target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        unnamed = error.filename is None and error.errno in (errno.EINVAL, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        if unnamed or str(error.filename).endswith(TEMPORARY_SUFFIX):
            error.filename, error.filename2 = str(path), None  # not the temporary file, which nobody knows
        raise


def real(path: Path) -> Path:
    """Where a path leads, links followed.

    Raises:
        OSError: Its links lead round in a circle.
    """
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OSError(errno.ELOOP, "its links lead round in a circle", str(path)) from error


def put_in_place(new: Path, target: Path) -> None:
    """Renames a finished folder to its place; an older one there goes only when the new one has come.

    Killed between the two renames, it leaves the older one beside the place; the next call begins with that one.
    """
    old = target.with_name(target.name + ".old")
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def shipped(folder: str) -> Path:
    """A folder such as `recipes`, which lies at the root of the repository and, when installed, in the package."""
    package = Path(__file__).parent
    inside = package / folder
    return inside if inside.is_dir() else package.parents[1] / folder


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
