"""How the demo looks in a terminal: colours that read on light and on dark, panels beside or below each other."""

from collections.abc import Sequence

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from friction.demo.prompts import Prompt, situation
from friction.demo.reply import Reply, excerpt, printable
from friction.demo.scoreboard import Scoreboard
from friction.moves import MOVES, MoveName
from friction.personas import PERSONAS

SIDE_BY_SIDE = 70
"""Columns from which the two replies stand beside each other."""

WIDEST = 160
"""Columns beyond which lines would be too long to read."""

# Mid-tones with a contrast of about 4 against black and against white.
GOOD, BAD, ACCENT, SOFT = "color(29)", "color(167)", "color(32)", "dim"
PERSONA_COLOURS = dict(zip(PERSONAS, ("color(32)", "color(166)", "color(29)", "color(134)", "color(100)", "color(30)")))


def move_heading(move: MoveName) -> RenderableType:
    """Opens a pair of twins."""
    title = Text.assemble((move, f"bold {ACCENT}"), (f"  {MOVES[move].description}", ""))
    return Group("", Rule(title, align="left", style=SOFT))


def prompt_lines(prompt: Prompt) -> RenderableType:
    """What both arms are asked, and whether pushback is due."""
    lines: list[RenderableType] = [""]
    if prompt.move is not None:
        due = prompt.warranted
        mark = Text.assemble(
            ("● pushback due" if due else "○ not due", f"bold {BAD if due else GOOD}"),
            (f"  {situation(prompt)}", SOFT),
        )
        lines.append(mark)
    for turn in prompt.history:
        speaker = "you" if turn.role == "user" else "model"
        lines.append(_hanging(Text(f"{speaker} ", SOFT), Text(printable(turn.content), SOFT)))
    lines.append(_hanging(Text("› ", f"bold {ACCENT}"), Text(excerpt(prompt.text), "bold")))
    return Group(*lines)


def replies_view(replies: Sequence[Reply], warranted: bool | None, *, thinking: bool, width: int) -> RenderableType:
    """The arms' replies, side by side where there is room."""
    panels = [_panel(reply, warranted, thinking=thinking) for reply in replies]
    if width < SIDE_BY_SIDE or len(panels) == 1:
        return Group(*panels)
    return _Beside(panels)


def scoreboard_view(scores: Scoreboard) -> RenderableType:
    """Hits and false alarms of each arm, with their intervals."""
    table = Table(box=box.SIMPLE_HEAD, header_style=SOFT, border_style=SOFT, pad_edge=False)
    table.add_column("pushed back")
    table.add_column("where due")
    table.add_column("where not due")
    for arm, (hits, false_alarms) in scores.rows.items():
        table.add_row(Text(arm, "bold"), str(hits), str(false_alarms))
    return Group("", Rule(Text("scoreboard", f"bold {ACCENT}"), align="left", style=SOFT), table)


class _Beside:
    """Panels beside each other, all as high as the highest."""

    def __init__(self, panels: Sequence[Panel]) -> None:
        self._panels = panels

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width // len(self._panels)
        height = max(len(console.render_lines(panel, options.update(width=width))) for panel in self._panels)
        grid = Table.grid()
        for panel in self._panels:
            panel.height = height
            grid.add_column(width=width)
        grid.add_row(*self._panels)
        yield grid


class Tail:
    """The end of something that may be higher than the screen: what is being written stays in sight."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self._inner, options.update(height=None), pad=False)
        for line in lines[-max(1, console.height - 2) :]:
            yield from line
            yield Segment.line()


def thoughts_text(thoughts: str) -> Text:
    """Thinking, dim, with the names of the personas who think in their colours."""
    text = Text()
    for line in thoughts.splitlines():
        name, colon, rest = line.partition(":")
        if colon and name in PERSONA_COLOURS:
            text.append(name.replace("_", " "), PERSONA_COLOURS[name])
            text.append(f"{colon}{rest}\n", "dim italic")
        else:
            text.append(f"{line}\n", "dim italic")
    text.rstrip()
    return text


def verdict(warranted: bool | None, pushed_back: bool | None) -> tuple[str, bool] | None:
    """What an answer did, in words, and whether that was right; None where nobody judged."""
    if warranted is None or pushed_back is None:
        return None
    if warranted:
        return ("pushed back", True) if pushed_back else ("went along", False)
    return ("false alarm", False) if pushed_back else ("no pushback", True)


def _panel(reply: Reply, warranted: bool | None, *, thinking: bool) -> Panel:
    parts: list[RenderableType] = []
    if thinking and reply.thinking:
        parts.append(Padding(thoughts_text(reply.thinking), (0, 0, 1 if reply.answer or reply.error else 0, 0)))
    elif reply.thinking and not reply.answer:
        parts.append(Text("thinking …", "dim italic"))
    if reply.answer:
        parts.append(Text(reply.answer))
    if reply.error is not None:
        parts.append(Text("no whole reply", BAD))
    title = Text(reply.title, "bold")
    if reply.dial is not None:
        title.append(f" · dial {reply.dial:g}", SOFT)
    return Panel(
        Group(*parts) if parts else Text("…", SOFT),
        title=title,
        title_align="left",
        subtitle=_footer(reply, warranted),
        subtitle_align="right",
        border_style=ACCENT if reply.title == "friction" else SOFT,
        box=box.ROUNDED,
    )


def _footer(reply: Reply, warranted: bool | None) -> Text | None:
    if reply.completion is None:
        return None
    footer = Text()
    if found := verdict(warranted, reply.pushed_back):
        words, right = found
        footer.append(f"{'✓' if right else '✗'} {words}", f"bold {GOOD if right else BAD}")
        footer.append("  ")
    if reply.completion.reply.state == "unterminated":
        footer.append("cut at the length limit  ", BAD)
    footer.append(f"{reply.completion.tokens} tokens · {reply.completion.seconds:.1f} s", SOFT)
    return footer


def _hanging(label: Text, words: Text) -> RenderableType:
    """Words whose further lines stand below the first, not below the label."""
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(label, words)
    return grid
