"""The journal: what was put is there after any kill, what was cut off is as if never written."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.errors import FrictionError
from friction.journal import NAME, Journal

VALUES = {"a": [1, None, 2.5], "b/é\u2028": {"text": "a\u2028b\x85c\r\nd \x00 🙂"}, "c": "", "d": False}


def filled(folder: Path) -> bytes:
    """A journal's file with the values in it."""
    journal = Journal(folder, {"seed": 1})
    for key, value in VALUES.items():
        journal.put(key, value)
    journal.close()
    return (folder / NAME).read_bytes()


def held(folder: Path) -> dict[str, object]:
    """What a journal holds when it is opened again."""
    journal = Journal(folder, {"seed": 1})
    found = dict(journal.under())
    journal.close()
    found.pop("settings")
    return found


def test_what_was_put_is_there_in_every_later_start(tmp_path: Path) -> None:
    filled(tmp_path)
    for _ in range(2):
        assert held(tmp_path) == VALUES


@pytest.mark.parametrize("tail", [b"", b'{"key": "e", "val', b'{"key": "e", "value": "\xc3', b"\x00\xff"])
def test_cut_anywhere_it_holds_what_was_whole_and_can_be_gone_on_with(tail: bytes, tmp_path: Path) -> None:
    data = filled(tmp_path)
    for end in (data.index(b"\n") + 1, len(data) // 2, len(data) - 1, len(data)):
        (tmp_path / NAME).write_bytes(data[:end] + (tail if end == len(data) else b""))
        whole = [json.loads(line) for line in data[:end].decode(errors="replace").split("\n")[1:-1]]
        assert held(tmp_path) == {entry["key"]: entry["value"] for entry in whole}
        journal = Journal(tmp_path, {"seed": 1})
        journal.put("new", "after the cut")
        journal.close()
        assert held(tmp_path)["new"] == "after the cut" and len(held(tmp_path)) == len(whole) + 1


def test_a_line_that_was_damaged_is_named_and_nothing_is_lost_in_silence(tmp_path: Path) -> None:
    lines = filled(tmp_path).split(b"\n")
    for broken in (b"{", b"[]", b"{}", b'{"key": "a"}', b"\xff", b""):
        (tmp_path / NAME).write_bytes(b"\n".join([*lines[:2], broken, *lines[3:]]))
        with pytest.raises(FrictionError, match="is damaged: line 3 is not an entry"):
            Journal(tmp_path, {"seed": 1})
    (tmp_path / NAME).write_bytes(b"\n".join([*lines[:2], *lines[3:]]))  # the error says to remove it
    assert set(held(tmp_path)) == set(VALUES) - {json.loads(lines[2])["key"]}


def test_other_settings_are_refused_with_the_one_that_differs(tmp_path: Path) -> None:
    Journal(tmp_path, {"seed": 1, "words": ["a"]}, work="evaluation").close()
    for settings, said in (
        ({"seed": 2, "words": ["a"]}, "its seed is 1, not 2"),
        ({"seed": 1, "words": []}, r"its words is \['a'\], not \[\]"),
        ({"seed": 1}, r"its words is \['a'\], not None"),
        ({"seed": 1, "words": ["a"], "more": 0}, "its more is None, not 0"),
    ):
        with pytest.raises(FrictionError, match=f"holds another evaluation: {said}"):
            Journal(tmp_path, settings, work="evaluation")
    Journal(tmp_path, {"words": ["a"], "seed": 1}, work="evaluation").close()


def test_one_at_a_time_and_whoever_was_refused_harms_nobody(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    first = Journal(tmp_path, {})
    for _ in range(2):
        with pytest.raises(FrictionError, match="another evaluation is at work in"):
            Journal(tmp_path, {}, work="evaluation")
    first.put("a", 1)
    first.close()
    second = Journal(tmp_path, {})
    assert second.get("a") == 1
    second.close()


def test_what_comes_after_the_end_is_not_kept_and_is_no_error(tmp_path: Path) -> None:
    journal = Journal(tmp_path, {})
    journal.close()
    journal.put("late", 1)
    assert journal.get("late") is None
    journal.close()


def test_many_threads_put_whole_lines(tmp_path: Path) -> None:
    journal = Journal(tmp_path, {"seed": 1})

    def work(worker: int) -> None:
        for number in range(10):
            journal.put(f"{worker}/{number}", "x" * 5000)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert set(held(tmp_path)) == {f"{worker}/{number}" for worker in range(6) for number in range(10)}


@given(values=st.dictionaries(st.text(), st.text(max_size=9), min_size=1, max_size=4))
def test_every_key_and_value_comes_back(values: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    values.pop("settings", None)
    folder = tmp_path_factory.mktemp("journal")
    Journal(folder, {"seed": 1}).close()
    for key, value in values.items():
        journal = Journal(folder, {"seed": 1})
        journal.put(key, value)
        journal.close()
    assert held(folder) == values
