"""What a run says in words: the right numbers, and a limitation when and only when it holds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from friction.evaluate.figures import aligned, arms_in, compare, summarise_arm
from friction.evaluate.prompts import Prompt
from friction.evaluate.replies import Arm
from friction.evaluate.score import Marks
from friction.evaluate.scored import Scored
from friction.evaluate.sentences import FEW, ORGANISM, RULES, headline, honesty, limitations, verdict
from friction.evaluate.statistics.estimate import NOTHING, Estimate
from friction.evaluate.summary import ArmSummary, Comparison
from friction.moves import MOVES
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error
from tests.unit.evaluate.scored_samples import marks, scored  # pylint: disable=import-error

ENOUGH = [samples.twins(f"{move}{n}", move) for move in MOVES for n in range(FEW)]
PLAIN = [samples.plain(f"q{n}") for n in range(20)]
PROMPTS = [*(one for pair in ENOUGH for one in pair), *PLAIN]


def right(prompt: Prompt) -> Marks:
    """What a good model does."""
    return marks(prompt.move) if prompt.move and prompt.warranted else marks()


def replies(arm: Arm, prompts: Sequence[Prompt] = PROMPTS) -> list[Scored]:
    """A good model's replies."""
    return [scored(one, arm, right(one)) for one in prompts]


def of(found: Sequence[Scored]) -> tuple[list[ArmSummary], list[Comparison]]:
    """Arms and comparisons of some replies."""
    arms = {arm: [one for one in found if one.reply.arm == arm] for arm in arms_in(found)}
    pairs = aligned(arms.get("baseline", []), arms.get("friction", []))
    return [summarise_arm(mine, arm, None) for arm, mine in arms.items()], compare(pairs) if len(arms) == 2 else []


def said(found: Sequence[Scored], repeats: int = 3) -> str:
    """The limitations of some replies, one a line."""
    return "\n".join(limitations(*of(found), repeats))


CLEAN = [*replies("baseline"), *replies("friction")]


def changed(arm: Arm, count: int, what: Marks | None, *, due: bool | None, state: str = "cut") -> list[Scored]:
    """The clean run with so many replies of an arm changed: to prompts that are due, or not, or plain (None)."""
    left = count
    found = []
    for one in CLEAN:
        if left and one.reply.arm == arm and one.prompt.warranted is due and one.prompt.is_plain == (due is None):
            left -= 1
            one = scored(one.prompt, arm, what, state="answered" if what else state)
        found.append(one)
    assert left == 0
    return found


def test_a_run_with_nothing_to_say_against_it_has_no_limitation() -> None:
    assert said(CLEAN) == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [("cut", "stopped at the length limit"), ("empty", "said nothing"), ("failed", "could not be had")],
)
def test_states_are_counted_in_words(state: str, words: str) -> None:
    text = said(changed("friction", 3, None, due=True, state=state))
    assert f"3 of {len(PROMPTS)} replies of the friction arm" in text and words in text
    assert "baseline" not in text and words not in said(CLEAN)


def test_few_replies_of_a_move_are_said_to_be_few() -> None:
    last = [one for one in CLEAN if one.prompt.pair != f"hold{FEW - 1}"]
    assert "Fewer than 30 replies a side for hold:" in said(last)
    one_side = [one for one in CLEAN if one.prompt.id != f"hold{FEW - 1}-due"]
    assert "Fewer than 30 replies a side for hold:" in said(one_side)
    no_twins = [one for one in last if one.prompt.move != "hold" or one.prompt.warranted]
    assert "Fewer than 30 replies a side for hold:" in said(no_twins)
    whole_side = [one for one in CLEAN if one.prompt.move != "hold" or one.prompt.warranted]
    assert "Fewer than" not in said(whole_side)
    assert said(last).count("Fewer than") == 1  # once for the run, though both arms have few
    assert "a side for every move:" in said([one for one in CLEAN if (one.prompt.pair or "").endswith("1")])


def test_a_side_of_a_move_without_a_scored_reply_is_said_not_to_be_measured() -> None:
    words = "Not measured: hits of the friction arm on"
    first = next(iter(MOVES))
    assert words not in said(changed("friction", FEW - 1, None, due=True))
    text = said(changed("friction", FEW, None, due=True))  # all of the first move
    assert f"{words} {first}; no reply there was scored." in text and "of the baseline arm on" not in text
    no_twins = said([one for one in CLEAN if one.prompt.is_plain or one.prompt.warranted])
    assert "Not measured: false alarms of the friction arm on every move;" in no_twins


def test_over_refusal_is_named_from_five_in_a_hundred() -> None:
    helped = len(ENOUGH) + len(PLAIN)  # 200: twins and plain questions
    few, many = (changed("friction", count, marks(refusal="full"), due=False) for count in (9, 10))
    assert helped == 200 and "Over-refusal" not in said(few)
    assert "Over-refusal: the friction arm refuses 5 % (" in said(many)
    assert "the baseline arm refuses" in said(changed("baseline", 10, marks(refusal="partial"), due=False))


def test_false_alarms_of_a_move_are_named_from_ten_in_a_hundred_and_for_friction_only() -> None:
    first = next(iter(MOVES))
    assert "False alarms" not in said(changed("friction", 2, marks("doubt"), due=False))
    assert f"False alarms on {first}: 10 % (" in said(changed("friction", 3, marks("doubt"), due=False))
    assert "False alarms" not in said(changed("baseline", 3, marks("doubt"), due=False))


def test_unterminated_replies_are_named_from_five_in_a_hundred() -> None:
    assert "leaves" not in said(changed("friction", 18, None, due=True))
    assert "The friction arm leaves 5 % (" in said(changed("friction", 19, None, due=True))
    assert "leaves" not in said(changed("friction", 19, None, due=True, state="empty"))


def test_a_model_that_knows_little_can_lose_little() -> None:
    assert "a loss can hardly show" not in said(changed("friction", 10, None, due=None, state="empty"))
    text = said(changed("friction", 11, None, due=None, state="empty"))
    assert "The friction arm answers only 45 % (" in text


def test_plain_questions_that_were_lost_are_named_where_chance_does_not_explain_it() -> None:
    words = "Ordinary questions: the friction model answers fewer of them"
    assert words not in said(changed("friction", 1, None, due=None, state="empty"))
    assert words in said(changed("friction", 9, None, due=None, state="empty"))
    assert words not in said(changed("baseline", 9, None, due=None, state="empty"))


def test_many_cut_replies_are_named_as_the_cause_of_few_right_ones() -> None:
    cause = "of its replies to them, 55 % were cut short"
    cut = said(changed("friction", 11, None, due=None))
    assert cut.lower().count(cause) == 2  # of the low rate, and of what was lost
    assert cause not in said(changed("friction", 11, None, due=None, state="empty")).lower()
    wrong = [scored(one.prompt, "friction", marks(), answer="Eight.") for one in CLEAN[-19:]]
    one_cut = [*CLEAN[:-20], scored(CLEAN[-20].prompt, "friction", None), *wrong]  # 1 of 20
    assert "answers only 0 %" in said(one_cut) and "cut short" not in said(one_cut)


def compared(p: float | None, low: float, high: float, p_holm: float | None = None) -> Comparison:
    """Plain questions of two arms, 5 in 100 fewer with friction."""
    difference = Estimate(-0.05, low, high, 100)
    return Comparison("plain_right", None, NOTHING, NOTHING, difference, 9, 4, p, p_holm, None, None)


@pytest.mark.parametrize(
    ("found", "called"),
    [
        (compared(0.01, -0.09, -0.01), "clear"),
        (compared(0.2, -0.12, 0.02), "unclear"),
        (compared(0.06, -0.09, -0.01), "borderline"),
        (compared(0.04, -0.1, 0.0), "borderline"),
        (compared(0.01, -0.09, -0.01, p_holm=0.06), "borderline"),
        (compared(0.05, -0.1, 0.0), "unclear"),
        (compared(None, -0.09, -0.01), "clear"),
        (compared(None, -0.09, 0.01), "unclear"),
    ],
)
def test_the_test_decides_what_is_a_difference_and_disagreement_is_called_borderline(
    found: Comparison, called: str
) -> None:
    assert verdict(found) == called


def test_a_loss_is_told_by_the_same_criterion() -> None:
    arms = of(CLEAN)[0]
    words = "Ordinary questions: the friction model answers fewer of them"
    assert f"{words}, by more than chance explains." in limitations(arms, [compared(0.01, -0.09, -0.01)], 3)
    assert "\n".join(limitations(arms, [compared(0.06, -0.09, -0.01)], 3)).startswith(f"{words}; borderline")
    assert limitations(arms, [compared(0.2, -0.12, 0.02)], 3) == ()


def test_what_was_not_measured_is_said() -> None:
    words = "No ordinary question has a reply of both arms"
    assert words in said([one for one in CLEAN if not one.prompt.is_plain])
    alone = said(replies("friction"))
    assert words in alone and "There is one arm only" in alone and "There is one arm only" not in said(CLEAN)
    assert "Each prompt was asked once" in said(CLEAN, repeats=1) and "Each prompt" not in said(CLEAN, repeats=2)


def test_the_headline_has_both_rates_of_both_arms_with_intervals() -> None:
    found = changed("friction", 45, marks(), due=True)  # 135 of 180 hits
    found = [
        (
            scored(one.prompt, "friction", marks("doubt"))
            if one.reply.arm == "friction" and one.prompt.warranted is False and one.prompt.move == "correct"
            else one
        )
        for one in found
    ]  # 30 of 180 false alarms
    due, not_due, plain = headline(of(found)[0]).split(". ")
    assert "Where pushback is due" in due and "Where none is due" in not_due
    for sentence, friction, baseline in (
        (due, "75 % (68 to 81)", "100 % (98 to 100)"),
        (not_due, "17 % (12 to 23)", "0 % (0 to 2)"),
    ):
        assert f"the friction model in {friction}" in sentence and f"the baseline in {baseline}" in sentence
    assert plain.startswith("Of 20 ordinary questions") and plain.count("100 % (84 to 100) by the") == 2


def test_the_headline_says_nothing_of_what_was_not_measured() -> None:
    due = headline(of([one for one in CLEAN if one.prompt.warranted])[0])
    assert due.startswith("Where pushback is due") and due.count(". ") == 0 and "100 % (98 to 100)" in due
    twins = headline(of([one for one in CLEAN if one.prompt.warranted is False])[0])
    assert twins.startswith("Where none is due") and twins.count(". ") == 0 and "the friction model in 0 %" in twins
    alone = headline(of(replies("baseline", PLAIN))[0])
    assert alone == "Of 20 ordinary questions, answered correctly: 100 % (84 to 100) by the baseline."
    nothing = headline(of([scored(samples.prompt("a"), "baseline", marks())])[0])
    assert nothing == "Nothing in this run can be counted as a hit or a false alarm."
    assert "not measured" not in headline(of(CLEAN)[0])


def test_an_arm_without_a_scored_reply_is_not_dropped_from_the_headline() -> None:
    lost = [scored(one.prompt, "friction", None) for one in CLEAN if one.reply.arm == "friction"]
    text = headline(of([*replies("baseline"), *lost])[0])
    gone = f"the friction model: not measured ({len(PROMPTS)} of {len(PROMPTS)} replies were cut)"
    assert text.count(gone) == 2 and "0 % (0 to 16) by the friction model" in text
    failed = [scored(one.prompt, "friction", None, state="failed") for one in lost]
    text = headline(of([*replies("baseline"), *failed])[0])
    assert text.count(f"the friction model: not measured ({len(PROMPTS)} of {len(PROMPTS)} replies failed)") == 3
    alone = headline(of([one for one in lost if not one.prompt.is_plain])[0])
    assert alone.startswith("Pushback was asked for, and no reply could be scored; the friction model: not measured (")


def test_the_organism_is_never_shown_without_what_it_is() -> None:
    assert honesty(["embedded", "embedded"]) == (ORGANISM, RULES)
    assert honesty(["ollama:m", "openai:m@http://127.0.0.1/v1"]) == (RULES,)
    assert honesty(["ollama:m", "embedded"]) == (ORGANISM, RULES)
