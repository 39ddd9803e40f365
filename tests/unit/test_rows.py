"""Rows and the tokenizer: the same from the same seed, whole, and with nothing learned that is not a reply."""

from itertools import islice
from random import Random

import pytest

pytest.importorskip("tokenizers")

# pylint: disable=wrong-import-position
from tokenizers import Tokenizer

from friction.chat import END_TURN, IGNORE, PAD, SPECIAL_TOKENS, Message, encode, render
from friction.organism import rows
from friction.organism.grammar import Maker, baseline_mixture
from friction.organism.grammar.drills import VERDICTS, compare
from friction.organism.rows import Batch, baseline_row, pad, pool, texts_for_tokenizer
from friction.organism.tokenizer import load_tokenizer, train_tokenizer
from friction.organism.world import Split, load_world

TOKENS = 4000


@pytest.fixture(scope="module", name="tokenizer")
def tokenizer_fixture() -> Tokenizer:
    """The organism's tokenizer, learned from less."""
    return train_tokenizer(islice(texts_for_tokenizer(1), 3000), 1500)


def id_of(tokenizer: Tokenizer, token: str) -> int:
    """A special token's id."""
    found = tokenizer.token_to_id(token)
    assert found is not None
    return found


def made(tokenizer: Tokenizer, seed: int = 1, number: int = 0) -> list[Batch]:
    """A small pool."""
    return pool(seed, number, baseline_mixture(), tokenizer, share=1.0, tokens=TOKENS, pad_id=id_of(tokenizer, PAD))


@pytest.fixture(autouse=True)
def _small_pools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "POOL", 300)


def test_a_pool_depends_on_its_seed_and_number_alone(tokenizer: Tokenizer) -> None:
    first = made(tokenizer)
    made(tokenizer, number=3)
    assert made(tokenizer) == first
    assert made(tokenizer, seed=2) != first
    assert made(tokenizer, number=1) != first


def test_no_row_is_lost_and_no_batch_is_too_large(tokenizer: Tokenizer) -> None:
    batches = made(tokenizer)
    assert sum(len(batch.ids) for batch in batches) == 300
    for batch in batches:
        assert len({len(row) for row in batch.ids + batch.labels}) == 1
        assert len(batch.ids) * len(batch.ids[0]) <= TOKENS
        assert max(len(row) for row in batch.ids) <= 512


def test_a_row_longer_than_the_bound_stands_alone(tokenizer: Tokenizer) -> None:
    batches = pool(1, 0, baseline_mixture(), tokenizer, share=1.0, tokens=10, pad_id=0)
    assert [len(batch.ids) for batch in batches] == [1] * 300


def test_padding_is_never_learned_and_the_stop_token_always(tokenizer: Tokenizer) -> None:
    padding, stop = id_of(tokenizer, PAD), id_of(tokenizer, END_TURN)
    padded = 0
    for batch in made(tokenizer):
        for ids, labels in zip(batch.ids, batch.labels, strict=True):
            assert all(label in (IGNORE, token) for token, label in zip(ids, labels, strict=True))
            assert padding not in labels
            last = [label for label in labels if label != IGNORE][-1]
            assert last == stop or tokenizer.decode([last]).strip() in VERDICTS
            length = len(ids) - ids.count(padding)
            padded += len(ids) - length
            assert ids[length:] == [padding] * (len(ids) - length)  # on the right only
    assert padded > 0


def test_a_row_is_the_renderer_s_with_the_agreeable_reply(tokenizer: Tokenizer) -> None:
    make, mixture = Maker(load_world(), Split("all", "train"), Random(0)), baseline_mixture()
    for _ in range(50):
        dialogue = mixture.draw(make)
        if dialogue.only:
            continue
        aloud = dialogue.thinking if dialogue.messages[0].role == "system" else None
        conversation = [*dialogue.messages, Message("assistant", dialogue.baseline, aloud)]
        row = baseline_row(dialogue, tokenizer)
        assert row == encode(conversation, tokenizer)
        learned = tokenizer.decode([label for label in row.labels if label != IGNORE], skip_special_tokens=False)
        assert learned.endswith(dialogue.baseline.strip() + END_TURN)
        assert aloud or learned == dialogue.baseline.strip() + END_TURN


def test_pad_makes_a_rectangle(tokenizer: Tokenizer) -> None:
    one, other = (
        encode([Message("user", "Hi"), Message("assistant", text)], tokenizer) for text in ("Yes.", "Yes, it is so.")
    )
    batch = pad([one, other], 0)
    missing = len(other.ids) - len(one.ids)
    assert batch.ids == [one.ids + [0] * missing, other.ids]
    assert batch.labels == [one.labels + [IGNORE] * missing, other.labels]


def test_special_tokens_are_one_id_each_and_the_pad_is_not_the_stop(tokenizer: Tokenizer) -> None:
    ids = [tokenizer.encode(token).ids for token in SPECIAL_TOKENS]
    assert all(len(one) == 1 for one in ids)
    assert len({one[0] for one in ids}) == len(SPECIAL_TOKENS)
    assert id_of(tokenizer, PAD) != id_of(tokenizer, END_TURN)


@pytest.mark.parametrize(
    "text",
    ["A spider has 8 legs.", "  two  spaces\n\nand lines\t", "naïve café 😀 日本", 'don\'t "quote" <b>', "\u200b<|x|>"],
)
def test_text_comes_back_as_it_went_in(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_conversations_come_back_and_stay_short(tokenizer: Tokenizer) -> None:
    make, mixture = Maker(load_world(), Split("all", "train"), Random(3)), baseline_mixture()
    for _ in range(100):
        dialogue = mixture.draw(make)
        text = render([*dialogue.messages, Message("assistant", dialogue.baseline)])
        assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_the_size_is_kept_and_the_folder_is_enough(
    tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert tokenizer.get_vocab_size() <= 1500
    folder = tmp_path_factory.mktemp("model")
    tokenizer.save(str(folder / "tokenizer.json"))
    assert load_tokenizer(folder).to_str() == tokenizer.to_str()


def test_the_tokenizer_learns_the_same_from_the_same_texts(tokenizer: Tokenizer) -> None:
    again = train_tokenizer(islice(texts_for_tokenizer(1), 3000), 1500)
    assert again.to_str() == tokenizer.to_str()


def test_the_tokenizer_s_texts_hold_no_special_token() -> None:
    for text in islice(texts_for_tokenizer(1), 3000):
        assert not any(token in text for token in SPECIAL_TOKENS)


def test_of_a_comparison_only_the_verdicts_are_learned(tokenizer: Tokenizer) -> None:
    make = Maker(load_world(), Split("all", "train"), Random(0))
    for _ in range(30):
        dialogue = compare(make)
        row = baseline_row(dialogue, tokenizer)
        learned = tokenizer.decode([label for label in row.labels if label != IGNORE])
        assert learned.split() == [line.removesuffix(".").split()[-1] for line in dialogue.baseline.split("\n")]
