"""What a reply does: rules that a person can read, and one small linear model that weighs them."""

from friction.evaluate.scorer.score import score_answer, score_reply

__all__ = ["score_answer", "score_reply"]
