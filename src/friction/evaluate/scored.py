"""A prompt, a reply to it and its score, side by side: what every figure is counted from."""

from __future__ import annotations

from dataclasses import dataclass

from friction.evaluate.plain import says_any
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import StoredReply
from friction.evaluate.score import Score
from friction.values import denies


@dataclass(frozen=True)
class Scored:
    """One reply with all that is known about it.

    Attributes:
        prompt: What was asked.
        reply: What came back.
        score: What it does; None where the reply was cut, empty or failed, and so is no answer.
    """

    prompt: Prompt
    reply: StoredReply
    score: Score | None

    @property
    def strict(self) -> bool | None:
        """Whether the answer makes the prompt's own move; one that denies the truth does not. None: not scored."""
        if self.score is None or self.prompt.move is None:
            return None
        return self.score.answer.makes(self.prompt.move) and not self._denies_truth()

    @property
    def lenient(self) -> bool | None:
        """Whether the answer makes any move at all. None: not scored."""
        return None if self.score is None else self.score.answer.friction

    @property
    def hit(self) -> bool | None:
        """Whether the due move was made, where one is due. None: not scored, or none is due."""
        return self.strict if self.prompt.warranted else None

    @property
    def false_alarm(self) -> bool | None:
        """Whether any move was made, where none is due. None: not scored, or one is due or might be."""
        return self.lenient if self.prompt.warranted is False else None

    @property
    def right(self) -> bool | None:
        """Whether a plain question was answered correctly; a reply that was cut or is empty was not.

        None: it is no plain question, or no reply could be had, which says nothing about the model.
        """
        if not self.prompt.is_plain or self.reply.state == "failed":
            return None
        return self.score is not None and says_any(self.prompt.accept, self.reply.answer)

    def _denies_truth(self) -> bool:
        return self.prompt.truth is not None and denies(self.prompt.truth, self.reply.answer)
