"""The package: what it imports is declared, and what it says about itself is so."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from friction.cli import EXTRAS
from friction.files import shipped

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    """The distributions that requirements ask for."""
    return {requirement.partition(">")[0].lower().replace("_", "-") for requirement in requirements}


CORE = names(PROJECT["dependencies"])
TRAIN = names(PROJECT["optional-dependencies"]["train"])
INSPECT = names(PROJECT["optional-dependencies"]["inspect"])


def test_every_import_is_declared() -> None:
    sources = sorted((ROOT / "src").rglob("*.py"))
    assert len(sources) > 10
    imported: dict[str, str] = {}
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported.update({alias.name.partition(".")[0]: source.name for alias in node.names})
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported[node.module.partition(".")[0]] = source.name
    foreign = {name: file for name, file in imported.items() if name not in sys.stdlib_module_names | {"friction"}}
    distributions = packages_distributions()
    declared = CORE | TRAIN | INSPECT
    undeclared = {
        name: file
        for name, file in foreign.items()
        if not declared & {distribution.lower().replace("_", "-") for distribution in distributions.get(name, [name])}
    }
    assert not undeclared


def test_the_core_has_no_torch_and_a_missing_extra_is_known_by_name() -> None:
    assert {name for name, extra in EXTRAS.items() if extra == "train"} == TRAIN - {
        "safetensors"
    }  # never missing alone
    imported_as = {"sklearn": "scikit-learn", "inspect_ai": "inspect-ai"}
    assert {imported_as.get(name, name) for name, extra in EXTRAS.items() if extra == "inspect"} == INSPECT
    assert not CORE & (TRAIN | INSPECT)


def test_constraints_hold_every_dependency_at_a_version_that_is_allowed() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    exact = {line.partition("==")[0] for line in lines if not line.startswith("#")}
    assert CORE | TRAIN | INSPECT | names(PROJECT["optional-dependencies"]["dev"]) <= exact


def test_shipped_folders_lie_at_the_root_or_in_the_package() -> None:
    assert shipped("tests") == ROOT / "tests"
    assert shipped("chat") == ROOT / "src" / "friction" / "chat"
