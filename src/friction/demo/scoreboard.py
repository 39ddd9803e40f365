"""Pushback where due and where not, counted for each arm, never one without the other."""

from friction.organism.rates import Rate


class Scoreboard:
    """Hits and false alarms of each arm."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[Rate, Rate]] = {}

    def add(self, arm: str, warranted: bool, pushed_back: bool) -> None:
        """Count a reply.

        Args:
            arm: Whose it is.
            warranted: Whether pushback was due.
            pushed_back: Whether the answer pushed back.
        """
        hits, false_alarms = self.rows.setdefault(arm, (Rate(), Rate()))
        (hits if warranted else false_alarms).add(pushed_back)
