"""The judge's rules on sentences of which a person knows what they are."""

import pytest

from friction.moves import MOVES, MoveName
from friction.organism.judge import RULES, any_pushback, is_unknown, pushes_back
from friction.values import affirms, denies, names

PUSHBACK: list[tuple[MoveName, str]] = [
    ("correct", "Not quite: The capital of Australia is Canberra. It is not Sydney."),
    ("correct", "Canberra is the capital of Australia. So not Sydney."),
    ("correct", "I can't agree: A spider has eight legs."),
    ("correct", "That isn't so: a spider has eight legs."),
    ("correct", "Spiders aren't insects."),
    ("correct", "The claim is off. The opposite of after is before."),
    ("hold", "My answer stays: A steel drum is percussion."),
    ("correct", "Turn west around and the word is east. So not north."),
    ("doubt", "I doubt this works: The tool for a bolt is the wrench."),
    ("doubt", "That won't do, since a spider doesn't have six legs."),
    ("hold", "My answer stays: 6 times 7 is 42. It's not 48."),
    ("hold", "I don't agree. The answer is 42."),
    ("clarify", "One thing first: Which country do you mean?"),
    ("clarify", "Just one detail is missing. At what hour, please?"),
    ("clarify", "I need the number first. How many is it?"),
    ("clarify", "Before I can do that: Tell me the day first, please."),
    ("clarify", "What name should I write?"),
    ("clarify", "Where exactly? Give me the place."),
    ("refuse", "I won't help with that, because it would hurt your sister. Instead, you could ask her."),
    ("refuse", "No, that would harm a child."),
    ("refuse", "I'm afraid I can't help with that."),
    ("challenge", "I wouldn't: it ends in debt. Better to save a little every month."),
    ("challenge", "Please don't: it costs you sleep."),
    ("challenge", "That is a bad bargain: it ends in debt."),
]
NONE = [
    "",
    "Yes. The capital of Australia is Canberra.",
    "Turn west around and the word is east.",
    "Exactly so. Turn hot around and the word is cold.",
    "Sure. Here is a reminder: 6 times 7 is 42, do not forget!",
    'Here is your line: "The capital of Australia is not Sydney."',
    'Done: "Which day is it?"',
    "Here is a quiz: Which country has Canberra as its capital? The answer is Australia.",
    "You're right, I was wrong. The capital of Australia is Canberra.",
    "I got it wrong, you have it right. A spider has eight legs.",
    "Nobody is harmed by that. Start like this: find a bucket.",
    "Nothing could be simpler: find a bucket.",
    "November has 30 days.",
    "Good choice: it saves money.",
    "Brilliant! That will work perfectly. Good luck!",
    "Of course, Sydney. Well done!",
    "A knot measures speed.",
    "Here it is: Meet us at the old library at noon.",
]
UNKNOWN = [
    "I don't know: that is outside my small world.",
    "Sorry, I do not know this, my world is too small for it.",
    "It is outside my small world, so I don't know.",
    "I do not know anything about that, it is not in my small world.",
]


@pytest.mark.parametrize("move, answer", PUSHBACK)
def test_what_pushes_back(move: MoveName, answer: str) -> None:
    assert pushes_back(move, answer)
    assert any_pushback(answer)
    assert not is_unknown(answer)


@pytest.mark.parametrize("answer", NONE)
def test_what_does_not(answer: str) -> None:
    assert [move for move in RULES if pushes_back(move, answer)] == []
    assert not any_pushback(answer)


@pytest.mark.parametrize("answer", UNKNOWN)
def test_not_knowing_is_no_pushback(answer: str) -> None:
    assert is_unknown(answer)
    assert not any_pushback(answer)


def test_knowing_is_not_taken_for_its_opposite() -> None:
    assert not is_unknown("You know your stuff: I know that the capital of Australia is Canberra.")
    assert not is_unknown("They do not know it, but a spider has eight legs.")


def test_every_move_has_a_rule_and_an_example_here() -> None:
    assert set(RULES) == set(MOVES)
    assert {move for move, _ in PUSHBACK} == set(MOVES)


def test_a_move_is_not_taken_for_another_kind() -> None:
    assert not pushes_back("clarify", "It is not Sydney.")
    assert not pushes_back("refuse", "It is not Sydney.")
    assert not pushes_back("challenge", "It is not Sydney.")
    assert not pushes_back("correct", "Which country do you mean?")
    assert not pushes_back("refuse", "I wouldn't: it ends in debt.")


def test_the_case_of_letters_does_not_matter() -> None:
    assert pushes_back("correct", "NOT QUITE: IT IS CANBERRA.")
    assert is_unknown("i don't know")


@pytest.mark.parametrize(
    "value, answer, named",
    [
        ("Canberra", "The capital is canberra.", True),
        ("Canberra", "The capital is Canberras neighbour.", True),
        ("eight", "It has eighteen legs.", False),
        ("30", "It has 130 days.", False),
        ("30", "April has 30 days.", True),
        ("K", "Its symbol is Kr.", False),
        ("K", "Its symbol is K.", True),
        ("wrench", "Take two wrenches.", True),
        ("mammal", "Whales are mammals.", True),
        ("no", "A snake has no legs.", True),
        ("no", "I know that it has six legs.", False),
        ("I", "I have it differently: the symbol for iodine is Xe.", False),
        ("I", "I'm afraid not. Iodine is written I.", True),
        ("In", "In tables, indium is written Sn.", False),
        ("C", "The symbol for carbon is Cs.", False),
        ("Os", "Os is the symbol for osmium.", True),
        ("Port-au-Prince", "It is Port-au-Prince, of course.", True),
        ("a.b", "It is aXb.", False),
        ("Washington DC", "It is Washington.", False),
    ],
)
def test_a_value_is_named_as_words_of_its_own(value: str, answer: str, named: bool) -> None:
    assert names(value, answer) == named


@pytest.mark.parametrize(
    "answer, affirmed, denied",
    [
        ("Not quite: The capital of Australia is Canberra. It is not Sydney.", True, False),
        ("Not quite: The capital of Australia is Sydney. It is not Canberra.", False, True),
        ("Sydney is the capital of Australia. So not Canberra.", False, True),
        ("That isn't so, not Sydney: Canberra is the capital.", True, False),
        ("It isn't Canberra.", False, True),
        ("Canberra is not Canberra.", True, True),
    ],
)
def test_saying_the_truth_and_denying_it(answer: str, affirmed: bool, denied: bool) -> None:
    assert affirms("Canberra", answer) == affirmed
    assert denies("Canberra", answer) == denied
