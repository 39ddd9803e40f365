"""What a public benchmark is to us: where it lives, how its file is read, what its authors count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from friction.evaluate.prompts import Prompt
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Metric


@dataclass(frozen=True)
class Source:
    """Where a benchmark's file comes from.

    Attributes:
        title: The benchmark's own name.
        home: The address of the published files.
        licence: Under which its authors publish it.
        file: The file's name there.
    """

    title: str
    home: str
    licence: str
    file: str


@dataclass(frozen=True)
class Benchmark:
    """One public benchmark; its data is never part of this package.

    Attributes:
        name: On the command line.
        source: Where its file comes from.
        read: The file's prompts, in its order.
        headline: The authors' own figures, per arm, from scored replies.
    """

    name: str
    source: Source
    read: Callable[[Path], list[Prompt]]
    headline: Callable[[Sequence[Scored]], list[Metric]]

    @property
    def title(self) -> str:
        """The benchmark's own name."""
        return self.source.title

    @property
    def home(self) -> str:
        """The address of the published files."""
        return self.source.home

    @property
    def licence(self) -> str:
        """Under which its authors publish it."""
        return self.source.licence

    @property
    def file(self) -> str:
        """The file's name as published."""
        return self.source.file
