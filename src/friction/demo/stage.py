"""Puts a prompt to the arms and shows what they write: in panels, in plain lines, or as JSON."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from rich.console import Console
from rich.constrain import Constrain
from rich.live import Live
from rich.text import Text

from friction.demo import look, plain
from friction.demo.prompts import Pair, Prompt
from friction.demo.reply import Reply
from friction.demo.runner import Arm, run
from friction.demo.scoreboard import Scoreboard
from friction.engine.base import Sampling
from friction.errors import FrictionError
from friction.moves import MoveName

Judge = Callable[[Prompt, str], bool]
"""Takes a prompt of the set and an answer to it; says whether the answer pushes back."""

_FRAME_SECONDS = 1 / 15


class Output(Protocol):
    """Where the demo is seen; `thinking` says whether the thoughts are."""

    thinking: bool

    def note(self, text: str) -> None:
        """A sentence about the demo itself."""

    def heading(self, move: MoveName) -> None:
        """Opens a pair of twins."""

    def prompt(self, prompt: Prompt) -> None:
        """What both arms are asked."""

    def growing(self, replies: Sequence[Reply], warranted: bool | None) -> None:
        """The replies as far as they are written; called for every piece."""

    def finished(self, prompt: Prompt, replies: Sequence[Reply]) -> None:
        """The replies, whole or interrupted."""

    def scores(self, scores: Scoreboard) -> None:
        """The count at the end."""


class Stage:
    """The arms and their audience.

    Args:
        arms: Who answers.
        output: Where it is seen.
        sampling: How tokens are chosen.
        judge: Says whether an answer pushes back; without one nothing is counted.
    """

    def __init__(self, arms: Sequence[Arm], output: Output, sampling: Sampling, judge: Judge | None = None) -> None:
        self.arms = list(arms)
        self.output = output
        self._sampling = sampling
        self._judge = judge

    def play(self, prompt: Prompt, *, echo: bool = True) -> list[Reply]:
        """Put one prompt to all arms at the same time.

        Args:
            prompt: What is asked.
            echo: Show it; a person who just typed it has seen it.

        Raises:
            FrictionError: When an arm has no whole reply; what there is has been shown.
        """
        if echo:
            self.output.prompt(prompt)
        replies = [Reply(arm.title, arm.dial) for arm in self.arms]
        try:
            for number, event in run(self.arms, prompt.messages, self._sampling):
                replies[number].take(event)
                if not isinstance(event, FrictionError):
                    self.output.growing(replies, prompt.warranted)
            if self._judge and prompt.move:
                for reply in replies:
                    if reply.is_whole:  # half an answer is none, and counts on neither side
                        reply.pushed_back = self._judge(prompt, reply.answer)
        finally:
            if any(reply.answer or reply.thinking or reply.completion for reply in replies):
                self.output.finished(prompt, replies)
        for reply in replies:
            if reply.error is not None:
                raise reply.error
        return replies

    def play_pairs(self, pairs: Sequence[Pair]) -> None:
        """Put pairs of twins to all arms, one pair after the other, and count.

        Raises:
            FrictionError: As :meth:`play`.
        """
        scores = Scoreboard()
        for pair in pairs:
            assert pair[0].move is not None
            self.output.heading(pair[0].move)
            for prompt in pair:
                for reply in self.play(prompt):
                    if reply.pushed_back is not None:
                        scores.add(reply.title, bool(prompt.warranted), reply.pushed_back)
        if scores.rows:
            self.output.scores(scores)


class Panels:
    """A terminal with colours.

    Args:
        console: The terminal.
        thinking: Show what is thought.
    """

    def __init__(self, console: Console, *, thinking: bool = True) -> None:
        self.thinking = thinking
        self._console = console
        self._live: Live | None = None
        self._drawn = 0.0

    @property
    def _width(self) -> int:
        return min(self._console.width, look.WIDEST)

    def note(self, text: str) -> None:
        """A sentence about the demo itself."""
        self._console.print(Text(text, look.SOFT), width=self._width)

    def heading(self, move: MoveName) -> None:
        """Opens a pair of twins."""
        self._console.print(look.move_heading(move), width=self._width)

    def prompt(self, prompt: Prompt) -> None:
        """What both arms are asked."""
        self._console.print(look.prompt_lines(prompt), width=self._width)

    def growing(self, replies: Sequence[Reply], warranted: bool | None) -> None:
        """Draw the replies, but no more often than an eye can follow."""
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        elif time.monotonic() - self._drawn < _FRAME_SECONDS:
            return
        self._live.update(look.Tail(self._view(replies, warranted)), refresh=True)
        self._drawn = time.monotonic()

    def finished(self, prompt: Prompt, replies: Sequence[Reply]) -> None:
        """Replace what was drawn by what stays."""
        if self._live is not None:
            try:
                self._live.stop()
            finally:
                self._console.show_cursor()  # an interrupt may hit the display while it stops
            self._live = None
        self._console.print(self._view(replies, prompt.warranted), width=self._width)

    def scores(self, scores: Scoreboard) -> None:
        """The count at the end."""
        self._console.print(look.scoreboard_view(scores), width=self._width)

    def _view(self, replies: Sequence[Reply], warranted: bool | None) -> Constrain:
        return Constrain(look.replies_view(replies, warranted, thinking=self.thinking, width=self._width), self._width)


class PlainLines:
    """Text without colours and frames.

    Args:
        thinking: Show what is thought.
    """

    def __init__(self, *, thinking: bool = True) -> None:
        self.thinking = thinking

    def note(self, text: str) -> None:
        """A sentence about the demo itself."""
        print(text, flush=True)

    def heading(self, move: MoveName) -> None:
        """Opens a pair of twins."""
        print(plain.move_heading(move), flush=True)

    def prompt(self, prompt: Prompt) -> None:
        """What both arms are asked."""
        print(plain.prompt_lines(prompt), flush=True)

    def growing(self, replies: Sequence[Reply], warranted: bool | None) -> None:
        """Lines cannot be written twice: a reply appears when it is whole."""

    def finished(self, prompt: Prompt, replies: Sequence[Reply]) -> None:
        """The replies, one below the other."""
        for reply in replies:
            judged = look.verdict(prompt.warranted, reply.pushed_back)
            print(plain.reply_lines(reply, judged, thinking=self.thinking), flush=True)

    def scores(self, scores: Scoreboard) -> None:
        """The count at the end."""
        print(plain.scoreboard_lines(scores), flush=True)


class JsonLines:
    """One JSON object per prompt on the standard output, and nothing else there."""

    def __init__(self, *, thinking: bool = True) -> None:
        self.thinking = thinking

    def note(self, text: str) -> None:
        """Not data: it goes where a person reads it."""
        print(text, file=sys.stderr, flush=True)

    def heading(self, move: MoveName) -> None:
        """Part of each object."""

    def prompt(self, prompt: Prompt) -> None:
        """Part of each object."""

    def growing(self, replies: Sequence[Reply], warranted: bool | None) -> None:
        """An object is written whole."""

    def finished(self, prompt: Prompt, replies: Sequence[Reply]) -> None:
        """Write the object, if every reply is whole."""
        if any(reply.completion is None for reply in replies):
            return
        row: dict[str, Any] = {"prompt": prompt.text, "move": prompt.move, "warranted": prompt.warranted}
        history = [turn.as_dict() for turn in prompt.history]
        row |= {
            "baseline": None,
            "friction": None,
            **{reply.title: reply.as_json(thinking=self.thinking) for reply in replies},
        }
        row = {**row, "history": history} if history else row
        # Where the stream can't take every character, an escape keeps the data as it is.
        unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        print(json.dumps(row, ensure_ascii=not unicode), flush=True)

    def scores(self, scores: Scoreboard) -> None:
        """Counted from the objects by whoever wants to."""
