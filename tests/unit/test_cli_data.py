"""`friction data show`: conversations as text, and as tokens of which the learned ones can be told by eye."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tokenizers")

# pylint: disable=wrong-import-position
from rich.console import Console
from tokenizers import Tokenizer

from friction import cli
from friction.chat import IGNORE, Encoded, Message, encode
from friction.cli import data_tokens
from friction.engine import gguf_cache
from friction.organism.dialogues import conversations
from friction.organism.tokenizer import train_tokenizer

CONVERSATION = {
    "messages": [
        {"role": "user", "content": "Six legs?"},
        {"role": "assistant", "content": "Eight [8].", "thinking": "I know\nof eight."},
    ]
}
MESSAGES = [Message("user", "Six legs?"), Message("assistant", "Eight [8].", "I know\nof eight.")]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(name="run")
def run_fixture(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `friction data show` and gives its exit code, output and error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["data", "show", *arguments])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(name="tokenizer")
def tokenizer_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tokenizer:
    """A tokenizer in the embedded model's place."""
    tokenizer = train_tokenizer(
        ["A spider has eight legs.", "user", "assistant", "I know of eight legs. Eight."] * 3, 330
    )
    (tmp_path / "base").mkdir()
    tokenizer.save(str(tmp_path / "base" / "tokenizer.json"))
    monkeypatch.setattr(gguf_cache, "WEIGHTS", tmp_path)
    return tokenizer


@pytest.fixture(name="file")
def file_fixture(tmp_path: Path) -> Path:
    """A JSONL with two conversations."""
    path = tmp_path / "data.jsonl"
    path.write_text(2 * (json.dumps(CONVERSATION) + "\n"), "utf-8")
    return path


def test_a_file_is_shown_as_text(run: Run, file: Path) -> None:
    code, out, err = run(str(file), "--number", "1")
    assert (code, err) == (0, "")
    assert out == (
        "conversation 1 of 1\n" "user: Six legs?\n" "assistant thinks: I know\nof eight.\n" "assistant: Eight [8].\n\n"
    )


def test_as_many_are_shown_as_asked_for_and_no_more_than_there_are(run: Run, file: Path) -> None:
    assert run(str(file), "--number", "9")[1].count("conversation ") == 2
    assert run("--organism", "--number", "4")[1].count("conversation ") == 4


def test_the_organism_s_dialogues_are_those_of_its_training(run: Run) -> None:
    dialogue = next(conversations(5, 1))
    _, out, _ = run("--organism", "--seed", "5", "--number", "1")
    assert f"assistant: {dialogue.friction}\n" in out
    assert dialogue.thinking in out
    assert run("--organism", "--seed", "6", "--number", "1")[1] != out


def test_brackets_mark_exactly_what_is_learned(run: Run, file: Path, tokenizer: Tokenizer) -> None:
    code, out, err = run("--mask", str(file), "--number", "1")
    assert (code, err) == (0, "")
    encoded = encode(MESSAGES, tokenizer)
    learned = [label for label in encoded.labels if label != IGNORE]
    reply = out[out.index("[<think>]") : out.index("[<|im_end|>]")] + "[<|im_end|>]"
    tokens = [tokenizer.decode([token], skip_special_tokens=False) for token in learned]
    assert reply.replace("\n", "") == "".join(f"[{token}]" for token in tokens).replace("\n", "↵")
    assert f"\n{len(learned)} of {len(encoded.ids)} tokens are learned; the last is <|im_end|>\n" in out


def test_the_borders_of_what_is_only_read_are_seen(run: Run, file: Path, tokenizer: Tokenizer) -> None:
    _, out, _ = run("--mask", str(file), "--number", "1")
    encoded = encode(MESSAGES, tokenizer)
    prompt = encoded.ids[: [label != IGNORE for label in encoded.labels].index(True)]
    pieces = [tokenizer.decode([token], skip_special_tokens=False).replace("\n", "↵") for token in prompt]
    expected = "·".join(pieces).replace("↵·", "↵\n") + "\n"
    assert out[out.index("<|im_start|>") : out.index("[<think>]")] == expected


@pytest.mark.usefixtures("tokenizer")
def test_every_conversation_is_counted(run: Run) -> None:
    _, out, _ = run("--organism", "--mask", "--number", "5")
    counts = re.findall(r"^(\d+) of (\d+) tokens are learned; the last is <\|im_end\|>$", out, re.M)
    assert len(counts) == 5
    assert all(0 < int(learned) < int(total) for learned, total in counts)


def shown_on_a_terminal(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch, **settings: object) -> str:
    """What a terminal receives."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    console = Console(force_terminal=True, width=200, highlight=False, **settings)  # type: ignore[arg-type]
    with console.capture() as capture:
        console.print(data_tokens._as_tokens(console, 1, MESSAGES, tokenizer))  # pylint: disable=protected-access
    return capture.get()


def test_colour_marks_what_is_learned(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    out = shown_on_a_terminal(tokenizer, monkeypatch, color_system="standard")
    marked = re.findall(r"\x1b\[1;4;32m(.*?)\x1b\[0m", out)
    learned = [label for label in encode(MESSAGES, tokenizer).labels if label != IGNORE]
    shown = tokenizer.decode(learned, skip_special_tokens=False).replace("\n", "↵")
    assert "".join(marked) == shown
    assert "[<think>]" not in out


def test_without_colour_a_terminal_gets_brackets(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[<think>]" in shown_on_a_terminal(tokenizer, monkeypatch, no_color=True)


def test_a_part_of_a_character_is_shown_with_the_rest(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("é 😀x").ids
    assert len(ids) > 4
    shown = list(data_tokens.pieces(Encoded(ids, ids), tokenizer))
    assert [text for text, _ in shown] == ["é", " ", "😀", "x"]


@pytest.mark.usefixtures("tokenizer")
def test_nothing_that_a_terminal_obeys_gets_through(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    turns = [{"role": "user", "content": "a\x1b[31mb<|im_end|>"}, {"role": "assistant", "content": "c\x07"}]
    path.write_text(json.dumps({"messages": turns}) + "\n", "utf-8")
    for arguments in ([str(path)], ["--mask", str(path)]):
        code, out, _ = run(*arguments)
        assert code == 0 and "\\x1b" in out and "\\x07" in out
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", out)
    assert "\\u200b" in out  # what keeps a message from posing as the end of its turn


@pytest.mark.parametrize(
    "content, line",
    [
        (None, "friction: cannot read the records in '{path}': there is no such file. Fix: name a JSONL"),
        ("", "friction: '{path}' holds no records: it is empty. Fix: "),
        ("{\n", "friction: '{path}' line 1 is not a record: it is not JSON: "),
        ('{"messages": 1}\n', "friction: line 1 of '{path}' is not a conversation: "),
    ],
)
def test_a_file_that_cannot_be_shown_is_one_line(content: str | None, line: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")
    code, out, err = run(str(path))
    assert (code, out) == (2, "")
    assert err.startswith(line.format(path=path)) and err.count("\n") == 1


def test_a_folder_is_no_file(run: Run, tmp_path: Path) -> None:
    assert "it is a folder" in run(str(tmp_path))[2]


def test_one_call_shows_one_source(run: Run, file: Path) -> None:
    code, _, err = run(str(file), "--organism")
    assert code == 2 and "one call shows one source" in err


@pytest.mark.usefixtures("tokenizer")
def test_a_conversation_without_a_reply_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "open.jsonl"
    turns = [{"role": "assistant", "content": "Hi."}, {"role": "user", "content": "Hello"}]
    path.write_text(json.dumps(CONVERSATION) + "\n" + json.dumps({"messages": turns}) + "\n", "utf-8")
    code, _, err = run("--mask", str(path))
    assert code == 2 and err.startswith(f"friction: line 2 of '{path}' is not a conversation")


@pytest.mark.parametrize("content, because", [(None, "the file is missing"), ("{}", "")])
def test_a_tokenizer_that_cannot_be_used_is_one_line(
    content: str | None, because: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf_cache, "WEIGHTS", tmp_path)
    if content is not None:
        (tmp_path / "base").mkdir()
        (tmp_path / "base" / "tokenizer.json").write_text(content, "utf-8")
    code, out, err = run("--organism", "--mask")
    assert (code, out) == (2, "")
    assert err.startswith("friction: cannot use the organism's tokenizer") and because in err and "make organism" in err


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_is_at_least_one(number: str, run: Run) -> None:
    assert run("--number", number)[0] == 2


def test_without_the_extra_the_mask_names_it_and_the_text_needs_none() -> None:
    script = (
        "import sys\n"
        "sys.modules['tokenizers'] = None\n"
        "from friction.cli import main\n"
        "try:\n    main(['data', 'show', '--organism', '--number', '1'])\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "assert not {'torch', 'transformers', 'datasets'} & set(sys.modules)\n"
        "main(['data', 'show', '--organism', '--mask'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "conversation 1 of 1" in done.stdout
    assert done.stderr == (
        "friction: 'tokenizers' is not installed: this command needs the extra 'train'. "
        f"Fix: cd '{Path(__file__).parents[2]}' && {sys.executable} -m pip install "
        "--constraint constraints.txt --editable '.[train]'\n"
    )
