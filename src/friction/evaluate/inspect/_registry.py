"""What Inspect finds by the entry point `inspect_ai`."""

from friction.evaluate.inspect.metrics import criterion, d_prime, false_alarm_rate, hit_rate, replies, youden_j
from friction.evaluate.inspect.scorer import pushback
from friction.evaluate.inspect.twins import twins

__all__ = ["criterion", "d_prime", "false_alarm_rate", "hit_rate", "pushback", "replies", "twins", "youden_j"]
