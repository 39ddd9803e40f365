"""A reply as data: thinking, answer, and how it ended, taken apart while it streams."""

from dataclasses import dataclass
from typing import Literal

from friction.chat.tokens import CLOSE_THINKING, OPEN_THINKING

Section = Literal["thinking", "answer"]
State = Literal["complete", "unterminated", "absent"]


@dataclass(frozen=True)
class Reply:
    """What a model said.

    Attributes:
        thinking: Its thoughts, trimmed; empty where it had none.
        answer: What it tells the user, trimmed.
        state: `complete`: it thought and answered. `absent`: it answered without thinking. `unterminated`: the
            thinking was never closed (then the answer is empty), or the reply was cut at the length limit.
    """

    thinking: str
    answer: str
    state: State


class ReplyParser:
    """Takes a reply apart while it streams.

    A reply has thinking if, after whitespace, it starts with ``<think>``, or if the prompt already held that tag.
    The first ``</think>`` ends it: a thought that mentions ``<think>`` must not swallow the answer, so opening tags
    inside are text and are not counted. From the answer's first character on, every tag is text: people ask for code.

    Only what may still become a tag, and whitespace that may turn out to be trailing, is held back.

    Args:
        prefilled: The prompt ended with an opening tag; a model that repeats it is understood too.
    """

    def __init__(self, prefilled: bool = False) -> None:
        self._prefilled = prefilled
        self._mode: Literal["start", "thinking", "answer"] = "start"
        self._thought = False
        self._pending = ""
        self._space = ""
        self._said: dict[Section, list[str]] = {"thinking": [], "answer": []}

    def feed(self, chunk: str) -> list[tuple[Section, str]]:
        """The new text, by section; joined, the events of a section are its text in the :class:`Reply`."""
        self._pending += chunk
        events: list[tuple[Section, str]] = []
        if self._mode == "start":
            self._start(final=False)
        if self._mode == "thinking":
            thoughts, tag, rest = self._pending.partition(CLOSE_THINKING)
            held = "" if tag else _possible_tag(thoughts, CLOSE_THINKING)
            events += self._say("thinking", thoughts[: len(thoughts) - len(held)])
            self._pending = rest if tag else held
            if tag:
                self._mode, self._space = "answer", ""
        if self._mode == "answer":
            events += self._say("answer", self._pending)
            self._pending = ""
        return events

    def flush(self) -> list[tuple[Section, str]]:
        """What was held back as a possible tag, once it is known that no more text will come."""
        if self._mode == "start":
            self._start(final=True)
        pending, self._pending = self._pending, ""
        return self._say("thinking" if self._mode == "thinking" else "answer", pending)

    def close(self, stopped: bool = True) -> Reply:
        """The whole reply, after its last chunk.

        Args:
            stopped: The model ended its turn by itself; False when it was cut at a length limit.
        """
        self.flush()
        state: State = "complete" if self._thought else "absent"
        if not stopped or self._mode == "thinking":
            state = "unterminated"
        return Reply("".join(self._said["thinking"]), "".join(self._said["answer"]), state)

    def _start(self, final: bool) -> None:
        """Decide, as soon as it can be known, whether the reply starts with thinking."""
        text = self._pending.lstrip()
        if not final and OPEN_THINKING.startswith(text) and text != OPEN_THINKING:
            return
        opened = text.startswith(OPEN_THINKING)
        self._thought = opened or self._prefilled
        self._mode = "thinking" if self._thought else "answer"
        self._pending = text.removeprefix(OPEN_THINKING)

    def _say(self, section: Section, text: str) -> list[tuple[Section, str]]:
        text = self._space + text
        if not self._said[section]:
            text = text.lstrip()
        words = text.rstrip()
        self._space = text[len(words) :]
        if not words:
            return []
        self._said[section].append(words)
        return [(section, words)]


def parse_reply(text: str, prefilled: bool = False, stopped: bool = True) -> Reply:
    """A whole reply taken apart as :class:`ReplyParser` does."""
    parser = ReplyParser(prefilled)
    parser.feed(text)
    return parser.close(stopped)


def _possible_tag(text: str, tag: str) -> str:
    """The longest end of the text that a later chunk may turn into the tag."""
    for length in range(min(len(tag) - 1, len(text)), 0, -1):
        if tag.startswith(text[-length:]):
            return text[-length:]
    return ""
