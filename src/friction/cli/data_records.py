"""How a record looks in a terminal, and as plain text where colour and columns are of no use."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from friction.cli.data_tokens import visible
from friction.demo.look import ACCENT, BAD, GOOD, PERSONA_COLOURS, SIDE_BY_SIDE, SOFT, WIDEST
from friction.moves import MOVES
from friction.record import AgentThought, Record

UNBROKEN = 1_000_000
"""Columns where nobody looks at lines: a text that is searched should not be broken."""


def print_pair(console: Console, records: Sequence[Record]) -> None:
    """Prints a record, and its twin below."""
    meta = records[0].metadata
    title = Text(f"{records[0].pair_id}  {meta.move} · {meta.domain} · {meta.difficulty}", f"bold {ACCENT}")
    console.width = min(console.width, WIDEST) if console.is_terminal else UNBROKEN
    console.print(title)
    if console.is_terminal:
        console.print(Rule(style=SOFT))
    for record in records:
        _print_record(console, record)


def _print_record(console: Console, record: Record) -> None:
    move = MOVES[record.metadata.move]
    mark = ("● pushback due", BAD) if record.warranted else ("○ not due", GOOD)
    situation = move.due if record.warranted else move.not_due
    console.print(Text.assemble("\n", (mark[0], f"bold {mark[1]}"), (f"  {situation}  [{record.id}]", SOFT)))
    for turn in record.history:
        speaker = "they" if turn.role == "user" else "model"
        console.print(_indented(Text(f"{speaker}: {visible(turn.content)}", SOFT)))
    console.print(Text(f"› {visible(record.user_input)}\n", "bold"))
    for agent in record.agents:
        console.print(_indented(_thought(agent, marks=console.no_color or not console.is_terminal)))
    console.print()
    answers = (("answer", GOOD, record.final_answer), ("rejected", BAD, record.rejected))
    if console.width >= SIDE_BY_SIDE and console.is_terminal:
        table = Table(box=None, padding=(0, 2, 0, 0), expand=True, show_header=False)
        for _ in answers:
            table.add_column(ratio=1)
        table.add_row(*(_answer(*answer) for answer in answers))
        console.print(table)
    else:
        for answer in answers:
            console.print(_answer(*answer))
    if record.metadata.notes:
        console.print(Text(f"\nnote: {visible(record.metadata.notes)}", SOFT))


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 2), expand=False)


def _answer(name: str, colour: str, text: str) -> Text:
    return Text.assemble((f"{name}\n", f"bold {colour}"), visible(text))


def _thought(agent: AgentThought, *, marks: bool) -> Text:
    """A persona's thought with its moments underlined and named, or in brackets where nothing can be underlined."""
    colour = PERSONA_COLOURS[agent.agent_type]
    text = Text.assemble((f"{agent.agent_type} ", f"bold {colour}"))
    for piece, kind in _pieces(agent):
        if kind is None:
            text.append(visible(piece), "italic")
        elif marks:
            text.append(f"[{kind}: {visible(piece)}]")
        else:
            text.append(visible(piece), "italic underline").append(f" ‹{kind}›", colour)
    return text


def _pieces(agent: AgentThought) -> Iterator[tuple[str, str | None]]:
    """The thought cut at the borders of its moments, each piece with its moment's type; overlaps go to the earlier."""
    thought = agent.thought_stream
    spans = sorted((thought.index(m.quote), len(m.quote), str(m.type)) for m in agent.friction_moments)
    at = 0
    for start, length, kind in spans:
        if start < at:
            continue
        if start > at:
            yield thought[at:start], None
        yield thought[start : start + length], kind
        at = start + length
    if at < len(thought):
        yield thought[at:], None
