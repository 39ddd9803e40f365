"""Conversations as text and token ids, and replies as data: the only place that knows the chat format.

The format is ChatML as Qwen3 writes it. A conversation is a sequence of turns, ``<|im_start|>role``, a newline, the
words, ``<|im_end|>``, a newline; an assistant's turn may open with a ``<think>`` block. Thinking of earlier turns is
not repeated, so the model reads in training what it reads at inference.
"""

from friction.chat.render import Encoded, Message, Role, Tokenizer, encode, render, with_thinking
from friction.chat.reply import Reply, ReplyParser, Section, State, parse_reply
from friction.chat.template import CHAT_TEMPLATE
from friction.chat.tokens import (
    CLOSE_THINKING,
    END_TURN,
    IGNORE,
    NO_THINKING,
    OPEN_THINKING,
    OPEN_TURN,
    PAD,
    SPECIAL_TOKENS,
    neutralise,
)

__all__ = [
    "CHAT_TEMPLATE",
    "CLOSE_THINKING",
    "END_TURN",
    "IGNORE",
    "NO_THINKING",
    "OPEN_THINKING",
    "OPEN_TURN",
    "PAD",
    "SPECIAL_TOKENS",
    "Encoded",
    "Message",
    "Reply",
    "ReplyParser",
    "Role",
    "Section",
    "State",
    "Tokenizer",
    "encode",
    "neutralise",
    "parse_reply",
    "render",
    "with_thinking",
]
