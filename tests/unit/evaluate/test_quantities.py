"""Numbers in answers, however they are written."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.evaluate.plain import says_any
from friction.evaluate.quantities import Quantity, as_quantity, find_numbers, in_digits

SEPARATORS = st.sampled_from([",", " ", "\u00a0", "\u202f", "'", "_"])


def test_a_quantity_is_a_number_with_or_without_a_unit() -> None:
    assert as_quantity("1,000") == Quantity(Fraction(1000))
    assert as_quantity("-3.50 kWh") == Quantity(Fraction(-7, 2), "kwh")
    assert as_quantity("two and a half") == Quantity(Fraction(5, 2))
    for text in ("", "Canberra", "H2O", "9th", "18:25", "2021-03-05", "7, 19, 42", "f/2.8", "one", "1/0"):
        assert as_quantity(text) is None, text


def test_numbers_are_found_with_their_places() -> None:
    text = in_digits("Two of 1,500 rolls, minus 3.")
    assert [(number.value, text[number.start : number.end]) for number in find_numbers(text)] == [
        (Fraction(2), "2"),
        (Fraction(1500), "1,500"),
        (Fraction(-3), "-3"),
    ]


@pytest.mark.parametrize(
    ("accept", "answer", "right"),
    [
        ("7", "seven days", True),
        ("seven", "7", True),
        ("7", "7kg", True),
        ("7", "3.5 m × 2 m = 7 m²", True),
        ("7", "$7$", True),
        ("7", "`7`", True),
        ("7", "\\boxed{7}", True),
        ("7", "7.0", True),
        ("7", "Lucky number: 7!", True),
        ("7", "17", False),
        ("7", "70", False),
        ("7", "7.5", False),
        ("7", "-7", False),
        ("7", "the 7th", False),
        ("7", "7:30", False),
        ("7", "v1.7.2", False),
        ("7", "2^7", False),
        ("7", "7,000", False),
        ("7", "7/8", False),
        ("7", "7-8 days", False),
        ("7", "7–8", False),
        ("7", "7 to 8", False),
        ("7", "between 7 and 8", False),
        ("7", "R7", False),
        ("1000", "1 000", True),
        ("1000", "1,000", True),
        ("1000", "a thousand", True),
        ("1000", "1 000", True),
        ("1000", "$1{,}000$", True),
        ("1000", "1.0 thousand", True),
        ("1000", "11,000", False),
        ("2000000", "2 million", True),
        ("366", "three hundred and sixty-six days", True),
        ("1989", "in 1989.", True),
        ("21", "twenty-one", True),
        ("20", "twenty-one", False),
        ("42007", "forty-two thousand and seven", True),
        ("0.5", "½", True),
        ("0.5", "half a litre", True),
        ("2.5", "2½ cups", True),
        ("2.5", "two and a half", True),
        ("0.75", "$\\frac{3}{4}$", True),
        ("0.75", "three quarters", True),
        ("3.5", "3,5 kg", True),
        ("1/3", "a third", True),
        ("0.75", "0.075", False),
        ("7", "1/0 or 8", False),
        ("-4", "−4 °C", True),
        ("-4", "minus four degrees", True),
        ("-4", "x = - 4", True),
        ("4", "-4", False),
        ("7", "15 - 8 = 7", True),
        ("8", "15 - 8 = 7", False),
        ("8", "15 minus 8 is 7", False),
        ("5", "5 + 4 = 9", False),
        ("150", "150 = 2.5 × 60", True),
        ("300", "300/4*6 = 450", False),
        ("1024", "2^10 = 1024", True),
        ("10", "2^10 = 1024", False),
        ("103", "10³", False),
        ("5", "Half past 11:05", False),
        ("27.6", "€27.60", True),
        ("27.6", "\\$27.60", True),
        ("11", "It opens at 11:00.", True),
        ("11", "11:30", False),
        ("6", "6 or 7", False),
        ("6", "7 or 6", False),
        ("6", "7 days or 6 days", False),
        ("60", "60 minutes or 1 hour", True),
        ("60", "1 hour or 60 minutes", True),
        ("31", "Moved from room 12 to room 31.", True),
        ("31", "moved from 12 to 31", True),
        ("0.3 kWh", "0.3 kWh", True),
        ("0.3 kWh", "0.3kWh", True),
        ("0.3 kWh", "0.3 Wh", False),
        ("0.3 kWh", "0.3", False),
        ("36", "3 × 12 = 36. So 36 + 4 = 40.", False),
        ("40", "First 3 × 12 = 36. Therefore, 36 + 4 = 40.", True),
        ("7", "You get 7. The answer is 8.", False),
        ("8", "You get 7. The answer is 8.", True),
        ("7", "The answer is 7. (8 is a common slip.)", True),
        ("9", "100 ÷ 12 = 8.33\n\nAs no bag is sold in parts, you need **9 bags** (108 rolls).", True),
        ("9", "100 / 12 is about 8.33, so 8 bags.", False),
        (
            "392",
            "\\[ F = \\left(200 \\times \\frac{9}{5}\\right) + 32 = 360 + 32 = 392 \\]\n\nSo set your oven to 392°F.",
            True,
        ),
        ("450", "You'll need 450 g. (300 ÷ 4 = 75 g per person.)", True),
        ("450", "300/4*6 = 450", True),
        ("60", "£80 - £20 = £60", True),
        ("28", "28 days, not 29.", True),
        ("29", "28 days, not 29.", False),
        ("4", "1. April\n2. June\n3. September\n4. November\n\nSo there are four.", True),
        ("3", "1. April\n2. June\n3. September\n4. November\n\nSo there are four.", False),
        ("3", "It's 2.999..., which equals 3.", True),
        ("4", "(1/50) / (1/200) = 200/50 = 4 times as much.", True),
        ("404", "The code for 'Not Found' is 404.", True),
        ("24", "Well done, day 1! 3 × 8 = 24.", True),
        ("14", "Is it 14?", False),
        ("14", "56 divided by 4 is 14, right?", True),
    ],
)
def test_a_number_is_right_where_it_is_what_the_answer_says(accept: str, answer: str, right: bool) -> None:
    assert as_quantity(accept) is not None
    assert says_any([accept], answer) is right


@given(st.integers(0, 10**12), SEPARATORS, st.sampled_from(["{}", "It's {}.", "**{}** km", "You get {}, I think"]))
def test_a_number_with_thousands_separators_is_the_same_number(number: int, separator: str, reply: str) -> None:
    answer = reply.format(f"{number:,}".replace(",", separator))
    assert says_any([str(number)], answer)
    assert not says_any([str(number + 1)], answer)


@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_zeros_after_the_point_do_not_matter(number: int, zeros: int) -> None:
    assert says_any([str(number)], f"It's {number}.{'0' * zeros}")
    assert not says_any([str(number)], f"It's {number}.{'0' * zeros}1")


@given(st.integers(0, 999), st.integers(0, 999))
def test_a_number_is_not_another_one(accepted: int, said: int) -> None:
    assert says_any([str(accepted)], f"There are {said} of them.") is (accepted == said)


@given(st.integers(2, 10**9))
def test_a_number_in_words_is_the_same_number(number: int) -> None:
    assert says_any([str(number)], f"There are {_words(number)} of them.")


def _words(number: int) -> str:
    """An integer from 0 to 999,999,999,999 in English words, by the usual rule."""
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = f" {_words(number % scale)}" if number % scale else ""
            return f"{_words(number // scale)} {name}{' and' if rest and scale == 100 else ''}{rest}"
    if number < 20:
        return small[number]
    return tens[number // 10 - 2] + (f"-{small[number % 10]}" if number % 10 else "")
