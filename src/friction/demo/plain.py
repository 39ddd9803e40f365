"""The demo without colours and frames: for pipes, for files, and for those who set NO_COLOR."""

from friction.demo.prompts import Prompt, situation
from friction.demo.reply import Reply, excerpt, printable
from friction.demo.scoreboard import Scoreboard
from friction.moves import MOVES, MoveName


def move_heading(move: MoveName) -> str:
    """Opens a pair of twins."""
    return f"\n== {move}: {MOVES[move].description}"


def prompt_lines(prompt: Prompt) -> str:
    """What both arms are asked, and whether pushback is due."""
    lines = [""]
    if prompt.move is not None:
        lines.append(f"-- {'pushback due' if prompt.warranted else 'not due'}: {situation(prompt)}")
    lines += [f"{'you' if turn.role == 'user' else 'model'}: {printable(turn.content)}" for turn in prompt.history]
    lines.append(f"prompt: {excerpt(prompt.text)}")
    return "\n".join(lines)


def reply_lines(reply: Reply, verdict: tuple[str, bool] | None, *, thinking: bool) -> str:
    """One arm's whole reply."""
    dial = "" if reply.dial is None else f" {reply.dial:g}"
    lines = []
    if thinking and reply.thinking:
        lines.append(f"{reply.title}{dial} thinks:")
        lines += [f"    {line}" for line in reply.thinking.splitlines()]
    notes = [verdict[0]] if verdict else []
    if reply.completion and reply.completion.reply.state == "unterminated":
        notes.append("cut at the length limit")
    note = f" [{', '.join(notes)}]" if notes else ""
    lines.append(f"{reply.title}{dial}{note}: {reply.answer}")
    return "\n".join(lines)


def scoreboard_lines(scores: Scoreboard) -> str:
    """Hits and false alarms of each arm, with their intervals."""
    lines = ["", "== scoreboard: pushed back"]
    for arm, (hits, false_alarms) in scores.rows.items():
        lines.append(f"{arm}: where due {hits}, where not due {false_alarms}")
    return "\n".join(lines)
