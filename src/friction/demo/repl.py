"""The person's own prompts, one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from friction.demo.prompts import Pair, Prompt, twin_of, typed
from friction.demo.stage import Stage
from friction.errors import FrictionError
from friction.moves import find_move

DIAL = (0.0, 1.5)
"""The scales that the dial may take."""

HELP = """\
Type anything: both arms answer it, each prompt by itself.
/dial 0.5        set the dial: 0 is the baseline, 1 the trained model, up to 1.5
/example [MOVE]  a prompt of the set
/twin            the twin of the last prompt
/think           show the thinking, or hide it
/help            these lines
/quit            leave, as Ctrl-D does; Ctrl-C stops a reply"""

Read = Callable[[], str]
"""Gives the next line; raises EOFError at the end and KeyboardInterrupt for Ctrl-C."""


def check_dial(value: float) -> float:
    """The dial's scale, if it may be one.

    Raises:
        FrictionError: When it is none.
    """
    low, high = DIAL
    if low <= value <= high:  # false for NaN, too
        return value
    raise FrictionError(
        problem=f"the dial cannot be {value:g}",
        because=f"it goes from {low:g}, the baseline, over 1, the trained model, to {high:g}",
        fix="give a number in that range, such as 1",
    )


class Conversation:
    """Reads lines and acts on them.

    Args:
        stage: Answers the prompts.
        pairs: The prompt set, for examples and twins.
        seed: Which examples come, and in which order.
        last: The prompt that was shown last.
    """

    def __init__(self, stage: Stage, pairs: Sequence[Pair], seed: int = 0, last: Prompt | None = None) -> None:
        self._stage = stage
        self._pairs = list(pairs)
        self._random = Random(seed)
        self._last = last

    def run(self, read: Read) -> None:
        """Go on until the person leaves."""
        while True:
            try:
                line = read().strip()
            except EOFError:
                return
            except KeyboardInterrupt:
                continue  # gives up the line, as in a shell
            if line in ("/quit", "/exit"):
                return
            try:
                self._act(line)
            except FrictionError as error:
                self._stage.output.note(f"friction: {error}")
            except KeyboardInterrupt:
                self._stage.output.note("stopped")

    def _act(self, line: str) -> None:
        command, _, argument = line.partition(" ")
        if not line:
            return
        if not line.startswith("/"):
            self._play(typed(line), echo=False)
        elif command == "/dial":
            self._dial(argument.strip())
        elif command == "/twin":
            self._twin()
        elif command == "/example":
            self._example(argument.strip())
        elif command == "/think":
            output = self._stage.output
            output.thinking = not output.thinking
            output.note("the thinking is shown" if output.thinking else "the thinking is not shown; it goes on")
        elif command == "/help":
            self._stage.output.note(HELP)
        else:
            raise FrictionError(problem=f"unknown command '{command}'", because="there is no such one", fix="see /help")

    def _play(self, prompt: Prompt, *, echo: bool = True) -> None:
        self._last = prompt
        self._stage.play(prompt, echo=echo)

    def _dial(self, argument: str) -> None:
        arms = self._stage.arms
        if not any(arm.dial is not None for arm in arms):
            raise FrictionError(
                problem="there is no dial", because="no engine here has an adapter", fix="use --engine embedded"
            )
        if argument:
            try:
                value = check_dial(float(argument))
            except ValueError as error:
                raise FrictionError(
                    problem=f"the dial cannot be '{argument}'", because="that is no number", fix="write /dial 0.5"
                ) from error
            arms[:] = [arm if arm.dial is None else replace(arm, dial=value) for arm in arms]
        self._stage.output.note(" ".join(f"the dial is at {arm.dial:g}" for arm in arms if arm.dial is not None))

    def _twin(self) -> None:
        twin = twin_of(self._last, self._pairs) if self._last else None
        if twin is None:
            raise FrictionError(
                problem="there is no twin",
                because="only the prompts of the set have one" if self._last else "nothing was asked yet",
                fix="take a prompt of the set with /example",
            )
        self._play(twin)

    def _example(self, move: str) -> None:
        wanted = find_move(move) if move else None
        pairs = [pair for pair in self._pairs if wanted in (None, pair[0].move)]
        if not pairs:
            raise FrictionError(problem="there is no example", because="the prompt set is empty", fix="type your own")
        self._play(self._random.choice(self._random.choice(pairs)))
