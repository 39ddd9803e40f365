"""What made an artefact: the content of its files, its inputs, seed, package versions and parents.

A stage writes ``manifest.json`` into its folder last, so that its existence means that the folder is complete. It has
no date and no absolute path: the same stage with the same inputs writes the same bytes.
"""

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from friction.errors import FrictionError
from friction.files import TEMPORARY_SUFFIX, sha256, whole_file

NAME = "manifest.json"
SCRATCH = "checkpoints"
"""A folder that a stage needs while it runs; whoever finds it later may remove it, so no manifest speaks of it."""

_PACKAGES = (
    *("friction-lm", "torch", "transformers", "tokenizers", "trl", "peft", "bitsandbytes", "accelerate", "datasets"),
    *("safetensors", "numpy", "gguf", "xllamacpp"),
)


@dataclass(frozen=True)
class Manifest:
    """What is known about a folder that a stage wrote.

    Attributes:
        kind: What the folder holds, such as `adapter`.
        seed: The seed that the stage ran under; None where chance had no part.
        inputs: SHA-256 of each input file, by the name that the stage gave it.
        parents: The :attr:`digest` of each folder that this one was made from, by name.
        versions: Versions of Python and of the packages that may have shaped the result.
        files: SHA-256 of each file in the folder, by its path inside.
        extra: What else the stage wants to be known: its settings, its scores.
    """

    kind: str
    seed: int | None
    inputs: dict[str, str]
    parents: dict[str, str]
    versions: dict[str, str]
    files: dict[str, str]
    extra: dict[str, Any]

    @property
    def digest(self) -> str:
        """Identifies the folder by the content of its files."""
        return hashlib.sha256(json.dumps([self.kind, self.files], sort_keys=True).encode()).hexdigest()


def write_manifest(
    folder: Path,
    *,
    kind: str,
    inputs: Mapping[str, Path] | None = None,
    seed: int | None = None,
    parents: Mapping[str, Path] | None = None,
    extra: Mapping[str, Any] | None = None,
    files: Sequence[Path] | None = None,
) -> Manifest:
    """Declare a folder complete. The last thing that a stage does.

    Args:
        folder: Every file in it is hashed, unless ``files`` says which.
        kind: What the folder holds.
        inputs: Files that shaped the result, each with a name.
        seed: The stage's seed.
        parents: Folders that the stage started from, each with a name; they must be complete themselves.
        extra: Anything else, as JSON.
        files: The stage's own files, where later stages put theirs beside them.

    Raises:
        FrictionError: When a parent is not complete.
        OSError: When an input cannot be read or the manifest not be written.
    """
    manifest = Manifest(
        kind=kind,
        seed=seed,
        inputs={name: sha256(path) for name, path in sorted((inputs or {}).items())},
        parents={name: read_manifest(parent).digest for name, parent in sorted((parents or {}).items())},
        versions=_versions(),
        files={
            path.relative_to(folder).as_posix(): sha256(path) for path in (_files(folder) if files is None else files)
        },
        extra=dict(extra or {}),
    )
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False, allow_nan=False)
    with whole_file(folder / NAME) as file:
        file.write(text.encode() + b"\n")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """What a complete folder says about itself; its files are not looked at.

    Raises:
        FrictionError: When there is no manifest, or none that can be understood.
    """
    path = folder / NAME
    try:
        manifest = Manifest(**json.loads(path.read_bytes()))
        if not all(isinstance(part, dict) for part in (manifest.inputs, manifest.parents, manifest.files)):
            raise ValueError("its inputs, parents and files are not mappings")
        return manifest
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FrictionError(
            problem=f"'{folder}' is not complete",
            because=f"it has no {NAME}, which the command that makes the folder writes last",
            fix="check the path, or run that command again; it resumes where it stopped",
        ) from error
    except (ValueError, TypeError) as error:
        raise FrictionError(
            problem=f"cannot understand '{path}'",
            because=str(error),
            fix="make the folder again with the command that wrote it",
        ) from error


def verify(folder: Path, *, parents: Mapping[str, Path] | None = None) -> Manifest:
    """Check that a folder's files are those that its stage wrote.

    Args:
        folder: What to check.
        parents: Folders that it must have been made from, by the names that the stage gave them.

    Raises:
        FrictionError: Naming the first file that is missing or changed, or the parent that is another one.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        if path.is_file() and sha256(path) == expected:
            continue
        raise FrictionError(
            problem=f"'{path}' is not the file that '{folder}' was completed with",
            because="its content changed" if path.is_file() else "it is missing",
            fix="restore it, or make the folder again with the command that wrote it",
        )
    for name, parent in (parents or {}).items():
        if manifest.parents.get(name) != read_manifest(parent).digest:
            raise FrictionError(
                problem=f"'{folder}' does not belong to '{parent}'",
                because=f"it was made from another {name}",
                fix=f"name the {name} that it was made from, or make it again from this one",
            )
    return manifest


def _files(folder: Path) -> list[Path]:
    """What a stage wrote, without what Python and interrupted writes leave behind."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path != folder / NAME
        and path.suffix != TEMPORARY_SUFFIX
        and not {"__pycache__", SCRATCH} & set(path.relative_to(folder).parts)
    )


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            pass  # an extra that is not installed had no part in the result
    return versions
