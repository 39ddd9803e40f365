"""Conversations as a person reads them, and as the tokens that training reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from friction.chat import IGNORE, Encoded, Message, encode
from friction.errors import FrictionError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BORDER, NEWLINE = "·", "↵"
LEARNED, READ, MARK = "bold underline green", "", "dim"


def print_conversations(console: Console, conversations: list[list[Message]], *, mask: bool) -> None:
    """Prints conversations as text; with ``mask`` as tokens, of which the learned ones stand out."""
    tokenizer = _tokenizer() if mask else None
    for at, conversation in enumerate(conversations, 1):
        console.print(Text(f"conversation {at} of {len(conversations)}", style="bold"))
        shown = _as_text(conversation) if tokenizer is None else _as_tokens(console, at, conversation, tokenizer)
        console.print(shown, soft_wrap=True)


def of_the_organism(seed: int, number: int) -> list[list[Message]]:
    """Dialogues of the organism's disagreement training."""
    from friction.organism.dialogues import conversations

    return [[*d.messages, Message("assistant", d.friction, d.thinking)] for d in conversations(seed, number)]


def of_a_file(file: Path, number: int) -> list[list[Message]]:
    """The first conversations of a JSONL file."""
    from friction.train.data import read_conversations

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
            text.append(f"{message.role} thinks: {visible(message.thinking)}\n", "dim italic")
        text.append(f"{message.role}: ", "bold").append(f"{visible(message.content)}\n")
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
        words = visible(piece).replace("\n", f"{NEWLINE}\n")
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


def visible(text: str) -> str:
    """The text with everything that a terminal would not show, or would obey, written out."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
