"""The renderer: one text, one template, exact labels, and no content that can pose as a turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from friction import chat
from friction.chat import IGNORE, Message, encode, render
from friction.errors import FrictionError

SPECIAL = st.sampled_from(chat.SPECIAL_TOKENS)
PIECES = st.one_of(SPECIAL, st.sampled_from(["<", "\u200b", "<\u200b", "|im_end|>", "\n", " ", "think>"]), st.text())
TEXTS = st.lists(PIECES, max_size=6).map("".join)
TEMPLATE = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(chat.CHAT_TEMPLATE)
QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@st.composite
def conversations(draw: st.DrawFn, last: chat.Role | None = None) -> list[Message]:
    """Turns in any order, as the strangest client may send them."""
    anyone: list[chat.Role] = ["system", "user", "assistant"]
    roles = draw(st.lists(st.sampled_from(anyone), max_size=5))
    roles.append(draw(st.sampled_from(anyone[1:])) if last is None else last)
    thoughts = st.one_of(st.none(), TEXTS)
    return [Message(role, draw(TEXTS), draw(thoughts) if role == "assistant" else None) for role in roles]


@pytest.fixture(scope="module", name="tokenizer", params=["gpt2", "qwen"])
def tokenizer_fixture(request: pytest.FixtureRequest) -> Tokenizer:
    """A small byte-level BPE with the special tokens, which cuts words as real tokenizers do."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    if request.param == "qwen":
        words = pre_tokenizers.Split(Regex(QWEN_WORDS), behavior="isolated")
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in chat.SPECIAL_TOKENS])
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        show_progress=False,
        special_tokens=list(chat.SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(["user\nassistant\n\nA spider has eight legs.\n\nassistant\nYes."] * 3, trainer)
    return tokenizer


def test_a_conversation_reads_as_qwen3_writes_it() -> None:
    messages = [
        Message("system", "Be brief."),
        Message("user", "Hello"),
        Message("assistant", "Hi.", "A greeting."),
        Message("user", "A spider has six legs, right?"),
        Message("assistant", "Eight.", "I know of eight."),
    ]
    assert render(messages) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n"
        "<|im_start|>user\nHello<|im_end|>\n"
        "<|im_start|>assistant\nHi.<|im_end|>\n"
        "<|im_start|>user\nA spider has six legs, right?<|im_end|>\n"
        "<|im_start|>assistant\n<think>\nI know of eight.\n</think>\n\nEight.<|im_end|>\n"
    )


def test_a_prompt_ends_with_the_open_turn() -> None:
    messages = [Message("user", " Hello \n")]
    opened = "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"
    assert render(messages, for_reply=True) == opened
    assert render(messages, for_reply=True, thinking=False) == opened + "<think>\n\n</think>\n\n"


@pytest.mark.parametrize("messages", [[], [Message("user", "Hi"), Message("assistant", "Hello")]])
def test_nobody_to_reply_to_is_an_error(messages: list[Message]) -> None:
    with pytest.raises(FrictionError, match="Fix: "):
        render(messages, for_reply=True)


def test_a_message_knows_its_role() -> None:
    with pytest.raises(FrictionError, match="unknown role 'robot'"):
        Message("robot", "beep")  # type: ignore[arg-type]
    with pytest.raises(FrictionError, match="'user' has thinking"):
        Message("user", "Hi", thinking="hm")


@given(conversations(), st.booleans(), st.booleans())
def test_the_template_gives_the_same_text(messages: list[Message], for_reply: bool, thinking: bool) -> None:
    for_reply = for_reply and messages[-1].role != "assistant"
    turns = [message.as_dict() for message in messages]
    by_template = TEMPLATE.render(messages=turns, add_generation_prompt=for_reply, enable_thinking=thinking)
    assert by_template == render(messages, for_reply=for_reply, thinking=thinking)
    if thinking:
        assert by_template == TEMPLATE.render(messages=turns, add_generation_prompt=for_reply)


@given(TEXTS)
def test_neutralised_text_holds_no_special_token_and_stays_distinct(text: str) -> None:
    safe = chat.neutralise(text)
    assert not any(token in safe for token in chat.SPECIAL_TOKENS)
    assert safe.replace("\u200b", "") == text.replace("\u200b", "")
    restored = safe
    for token in chat.SPECIAL_TOKENS:
        restored = restored.replace(f"<\u200b{token[1:]}", token)
    assert restored.replace("<\u200b\u200b", "<\u200b") == text


def test_different_texts_stay_different() -> None:
    texts = ["<|im_end|>", "<\u200b|im_end|>", "<\u200b\u200b|im_end|>", "|im_end|>"]
    assert len({chat.neutralise(text) for text in texts}) == len(texts)


@given(conversations(last="user"))
def test_no_content_opens_or_closes_a_turn(messages: list[Message]) -> None:
    text = render(messages, for_reply=True)
    assert text.count(chat.OPEN_TURN) == len(messages) + 1
    assert text.count(chat.END_TURN) == len(messages)
    assert chat.OPEN_THINKING not in text
    assert chat.PAD not in text


def test_exactly_the_reply_and_its_stop_token_are_learned(tokenizer: Tokenizer) -> None:
    messages = [
        Message("user", "Hello"),
        Message("assistant", "Hi."),
        Message("user", "Six legs?"),
        Message("assistant", "Eight.", "I know of eight."),
    ]
    encoded = encode(messages, tokenizer)
    learned = [label for label in encoded.labels if label != IGNORE]
    reply = "<think>\nI know of eight.\n</think>\n\nEight.<|im_end|>"
    assert learned == tokenizer.encode(reply).ids
    assert encoded.labels[-1] == IGNORE and encoded.labels[-2] == tokenizer.token_to_id(chat.END_TURN)
    assert all(label in (IGNORE, token) for token, label in zip(encoded.ids, encoded.labels, strict=True))
    assert (
        encoded.ids[: encoded.labels.index(learned[0])] == tokenizer.encode(render(messages[:-1], for_reply=True)).ids
    )


def test_without_thinking_the_empty_block_is_read_and_the_answer_learned(tokenizer: Tokenizer) -> None:
    messages = [Message("user", "Six legs?"), Message("assistant", "Eight.", "I know of eight.")]
    encoded = encode(messages, tokenizer, thinking=False)
    prompt = tokenizer.encode(render(messages[:-1], for_reply=True, thinking=False)).ids
    answer = tokenizer.encode("Eight.<|im_end|>").ids
    newline = tokenizer.encode("\n").ids
    assert encoded.ids == prompt + answer + newline
    assert encoded.labels == [IGNORE] * len(prompt) + answer + [IGNORE] * len(newline)


def test_all_turns_can_be_learned(tokenizer: Tokenizer) -> None:
    messages = [Message("user", "Hello"), Message("assistant", "Hi."), Message("user", "Six?")]
    messages.append(Message("assistant", "Eight."))
    learned = [label for label in encode(messages, tokenizer, train="all").labels if label != IGNORE]
    assert learned == tokenizer.encode("Hi.<|im_end|>Eight.<|im_end|>").ids
    messages[1] = Message("assistant", "Hi.", "A greeting.")
    with pytest.raises(FrictionError, match="one conversation per assistant turn"):
        encode(messages, tokenizer, train="all")


def test_a_conversation_without_a_reply_teaches_nothing(tokenizer: Tokenizer) -> None:
    for messages in ([], [Message("user", "Hello")]):
        with pytest.raises(FrictionError, match="last turn is not the assistant's"):
            encode(messages, tokenizer)


@given(messages=conversations(last="assistant"), thinking=st.booleans())
def test_stretches_and_joined_text_give_the_same_ids(
    tokenizer: Tokenizer, messages: list[Message], thinking: bool
) -> None:
    encoded = encode(messages, tokenizer, thinking=thinking)
    assert encoded.ids == tokenizer.encode(render(messages, thinking=thinking)).ids
    assert tokenizer.decode(encoded.ids, skip_special_tokens=False) == render(messages, thinking=thinking)


def test_a_tokenizer_that_returns_plain_ids_serves_as_well() -> None:
    class Characters:
        """One id per character, as a list: the shape in which transformers answers."""

        def encode(self, text: str, /, *, add_special_tokens: bool) -> list[int]:
            """Code points."""
            assert not add_special_tokens
            return [ord(character) for character in text]

    encoded = encode([Message("user", "Hi"), Message("assistant", "Yo")], Characters())
    assert "".join(map(chr, encoded.ids)) == render([Message("user", "Hi"), Message("assistant", "Yo")])
