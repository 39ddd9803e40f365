"""`friction data`: what the training reads, and which tokens of it are learned."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from friction.chat import IGNORE, Encoded, Message, encode
from friction.cli import NOUNS
from friction.errors import FrictionError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

app = typer.Typer(help=NOUNS["data"], no_args_is_help=True)

BORDER, NEWLINE = "·", "↵"
LEARNED, READ, MARK = "bold underline green", "", "dim"


@app.callback()
def data() -> None:
    """Look at the data that teaches friction."""


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(help='A JSONL of conversations, one object with "messages" per line.')
    ] = None,
    organism: Annotated[
        bool, typer.Option("--organism", help="Dialogues of the organism's disagreement training, as without FILE.")
    ] = False,
    mask: Annotated[bool, typer.Option("--mask", help="Show the tokens, and mark those that are learned.")] = False,
    number: Annotated[int, typer.Option(min=1, help="How many conversations.")] = 3,
    seed: Annotated[int, typer.Option(help="Picks the organism's dialogues.")] = 0,
) -> None:
    """Print conversations; with --mask as the tokens that training reads, the learned ones in colour or in brackets."""
    if file is not None and organism:
        raise FrictionError(
            problem=f"both '{file}' and --organism are given",
            because="one call shows one source",
            fix="leave one of them out",
        )
    console = Console(highlight=False)
    conversations = _of_the_organism(seed, number) if file is None else _of_a_file(file, number)
    tokenizer = _tokenizer() if mask else None
    for at, conversation in enumerate(conversations, 1):
        console.print(Text(f"conversation {at} of {len(conversations)}", style="bold"))
        shown = _as_text(conversation) if tokenizer is None else _as_tokens(console, at, conversation, tokenizer)
        console.print(shown, soft_wrap=True)


def _of_the_organism(seed: int, number: int) -> list[list[Message]]:
    from friction.organism.dialogues import conversations

    return [[*d.messages, Message("assistant", d.friction, d.thinking)] for d in conversations(seed, number)]


def _of_a_file(file: Path, number: int) -> list[list[Message]]:
    from friction.train.data import read_conversations

    if not file.is_file():
        raise FrictionError(
            problem=f"cannot read the conversations in '{file}'",
            because="it is a folder" if file.is_dir() else "there is no such file",
            fix="name a JSONL of conversations, or leave it out for the organism's",
        )
    return read_conversations(file, number)


def _tokenizer() -> "Tokenizer":
    from friction.organism.tokenizer import load_tokenizer
    from friction.engine.gguf_cache import WEIGHTS

    path = WEIGHTS / "base" / "tokenizer.json"
    try:
        return load_tokenizer(path.parent)
    except ModuleNotFoundError:  # the command line names the extra that brings it
        raise
    except Exception as error:  # `tokenizers` raises nothing more special, whatever is wrong with the file
        raise FrictionError(
            problem=f"cannot use the organism's tokenizer '{path}'",
            because=str(error) if path.exists() else "the file is missing",
            fix="install friction again, or make the embedded model: make organism",
        ) from error


def _as_text(conversation: list[Message]) -> Text:
    text = Text()
    for message in conversation:
        if message.thinking is not None:
            text.append(f"{message.role} thinks: {_visible(message.thinking)}\n", "dim italic")
        text.append(f"{message.role}: ", "bold").append(f"{_visible(message.content)}\n")
    return text


def _as_tokens(console: Console, at: int, conversation: list[Message], tokenizer: "Tokenizer") -> Text:
    """The tokens with their borders, and a line that counts them.

    Where there is no colour, brackets around each token say that it is learned.
    """
    try:
        encoded = encode(conversation, tokenizer)
    except FrictionError as error:
        raise FrictionError(
            problem=f"conversation {at}: {error.problem}", because=error.because, fix=error.fix
        ) from error
    colour = console.color_system is not None and not console.no_color
    text = Text()
    between = False  # whether a token stands before this one on its line
    for piece, learned in pieces(encoded, tokenizer):
        words = _visible(piece).replace("\n", f"{NEWLINE}\n")
        line_ends = words.endswith("\n")
        words = words.removesuffix("\n")
        bracketed = learned and not colour
        if between and not bracketed:
            text.append(BORDER, MARK)
        text.append(f"[{words}]" if bracketed else words, LEARNED if learned else READ)
        text.append("\n" if line_ends else "")
        between = not line_ends and not bracketed
    learned_ids = [label for label in encoded.labels if label != IGNORE]
    last = tokenizer.decode(learned_ids[-1:], skip_special_tokens=False)
    return text.append(f"{len(learned_ids)} of {len(encoded.ids)} tokens are learned; the last is {last}\n", MARK)


def pieces(encoded: Encoded, tokenizer: "Tokenizer") -> Iterator[tuple[str, bool]]:
    """The text of each token, and whether it is learned.

    Tokens are bytes: one that is only a part of a character is shown together with those that complete it.
    """
    part: list[int] = []
    for number, (token, label) in enumerate(zip(encoded.ids, encoded.labels, strict=True), 1):
        part.append(token)
        text = tokenizer.decode(part, skip_special_tokens=False)
        if not text.endswith("\ufffd") or number == len(encoded.ids):
            yield text, label != IGNORE
            part = []


def _visible(text: str) -> str:
    """The text with everything that a terminal would not show, or would obey, written out."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
