"""The one error that a person sees: what is wrong, why, and what mends it."""

from typing import Any


class FrictionError(Exception):
    """Something that the person at the keyboard can mend.

    The command line prints it as one line on stderr and exits with code 2, without a traceback. Whatever a
    person cannot mend is a bug and stays an ordinary exception.

    Args:
        problem: What is wrong, with the culprit in quotes: ``cannot read 'a.jsonl'``.
        because: The cause, as far as it is known.
        fix: What to do now; where a command helps, the command.
    """

    def __init__(self, *, problem: str, because: str, fix: str) -> None:
        self.problem = _one_line(problem)
        self.because = _one_line(because)
        self.fix = _one_line(fix)
        super().__init__(str(self))

    def __str__(self) -> str:
        return f"{self.problem}: {self.because}. Fix: {self.fix}"

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle by positional arguments; without this an error raised in a worker process is lost.
        return (_rebuild, (self.problem, self.because, self.fix))


def _rebuild(problem: str, because: str, fix: str) -> FrictionError:
    return FrictionError(problem=problem, because=because, fix=fix)


def _one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)  # a server's words may steer a terminal
    return " ".join(printable.split()).rstrip(".")
