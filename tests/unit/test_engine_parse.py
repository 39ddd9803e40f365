"""Engine strings."""

from pathlib import Path

import pytest

from friction.engine.embedded import EmbeddedPair
from friction.engine.gguf_file import GgufFile
from friction.engine.ollama import Ollama
from friction.engine.openai_server import OpenAIServer
from friction.engine.parse import open_engine
from friction.errors import FrictionError


@pytest.mark.parametrize(
    "spec, kind, name, has_dial",
    [
        ("embedded", EmbeddedPair, "embedded", True),
        (" embedded ", EmbeddedPair, "embedded", True),
        ("gguf:m.gguf", GgufFile, "gguf:m.gguf", False),
        ("gguf:m.gguf+a.gguf", GgufFile, "gguf:m.gguf+a.gguf", True),
        ("gguf:c++/m.gguf+a+b.gguf", GgufFile, "gguf:c++/m.gguf+a+b.gguf", True),
        ("gguf:blob+adapter", GgufFile, "gguf:blob+adapter", True),
        ("ollama:qwen3:8b", Ollama, "ollama:qwen3:8b", False),
        ("openai:m@http://localhost:1/v1", OpenAIServer, "openai:m@http://localhost:1/v1", False),
        ("openai:o/m@2@https://u:p@h/v1", OpenAIServer, "openai:o/m@2@https://u:p@h/v1", False),
        ("openai:friction@http://localhost:1/v1", OpenAIServer, "openai:friction@http://localhost:1/v1", True),
        ("openai:friction@0.5@http://localhost:1", OpenAIServer, "openai:friction@0.5@http://localhost:1", False),
    ],
)
def test_a_string_names_an_engine(spec: str, kind: type, name: str, has_dial: bool) -> None:
    engine = open_engine(spec)
    assert isinstance(engine, kind)
    assert (engine.name, engine.has_dial) == (name, has_dial)


def test_a_plus_in_the_name_of_a_file_that_is_there_parts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a+b"
    file.write_bytes(b"")
    assert open_engine(f"gguf:{file}").name == f"gguf:{file}"


@pytest.mark.parametrize(
    "spec, because",
    [
        ("embeded", "perhaps it was to be embedded"),
        ("olama:qwen3", "perhaps it was to be ollama:NAME"),
        ("OpenAI:m@http://h", "perhaps it was to be openai:MODEL@URL"),
        ("banana", "there is no such kind"),
        ("", "there is no such kind"),
        ("embedded:x", "this kind is written embedded"),
        ("ollama:", "this kind is written ollama:NAME"),
        ("gguf", "this kind is written gguf:"),
        ("openai:model", "no address behind an @"),
        ("openai:model@localhost:8000", "no address behind an @"),
        ("hf:Qwen/Qwen3-8B", "not built yet"),
        ("run:runs/1", "not built yet"),
    ],
)
def test_what_names_none_says_why_and_what_there_is(spec: str, because: str) -> None:
    with pytest.raises(FrictionError) as error:
        open_engine(spec)
    assert f"'{spec}'" in error.value.problem
    assert because in error.value.because
    if "@" not in error.value.because:
        assert all(kind in error.value.fix for kind in ("embedded", "gguf:", "ollama:", "openai:"))
