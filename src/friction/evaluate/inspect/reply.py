"""What a model said to Inspect, as a reply of ours: thinking and answer apart, and how it ended."""

from inspect_ai.model import ContentReasoning, ModelOutput

from friction.chat import CLOSE_THINKING, OPEN_THINKING, Reply
from friction.engine.base import Completion
from friction.engine.chunks import Chunk, read_reply
from friction.errors import FrictionError
from friction.evaluate.replies import ReplyState

_NOTHING = Reply("", "", "absent")
_CUT = ("max_tokens", "model_length")
_IN_TEXT = "think"  # what Inspect notes of thoughts that it cut out of the text by itself


def read_output(output: ModelOutput) -> tuple[Reply, ReplyState]:
    """The reply, taken apart by the rules of our own engines, and whether it can be scored.

    Thoughts that the provider separates stay as they are. Those that Inspect cut out of the text are put back before
    we look: it takes a tag anywhere for thinking, and hands the whole text over as the answer where nothing follows
    the thoughts.
    """
    if output.empty or output.error or output.stop_reason == "content_filter":
        return _NOTHING, "failed"
    try:
        events = list(read_reply(_chunks(output), output.model))
    except FrictionError:
        return _NOTHING, "failed"
    last = events[-1]
    assert isinstance(last, Completion)
    if last.stop_reason == "length" or last.reply.state == "unterminated":
        return last.reply, "cut"
    return last.reply, "answered" if last.reply.answer else "empty"


def _chunks(output: ModelOutput) -> list[Chunk]:
    message = output.message
    parts = [] if isinstance(message.content, str) else message.content
    thoughts = [part for part in parts if isinstance(part, ContentReasoning)]
    text = message.text
    inside = [part.reasoning for part in thoughts if part.internal == _IN_TEXT]
    if inside and not text.lstrip().startswith(OPEN_THINKING):
        text = f"{OPEN_THINKING}{inside[0]}{CLOSE_THINKING}{text}"
    apart = [_readable(part) for part in thoughts if part.internal != _IN_TEXT]
    finish = "length" if output.stop_reason in _CUT else "stop"
    return [Chunk(thinking="\n\n".join(filter(None, apart))), Chunk(text=text), Chunk(finish=finish)]


def _readable(part: ContentReasoning) -> str:
    """The thoughts, or what the provider lets one see of them."""
    return (part.summary or "") if part.redacted else part.reasoning
