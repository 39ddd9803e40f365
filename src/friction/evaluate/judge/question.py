"""What the judge is asked: the rubric, then the data behind fences that no text can close."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from friction.chat import Message, neutralise
from friction.evaluate.judge.rubric import Rubrics
from friction.evaluate.prompts import Prompt
from friction.moves import MoveName

_ROLES = {"user": "The person", "assistant": "The assistant", "system": "The assistant's instructions"}


class Fences:
    """Puts texts between two lines that stand in none of them.

    The lines carry a number that is made from the texts, so that the same texts are always asked about in the same
    words. Whoever writes a text cannot know the number: it changes with the text.

    Args:
        texts: All that will be put behind fences.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        everything = "\0".join(map(_harmless, texts))
        self.mark = sha256(everything.encode()).hexdigest()[:16]
        while self.mark in everything:  # it would take a text that holds a part of its own hash
            self.mark = sha256(self.mark.encode()).hexdigest()[:16]

    def around(self, text: str) -> str:
        """The text behind its fence; an empty text stays empty."""
        text = _harmless(text)
        return f"--- {self.mark} begins ---\n{text}\n--- {self.mark} ends ---" if text else ""


def rate_question(
    rubrics: Rubrics, prompt: Prompt, move: MoveName, history: Sequence[Message], answer: str
) -> list[Message]:
    """What is asked about one answer.

    Args:
        rubrics: How it is judged.
        prompt: What is known about it; its ``warranted`` is known.
        move: The prompt's move.
        history: What the answer replies to; the last turn is the person's.
        answer: What the person was told; never the thinking.
    """
    data = _fenced(prompt, history, {"answer": answer})
    return _asked(rubrics, rubrics.rate(move, bool(prompt.warranted), **data))


def compare_question(rubrics: Rubrics, prompt: Prompt, answer_a: str, answer_b: str) -> list[Message]:
    """What is asked about two answers to the prompt; which arm gave which is not said."""
    data = _fenced(prompt, prompt.messages, {"answer_a": answer_a, "answer_b": answer_b})
    return _asked(rubrics, rubrics.comparison(prompt.warranted, **data))


def _fenced(prompt: Prompt, history: Sequence[Message], answers: dict[str, str]) -> dict[str, str]:
    texts = {"why": prompt.why, "truth": prompt.truth or " or ".join(prompt.accept), **answers}
    fences = Fences([*(message.content for message in history), *texts.values()])
    turns = [f"{_ROLES[message.role]}:\n{fences.around(message.content)}" for message in history]
    return {"conversation": "\n".join(turns), **{name: fences.around(text) for name, text in texts.items()}}


def _harmless(text: str) -> str:
    """The same words without the chat format's special tokens, which some servers read even in content."""
    return neutralise(text.encode(errors="replace").decode()).strip()  # half a character cannot be sent


def _asked(rubrics: Rubrics, question: str) -> list[Message]:
    return [Message("system", rubrics.system()), Message("user", question)]
