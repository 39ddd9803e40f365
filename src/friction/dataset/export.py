"""Records in the forms that other tools read."""

from __future__ import annotations

import difflib
import json
from itertools import chain
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from friction.chat import Message, with_thinking
from friction.errors import FrictionError
from friction.files import whole_file
from friction.record import Record

Row = dict[str, Any]


def _turns(conversation: Iterable[Message]) -> list[Row]:
    """Turns as chat templates take them, with the thinking inside the content, where every template carries it."""
    return [{"role": m.role, "content": with_thinking(m)} for m in conversation]


def messages(record: Record) -> Row:
    """A conversation that ends with the good reply."""
    return {"messages": _turns(record.messages()), **_origin(record)}


def prompt_completion(record: Record) -> Row:
    """What is asked, and the good reply apart."""
    *before, reply = _turns(record.messages())
    return {"prompt": before, "completion": [reply], **_origin(record)}


def preference(record: Record) -> Row:
    """What is asked, the good reply and the rejected one, both in one form: thinking, then an answer."""
    *before, chosen = _turns(record.messages())
    rejected = _turns(record.messages(rejected=True))[-1]
    return {"prompt": before, "chosen": [chosen], "rejected": [rejected], **_origin(record)}


def alpaca(record: Record) -> Row:
    """An instruction with its output; earlier turns as pairs in ``history``, as LLaMA-Factory reads them."""
    *before, reply = _turns(record.messages())
    history = [[before[at]["content"], before[at + 1]["content"]] for at in range(0, len(before) - 1, 2)]
    return {"instruction": before[-1]["content"], "input": "", "output": reply["content"], "history": history}


def sharegpt(record: Record) -> Row:
    """Turns under ``conversations``, as ``from`` and ``value``."""
    names = {"user": "human", "assistant": "gpt"}
    turns = [{"from": names[turn["role"]], "value": turn["content"]} for turn in _turns(record.messages())]
    return {"conversations": turns, **_origin(record)}


def flat(record: Record) -> Row:
    """The record as columns: every field of its own, nothing left out."""
    row: Row = json.loads(record.model_dump_json())
    row.update({f"metadata_{name}": value for name, value in row.pop("metadata").items()})
    return row


FORMS: dict[str, Callable[[Record], Row]] = {
    "messages": messages,
    "prompt-completion": prompt_completion,
    "preference": preference,
    "parquet": flat,
    "alpaca": alpaca,
    "sharegpt": sharegpt,
}
"""The forms by name; parquet is a file of columns, the others are JSON Lines."""


def _origin(record: Record) -> Row:
    """What one needs to find the record again, and to weigh or leave out a side."""
    return {"id": record.id, "pair_id": record.pair_id, "warranted": record.warranted, "move": record.metadata.move}


def export_records(form: str, records: Iterable[Record], path: Path) -> int:
    """Writes the records in a form and returns how many rows there are. The file appears complete or not at all.

    Raises:
        FrictionError: There is no such form, or nothing to write.
        ModuleNotFoundError: Parquet needs pyarrow.
    """
    if form not in FORMS:
        close = difflib.get_close_matches(form, FORMS, n=1)
        raise FrictionError(
            problem=f"unknown format '{form}'",
            because=f"perhaps it was to be {close[0]}" if close else "there is no such format",
            fix=f"name one of {', '.join(FORMS)}",
        )
    records = iter(records)
    first = next(records, None)
    if first is None:
        raise FrictionError(problem="there is nothing to export", because="the input is empty", fix="name another file")
    rows = (FORMS[form](record) for record in chain([first], records))
    return _write_parquet(path, rows) if form == "parquet" else _write_lines(path, rows)


def _write_lines(path: Path, rows: Iterator[Row]) -> int:
    count = 0
    with whole_file(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _write_parquet(path: Path, rows: Iterator[Row]) -> int:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(list(rows), schema=_schema(pyarrow))
    with whole_file(path) as file:
        pyarrow.parquet.write_table(table, file)
    return int(table.num_rows)


def _schema(pa: Any) -> Any:
    """The columns' types, said once: an empty history must not become a column of nulls."""
    text = pa.string()
    turn = pa.struct([("role", text), ("content", text)])
    moment = pa.struct([("type", text), ("quote", text)])
    agent = pa.struct([("agent_type", text), ("thought_stream", text), ("friction_moments", pa.list_(moment))])
    call = pa.struct([("step", text), ("seed", pa.int64()), ("tokens", pa.int64()), ("seconds", pa.float64())])
    meta = ("move", "domain", "difficulty", "language", "focus", "source", "license", "created", "notes")
    return pa.schema(
        [
            ("id", text),
            ("pair_id", text),
            ("warranted", pa.bool_()),
            ("history", pa.list_(turn)),
            ("user_input", text),
            ("agents", pa.list_(agent)),
            ("final_answer", text),
            ("rejected", text),
            ("rejected_thinking", text),
            *((f"metadata_{name}", text) for name in meta),
            ("metadata_calls", pa.list_(call)),
        ]
    )
