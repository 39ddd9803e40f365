"""What headlines are counted with: replies by arm, conversations, shares and means with their intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from friction.evaluate.replies import ARMS, Arm
from friction.evaluate.score import Marks
from friction.evaluate.scored import Scored
from friction.evaluate.summary import Metric

Conversation = tuple[Scored, ...]
"""All replies to one prompt of one arm and repeat, by turn; every one is an answer."""


def by_arm(scored: Iterable[Scored]) -> Iterator[tuple[Arm, list[Scored]]]:
    """The replies of each arm that there are, the baseline first."""
    found: dict[Arm, list[Scored]] = defaultdict(list)
    for case in scored:
        found[case.reply.arm].append(case)
    for arm in ARMS:
        if arm in found:
            yield arm, found[arm]


def marks(case: Scored) -> Marks:
    """What the answer does.

    Raises:
        ValueError: It is no answer.
    """
    if case.score is None:
        raise ValueError(f"the reply to '{case.prompt.id}' is no answer")
    return case.score.answer


def answered(cases: Iterable[Scored]) -> list[Scored]:
    """The replies that are answers; what was cut or failed is counted elsewhere."""
    return [case for case in cases if case.score is not None]


def conversations(cases: Iterable[Scored]) -> list[Conversation]:
    """Replies of one arm as whole conversations.

    One with a turn that was cut, or is not there yet, is left out: what would have come is not known.
    """
    found: dict[tuple[str, int], dict[int, Scored]] = defaultdict(dict)
    for case in answered(cases):
        found[case.prompt.id, case.reply.repeat][case.reply.turn] = case
    whole = []
    for turns in found.values():
        expected = range(1 + len(next(iter(turns.values())).prompt.follow_ups))
        if all(turn in turns for turn in expected):
            whole.append(tuple(turns[turn] for turn in expected))
    return whole


def twins(cases: Iterable[Scored], tag: str, sides: tuple[str, str]) -> list[tuple[Scored, Scored]]:
    """Replies of one arm to both sides of a pair, of the same repeat; the tag says which side a prompt is."""
    found: dict[tuple[str | None, int], dict[str, Scored]] = defaultdict(dict)
    for case in answered(cases):
        found[case.prompt.pair, case.reply.repeat][case.prompt.tags[tag]] = case
    return [(both[sides[0]], both[sides[1]]) for both in found.values() if all(side in both for side in sides)]


def share(name: str, arm: Arm, cases: Sequence[Scored], happened: Callable[[Scored], bool], note: str) -> Metric:
    """How many of these replies, all answers, did something; those to prompts about one thing are not independent."""
    return share_of(name, arm, [(case.prompt.unit, happened(case)) for case in cases], note)


def share_of(name: str, arm: Arm, cases: Sequence[tuple[str, bool]], note: str) -> Metric:
    """How many of these cases did something, each with what it is about."""
    from friction.evaluate.statistics.rates import rate

    return Metric(name, arm, rate([did for _, did in cases], [unit for unit, _ in cases]), note)


def mean_of(name: str, arm: Arm, cases: Sequence[tuple[str, float]], note: str) -> Metric:
    """The mean over these cases, each with what it is about."""
    from friction.evaluate.statistics.means import mean

    return Metric(name, arm, mean([value for _, value in cases], [unit for unit, _ in cases]), note)
