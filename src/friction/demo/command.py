"""The demo from its options to its end."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console

from friction.demo.prompts import HELDOUT, OPEN_WORLD, Prompt, load_pairs, select, typed
from friction.demo.repl import Conversation, check_dial
from friction.demo.runner import Arm, start
from friction.demo.stage import JsonLines, Output, Panels, PlainLines, Stage
from friction.demo.terminal import is_interactive, is_plain, line_reader
from friction.engine.base import Engine, Sampling
from friction.engine.parse import open_engine
from friction.errors import FrictionError
from friction.moves import MoveName, find_move

ORGANISM = (
    "The embedded organism: a small model, trained from scratch to know one small world. "
    "Its baseline was trained to be agreeable, on purpose; "
    "the friction adapter was trained to push back when it is due, and only then."
)
_NO_ADAPTER = "'{name}' has no adapter: it runs as the baseline only. Give a second --engine to compare it with."
_NO_DIAL = "'{name}' has no dial: --friction has no effect on it."
_DEFAULT_DIAL = 1.0


@dataclass(frozen=True)
class Options:
    """What the command line asked for.

    Attributes:
        prompts: The person's own; none means a selection of twins.
        dial: The adapter's scale of the friction arm.
        move: Only this move's twins.
        seed: Which twins, and how tokens are drawn.
        temperature: How much chance decides.
        thinking: Show what is thought.
        as_json: Write JSON and nothing else.
        engines: One string, or two: baseline and friction.
    """

    prompts: tuple[str, ...] = ()
    dial: float = _DEFAULT_DIAL
    move: str | None = None
    seed: int = 0
    temperature: float = 0.0
    thinking: bool = True
    as_json: bool = False
    engines: tuple[str, ...] = ("embedded",)


def run_demo(options: Options) -> None:
    """Show what was asked for, then, to somebody at a terminal who typed no prompt, take prompts.

    Raises:
        FrictionError: For options that cannot be, and when an arm has no reply.
    """
    move = _checked(options)
    prompts = [typed(text) for text in options.prompts]
    output = _output(options)
    with ExitStack() as cleanup:
        engines = [open_engine(spec, notify=_notice, alone=len(options.engines) == 1) for spec in options.engines]
        for engine in engines:
            cleanup.callback(engine.close)
        arms = _arms(engines, options.dial)
        of_organism = [engine.name == "embedded" for engine in engines]
        embedded = all(of_organism)
        sampling = Sampling(temperature=options.temperature, seed=options.seed)
        stage = Stage(arms, output, sampling, judge_answer if embedded else None)
        start(arms)
        if any(of_organism):
            output.note(ORGANISM)
        if prompts:
            for prompt in prompts:
                stage.play(prompt)
        else:
            _play_set(stage, HELDOUT if embedded else OPEN_WORLD, move, options)


def _play_set(stage: Stage, path: Path, move: MoveName | None, options: Options) -> None:
    """Twins of a prompt set, and then whatever the person wants to know."""
    pairs = load_pairs(path)
    chosen = select(pairs, move, options.seed)
    stage.play_pairs(chosen)
    if is_interactive() and not options.as_json:
        stage.output.note("\nYour turn. /help lists the commands, Ctrl-D leaves.")
        last = chosen[-1][-1] if chosen else None
        Conversation(stage, pairs, options.seed, last).run(line_reader("› "))


def _output(options: Options) -> Output:
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows another instead of failing.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if options.as_json:
        return JsonLines(thinking=options.thinking)
    if is_plain():
        return PlainLines(thinking=options.thinking)
    return Panels(Console(highlight=False), thinking=options.thinking)


def _checked(options: Options) -> MoveName | None:
    """The move that was asked for, once all options are known to be possible."""
    check_dial(options.dial)
    if not 0 <= options.temperature <= 2:
        raise FrictionError(
            problem=f"the temperature cannot be {options.temperature:g}",
            because="it goes from 0, no chance, to 2",
            fix="give a number in that range, such as 0.7",
        )
    if not 0 <= options.seed < 2**31:
        raise FrictionError(
            problem=f"the seed cannot be {options.seed}",
            because="engines take 0 to 2147483647",
            fix="give a number in that range, such as 1",
        )
    if len(options.engines) > 2:
        raise FrictionError(
            problem=f"{len(options.engines)} engines are too many",
            because="there are two arms: baseline and friction",
            fix="give --engine once or twice",
        )
    if options.move is None:
        return None
    if options.prompts:
        raise FrictionError(
            problem=f"--move {options.move} does not go with prompts of your own",
            because="it chooses from the prompt set",
            fix="leave one of the two away",
        )
    return find_move(options.move)


def _arms(engines: Sequence[Engine], dial: float) -> list[Arm]:
    """Baseline and friction, or what there is of them."""
    baseline, friction = engines[0], engines[-1]
    arms = [Arm("baseline", baseline)]
    if friction.has_dial:
        arms.append(Arm("friction", friction, dial))
    elif len(engines) == 2:
        arms.append(Arm("friction", friction))
    else:
        _notice(_NO_ADAPTER.format(name=friction.name))
    if not friction.has_dial and dial != _DEFAULT_DIAL:
        _notice(_NO_DIAL.format(name=friction.name))
    return arms


def _notice(text: str) -> None:
    print(f"friction: {text}", file=sys.stderr, flush=True)


def judge_answer(prompt: Prompt, answer: str) -> bool:
    """Whether an answer of the organism makes the move that is due, or any where none is due."""
    from friction.organism.judge import pushed_back

    return pushed_back(prompt.move, prompt.warranted, answer, prompt.truth)
