"""Characters that steer instead of being read, made readable: a model's text must not turn a page around."""

from __future__ import annotations

import re

# Controls other than tab and line ends, overrides and isolates of the writing direction (marks of direction, which
# only right-to-left text needs, stay), and halves of characters, which no file can hold.
_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """A text in which each such character is its code point in brackets, such as ``⟦U+202E⟧``."""
    return _STEERING.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)
