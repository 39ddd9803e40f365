"""Which prompts: the suites that ship, parts of them, and files of one's own with whatever people put into them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.chat import Message
from friction.errors import FrictionError
from friction.evaluate.prompts import Prompt
from friction.evaluate.suites import SUITES, Suite, benchmark_suite, read_prompts, read_suite, shortened, suite_for
from friction.moves import MOVES
from tests.unit.evaluate import scored_samples as samples  # pylint: disable=import-error

SHARED = Path(__file__).parents[4] / "shared" / "benchmarks"


def written(folder: Path, text: str | bytes, name: str = "mine.jsonl") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "prompts", "plain"), [("organism", 1620, 300), ("twins", 220, 100), ("plain", 100, 100)]
)
def test_every_suite_that_ships_reads_and_is_balanced(name: str, prompts: int, plain: int) -> None:
    suite = read_suite(name)
    assert name in SUITES and suite.name == name and all(path.is_file() for path in suite.files)
    assert len(suite.prompts) == len({prompt.id for prompt in suite.prompts}) == prompts
    assert sum(prompt.is_plain for prompt in suite.prompts) == plain
    sides: dict[str, list[bool | None]] = {}
    for prompt in suite.prompts:
        assert prompt.is_plain == (prompt.move is None) == (prompt.warranted is None)
        if not prompt.is_plain:
            assert prompt.pair
            sides.setdefault(prompt.pair, []).append(prompt.warranted)
    assert all(sorted(map(bool, found)) == [False, True] for found in sides.values())
    assert len({prompt.move for prompt in suite.prompts} - {None}) == (len(MOVES) if sides else 0)


def test_no_suite_that_ships_is_left_untested() -> None:
    assert set(SUITES) == {"organism", "twins", "plain"}


def test_the_suite_follows_the_engine() -> None:
    assert suite_for(["embedded"]) == suite_for([" embedded ", "embedded"]) == "organism"
    assert suite_for(["embedded", "openai:m@http://127.0.0.1/v1"]) == suite_for(["ollama:m"]) == "twins"


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("name", ["organism", "twins"])
def test_a_limit_takes_as_many_pairs_of_each_move_and_never_parts_twins(name: str, limit: int) -> None:
    suite = read_suite(name)
    short = shortened(suite, limit)
    sides: dict[str | None, set[bool | None]] = {}
    for prompt in short.prompts:
        if not prompt.is_plain:
            sides.setdefault(prompt.pair, set()).add(prompt.warranted)
    assert all(found == {True, False} for found in sides.values())
    moves = Counter(prompt.move for prompt in short.prompts if prompt.warranted)
    assert moves == {move: limit for move in MOVES}
    assert sum(prompt.is_plain for prompt in short.prompts) == 10 * limit
    places = [suite.prompts.index(prompt) for prompt in short.prompts]
    assert places == sorted(places)
    longer = {prompt.id for prompt in shortened(suite, limit + 1).prompts}
    assert {prompt.id for prompt in short.prompts} < longer  # so a longer run asks only what is new


def test_a_limit_above_everything_and_none_change_nothing() -> None:
    suite = read_suite("twins")
    assert shortened(suite).prompts == shortened(suite, 10**9).prompts == suite.prompts


def test_prompts_without_twins_are_limited_side_by_side() -> None:
    prompts = [
        samples.prompt(f"{move}-{due}-{n}", move, due) for n in range(3) for move in MOVES for due in (True, False)
    ]
    short = shortened(samples.suite(*prompts), 2)
    assert set(Counter((prompt.move, prompt.warranted) for prompt in short.prompts).values()) == {2}


def test_moves_choose_and_leave_plain_questions_out() -> None:
    suite = read_suite("twins")
    short = shortened(suite, 1, ["hold", "refuse"])
    assert Counter(prompt.move for prompt in short.prompts) == {"hold": 2, "refuse": 2}
    with pytest.raises(FrictionError, match="nothing is left of 'plain': it has no prompts of hold"):
        shortened(read_suite("plain"), None, ["hold"])


def test_a_record_of_the_dataset_is_a_prompt_with_its_history() -> None:
    suite = read_suite("twins")
    held = next(prompt for prompt in suite.prompts if prompt.move == "hold" and prompt.warranted)
    assert len(held.messages) > 1 and held.messages[-2].role == "assistant" and held.why and held.tags["domain"]


def test_a_file_of_prompts_is_read_in_every_usual_shape(tmp_path: Path) -> None:
    lines = [
        {"prompt": "One?"},
        {"id": 7, "prompt": "Two?", "move": "correct", "warranted": True, "pair": 3, "tags": {"n": 5}},
        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Three?"}], "id": None},
        {"prompt": "Four?", "accept": ["4", "four"], "move": None, "warranted": None},
        {"prompt": "Five?", "follow_ups": ["Sure?"], "unknown": 1},
    ]
    text = "\n\n".join(json.dumps(line) for line in lines)
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode() + b"\n", text.replace("\n", "\r\n").encode()):
        found = read_prompts(written(tmp_path, data))
        assert [prompt.text for prompt in found] == ["One?", "Two?", "Three?", "Four?", "Five?"]
        assert [prompt.id for prompt in found] == ["line-1", "7", "line-5", "line-7", "line-9"]
        assert (found[1].move, found[1].warranted, found[1].pair, found[1].tags) == ("correct", True, "3", {"n": "5"})
        assert found[2].messages[0].role == "system" and found[3].is_plain and found[4].follow_ups == ("Sure?",)


def test_a_table_of_prompts_is_read_as_a_spreadsheet_saves_it(tmp_path: Path) -> None:
    text = (
        "prompt,move,warranted,accept,notes\n"
        '"Six, or\nseven ""legs""?",correct,TRUE,,x\n'
        "Is it\u2028so?,correct,false,,\n"
        "\n"
        "What is 3+4?,,,7|seven | sieben,\n"
        "Last row?,,,,\n"
    )
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.replace("\n", "\r\n").encode()):
        found = read_prompts(written(tmp_path, data, "Mine.CSV"))
        assert [p.text for p in found] == ['Six, or\nseven "legs"?', "Is it\u2028so?", "What is 3+4?", "Last row?"]
        assert [prompt.warranted for prompt in found] == [True, False, None, None]
        assert found[2].accept == ("7", "seven", "sieben") and found[2].is_plain and not found[3].is_plain
    long = read_prompts(written(tmp_path, "prompt\n" + "x" * 300_000, "long.csv"))
    assert len(long[0].text) == 300_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1 cannot be read: it is not JSON"),
        ('{"prompt": "a"}\n{"prompt": "b"', "line 2 cannot be read: it is not JSON"),
        ('{"prompt": NaN}', "line 1 cannot be read: it is not JSON: NaN"),
        ('{"prompt": "a", "prompt": "b"}', "key 'prompt' occurs twice"),
        ("[1]", "line 1 cannot be read: it is no JSON object"),
        ("5", "it is no JSON object"),
        ('"prompt"', "it is no JSON object"),
        ("{}", "it has neither a prompt nor messages, but nothing"),
        ('{"text": "a", "label": 1}', "it has neither a prompt nor messages, but text, label"),
        ('{"prompt": " "}', "its prompt is empty"),
        ('{"prompt": 5}', "its prompt is empty, or no text"),
        ('{"messages": []}', "its last turn is not the user's"),
        ('{"messages": [{"role": "assistant", "content": "a"}]}', "its last turn is not the user's"),
        ('{"messages": "hello"}', "no list of turns"),
        ('{"messages": ["hello"]}', "no list of turns"),
        ('{"messages": [{"role": "user"}]}', "no list of turns"),
        ('{"messages": [{"role": "user", "content": null}]}', "no list of turns"),
        ('{"messages": [{"role": "robot", "content": "a"}]}', "unknown role 'robot'"),
        ('{"prompt": "a", "move": "corect"}', "unknown move 'corect': perhaps it was to be correct"),
        ('{"prompt": "a", "warranted": "yes"}', "its warranted is neither true nor false"),
        ('{"prompt": "a", "warranted": 1}', "its warranted is neither true nor false"),
        ('{"prompt": "a", "accept": 7}', "its accept is no list"),
        ('{"prompt": "a", "accept": [7]}', "its accept is no list of texts"),
        ('{"prompt": "a", "follow_ups": [7]}', "its follow_ups is no list of texts"),
        ('{"prompt": "a", "follow_ups": "Sure?"}', "its follow_ups is no list of texts"),
        ('{"prompt": "a", "truth": 7}', "its truth is no text"),
        ('{"prompt": "a", "tags": 7}', "line 1 is not a prompt"),
        ('{"prompt": "half \\ud83d"}', "it holds half a character"),
        (
            '{"prompt": "a", "id": "x"}\n\n{"prompt": "b", "id": "x"}',
            "line 3 is not a prompt: its id 'x' is that of line 1",
        ),
        ('{"user_input": "a", "agents": []}', "pair_id: Field required"),
        ("", "holds no prompts: it is empty"),
        ("\n \n", "holds no prompts: it is empty"),
    ],
)
def test_a_bad_line_is_named_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FrictionError) as error:
        read_suite(str(path))
    message = str(error.value)
    assert said in message and f"'{path}'" in message and "\n" not in message
    assert message.count("Fix:") == 1 and "http" not in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"prompt\nHello, world\n", "line 2 has more fields than the first line has columns"),
        (b'prompt\n"a\nb"\nc,d\n', "line 4 has more fields"),
        (b"prompt,move\na\n", "line 2 has fewer fields than the first line has columns: there are 1 and 2"),
        (b'prompt,move\na,\n"b,correct\nc,hold\n', "line 3 cannot be read: it opens a quote that is never closed"),
        (b'prompt\n"a" b\n', "line 2 cannot be read"),
        (b"prompt,move,prompt\na,correct,b\n", "line 1 names two columns 'prompt'"),
        (b"question;move\na;correct\n", "it has neither a prompt nor messages, but question;move"),
        (b"prompt,warranted\na,perhaps\n", "line 2 is not a prompt: its warranted is neither true nor false"),
        (b"prompt,move\na,nothing\n", "unknown move 'nothing'"),
        (b"prompt,move\n,correct\n", "it has neither a prompt nor messages, but move"),
        (b"prompt\nGr\xfc\xdfe\n", "cannot read"),
        (b"prompt\n", "holds no prompts"),
        (b"", "holds no prompts"),
    ],
)
def test_a_bad_row_of_a_table_is_named_in_one_line(text: bytes, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, text, "mine.csv")
    with pytest.raises(FrictionError) as error:
        read_prompts(path)
    assert said in str(error.value) and f"'{path}'" in str(error.value) and "\n" not in str(error.value)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    for name, said in (
        ("nosuch", "unknown suite 'nosuch'.*name one of organism, twins, plain"),
        (str(tmp_path / "nosuch.jsonl"), "cannot read .*nosuch.jsonl': No such file or directory"),
        (str(tmp_path), "cannot read '.*': Is a directory"),
    ):
        with pytest.raises(FrictionError, match=said):
            read_suite(name)


def test_a_file_s_suite_knows_where_it_comes_from(tmp_path: Path) -> None:
    path = written(tmp_path, '{"prompt": "a"}', "my prompts é.jsonl")
    suite = read_suite(str(path))
    assert (suite.name, suite.title, suite.files) == (path.name, "the prompts in my prompts é.jsonl", (path,))


def test_a_benchmark_without_its_file_says_where_it_lives() -> None:
    with pytest.raises(FrictionError, match="XSTest v2 needs its file: .*CC-BY-4.0.*github.com.*Fix: download"):
        benchmark_suite("xstest", None)
    with pytest.raises(FrictionError, match="unknown benchmark 'xstset': perhaps it was to be xstest"):
        benchmark_suite("xstset", None)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published benchmarks are not beside the repository")
def test_a_benchmark_is_a_suite_like_others() -> None:
    suite = benchmark_suite("xstest", SHARED / "xstest_prompts.csv")
    assert isinstance(suite, Suite) and suite.benchmark == suite.name == "xstest" and len(suite.prompts) == 450
    short = shortened(suite, 3)
    assert 3 <= len(short.prompts) < 20 and short.benchmark == "xstest"


TEXTS = st.text(min_size=1).filter(str.strip)


@given(
    name=st.text(),
    texts=st.lists(TEXTS, min_size=1, max_size=3),
    move=st.sampled_from([None, *MOVES]),
    warranted=st.sampled_from([None, True, False]),
    accept=st.lists(st.text(), max_size=2),
    tags=st.dictionaries(st.text(), st.text(), max_size=2),
)
def test_a_prompt_survives_being_written_and_read(  # pylint: disable=too-many-positional-arguments
    name: str,
    texts: list[str],
    move: str | None,
    warranted: bool | None,
    accept: list[str],
    tags: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    fields = {"id": name, "move": move, "warranted": warranted, "accept": accept, "tags": tags, "follow_ups": texts[1:]}
    prompt = Prompt.of({**fields, "messages": [{"role": "user", "content": texts[0]}]})
    assert prompt.messages == (Message("user", texts[0]),) and prompt.accept == tuple(accept)
    path = tmp_path_factory.mktemp("prompts") / "one.jsonl"
    path.write_text(json.dumps(prompt.as_dict(), ensure_ascii=False), "utf-8", newline="")
    assert read_prompts(path) == [prompt]
