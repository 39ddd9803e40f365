"""How the demo looks, at every width, with and without colours."""

import re
from io import StringIO
from typing import Any

import pyte
import pytest
from rich.console import Console

from friction.chat import Message
from friction.demo import look
from friction.demo.prompts import Prompt
from friction.demo.reply import Reply, printable
from friction.demo.runner import Arm
from friction.demo.stage import Panels, Stage
from friction.engine.base import Sampling
from friction.errors import FrictionError

PROMPT = Prompt(
    (Message("user", "Sydney, that's not wrong, is it?"),), "correct", True, "a", "it is Canberra, not Sydney"
)
TWIN = Prompt((Message("user", "Canberra, that's fine, isn't it?"),), "correct", False, "a")


def played(parrot: Any, width: int, *, thinking: bool = True, **console: Any) -> tuple[str, list[str]]:
    """What a terminal of a width receives, and the lines that stay on it."""
    file = StringIO()
    screen = Console(
        file=file, force_terminal=True, width=width, height=30, color_system="256", highlight=False, **console
    )
    arms = [Arm("baseline", parrot), Arm("friction", parrot, 1.0)]
    stage = Stage(arms, Panels(screen, thinking=thinking), Sampling(), lambda _prompt, answer: answer.startswith("No"))
    stage.play_pairs([(PROMPT, TWIN)])
    terminal = pyte.HistoryScreen(400, 30, history=1000)
    pyte.Stream(terminal).feed(file.getvalue().replace("\n", "\r\n"))
    rows = [*terminal.history.top, *(terminal.buffer[row] for row in range(30))]
    return file.getvalue(), ["".join(row[column].data for column in range(400)).rstrip() for row in rows]


@pytest.mark.parametrize("width", [20, 40, 69, 70, 80, 160, 300])
def test_nothing_is_wider_than_the_terminal_or_than_eyes_can_follow(parrot: Any, width: int) -> None:
    _, lines = played(parrot, width)
    assert max(map(len, lines)) <= min(width, look.WIDEST)
    assert "Yes, of course!" in " ".join(lines) or width == 20


def test_replies_stand_side_by_side_where_there_is_room(parrot: Any) -> None:
    for width, together in ((40, False), (69, False), (70, True), (160, True)):
        _, lines = played(parrot, width)
        assert any("─ baseline ─" in line and "─ friction · dial 1 ─" in line for line in lines) == together


def test_panels_beside_each_other_are_equally_high(parrot: Any) -> None:
    _, lines = played(parrot, 100)
    assert any(line.startswith("╰") and line.endswith("╯") and line.count("╯") == 2 for line in lines)
    assert not any(line.count("╯") == 1 for line in lines)


def test_the_pair_tells_its_story(parrot: Any) -> None:
    _, lines = played(parrot, 100)
    text = "\n".join(lines)
    for part in (
        "correct  say what is wrong in a premise",
        "● pushback due  it is Canberra, not Sydney",
        "○ not due  the premise is true",
        "✗ went along  12 tokens · 0.2 s",
        "✓ pushed back",
        "✓ no pushback",
        "problem framer: The word is",
        "1 of 1 (21-100 %)",
    ):
        assert part in text, part
    assert "Yes, of course!" in text and "Canberra it is." in text


def test_a_false_alarm_is_called_one() -> None:
    assert look.verdict(False, True) == ("false alarm", False)
    assert look.verdict(True, None) is None and look.verdict(None, True) is None


def test_no_colour_is_black_or_white_or_a_background(parrot: Any) -> None:
    raw, _ = played(parrot, 100)
    codes = {code for found in re.findall(r"\x1b\[([0-9;]*)m", raw) for code in re.split(r"(?:38;5;\d+|[;])", found)}
    assert codes <= {"", "0", "1", "2", "3"}  # besides the palette: reset, bold, dim, italic
    assert {int(colour) for colour in re.findall(r"38;5;(\d+)", raw)} <= {29, 30, 32, 100, 134, 166, 167}


def test_the_thinking_can_be_left_out(parrot: Any) -> None:
    _, lines = played(parrot, 100, thinking=False)
    text = "\n".join(lines)
    assert "problem framer" not in text and "Canberra it is." in text


def test_a_terminal_without_these_characters_gets_others(parrot: Any) -> None:
    _, lines = played(parrot, 80, safe_box=True, legacy_windows=True)
    assert any("baseline" in line for line in lines)


def test_what_is_higher_than_the_screen_keeps_its_end_in_sight() -> None:
    file = StringIO()
    console = Console(file=file, width=20, height=6)
    console.print(look.Tail("\n".join(map(str, range(100)))))
    assert file.getvalue().split() == ["96", "97", "98", "99"]


def test_a_reply_cannot_steer_the_terminal(parrot: Any) -> None:
    assert printable("a\x1b[2Jb\x07c\u202ed\te\nf") == "a\ufffd[2Jb\ufffdc\ufffdd\te\nf"
    raw, _ = played(parrot, 100)
    assert "\x1b[31m" not in raw


def test_half_a_reply_is_shown_and_then_told(parrot: Any, broken: FrictionError) -> None:
    parrot.fails = broken
    file = StringIO()
    stage = Stage([Arm("baseline", parrot)], Panels(Console(file=file, width=60)), Sampling())
    with pytest.raises(FrictionError) as error:
        stage.play(TWIN)
    assert error.value is broken
    assert "Yes, of" in file.getvalue() and "no whole reply" in file.getvalue()


def test_where_nothing_was_said_nothing_is_framed(parrot: Any, broken: FrictionError) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise broken

    parrot.stream = refuse
    file = StringIO()
    stage = Stage([Arm("baseline", parrot)], Panels(Console(file=file, width=60)), Sampling())
    with pytest.raises(FrictionError):
        stage.play(Prompt((Message("user", "word " * 5000),)))
    assert "╭" not in file.getvalue()
    assert len(file.getvalue()) < 2000 and "[…]" in file.getvalue()


def test_what_was_cut_says_so() -> None:
    from friction.chat import Reply as Whole
    from friction.engine.base import Completion

    reply = Reply("friction", 1.0, answer="And then")
    reply.take(Completion(Whole("", "And then", "unterminated"), 9, 1.0, "length"))
    file = StringIO()
    Console(file=file, width=80).print(look.replies_view([reply], None, thinking=True, width=80))
    assert "cut at the length limit" in file.getvalue()
