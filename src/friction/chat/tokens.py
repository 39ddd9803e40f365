"""The special tokens of the chat format, and text that is kept from posing as one of them."""

OPEN_TURN = "<|im_start|>"
END_TURN = "<|im_end|>"
OPEN_THINKING = "<think>"
CLOSE_THINKING = "</think>"
# Padding is never the stop token: a trainer that masks padding would mask the stop token with it, and the model
# would never learn to end its turn.
PAD = "<|endoftext|>"
SPECIAL_TOKENS = (PAD, OPEN_TURN, END_TURN, OPEN_THINKING, CLOSE_THINKING)

IGNORE = -100
"""The label of a token that is read, not learned (PyTorch's ``ignore_index``)."""

NO_THINKING = f"{OPEN_THINKING}\n\n{CLOSE_THINKING}\n\n"
"""What a prompt is prefilled with to ask for an answer without thinking."""

_MARK = "\u200b"  # zero-width space: the reader sees the same words, the tokenizer no longer sees a special token
ESCAPES = ((f"<{_MARK}", f"<{_MARK}{_MARK}"), *((t, f"<{_MARK}{t[1:]}") for t in SPECIAL_TOKENS))


def neutralise(text: str) -> str:
    """Text that reads the same and contains no special token, so that no content can open or close a turn.

    A zero-width space goes behind the ``<`` of each special token. Text that already has such spaces behind a
    ``<`` gets one more, so that different texts stay different.
    """
    if "<" in text:
        for old, new in ESCAPES:
            text = text.replace(old, new)
    return text


def open_turn(role: str) -> str:
    """The opening of a turn; a reply starts right behind the assistant's."""
    return f"{OPEN_TURN}{role}\n"
