"""The one error is one line, and survives the way out of a worker process."""

import pickle

from friction.errors import FrictionError


def test_an_error_is_one_line() -> None:
    error = FrictionError(problem="cannot read 'a.jsonl'.", because="it\nis not there", fix="run `make organism`.")
    assert str(error) == "cannot read 'a.jsonl': it is not there. Fix: run `make organism`"
    assert (error.problem, error.because) == ("cannot read 'a.jsonl'", "it is not there")


def test_an_error_can_be_pickled() -> None:
    error = FrictionError(problem="a", because="b", fix="c")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_server_s_words_cannot_steer_the_terminal() -> None:
    error = FrictionError(problem="a", because="it said \x1b[2J\x1b]0;x\x07", fix="c")
    assert all(character.isprintable() for character in str(error))
