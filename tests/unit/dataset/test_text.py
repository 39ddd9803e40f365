"""Words: the same as a regular expression would find, faster."""

import re

from hypothesis import given
from hypothesis import strategies as st

from friction.dataset.text import likeness, opening, runs, words

WORD = re.compile(r"[^\W_]+(?:['’]+[^\W_]+)*")
ALPHABET = st.sampled_from("abzÄß0189 .,-_'’\"\n°€é日😀")


@given(st.text(ALPHABET, max_size=60))
def test_words_are_runs_of_letters_and_figures_with_apostrophes_inside(text: str) -> None:
    assert list(words(text)) == WORD.findall(text.lower())


def test_runs_openings_and_likeness() -> None:
    assert words("Don't 'quote' me, 3.5 times_over!") == tuple("don't quote me 3 5 times over".split())
    assert runs(["a", "b", "c"], 2) == ["a b", "b c"] and runs(["a"], 2) == ["a"] and runs([], 2) == []
    assert opening("One, two; three four five") == "one two three four"
    assert likeness(["a", "a", "b"], ["a", "b", "c"]) == 2 * 2 / 6
    assert (likeness([], []), likeness(["a"], [])) == (1.0, 0.0)
