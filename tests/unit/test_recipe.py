"""Recipes: strict, and wrong ones are explained at once."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from friction.errors import FrictionError
from friction.files import shipped
from friction.train.recipe import Lora, Optimizer, Recipe, load_recipe

RECIPES = sorted(shipped("recipes").rglob("*.yaml"))
EXAMPLE = shipped("recipes") / "organism.yaml"


def changed(folder: Path, change: Any) -> Path:
    """The organism's recipe with a change."""
    data = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    change(data)
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    return path


def explanation(path: Path) -> str:
    """Why a recipe is not valid."""
    with pytest.raises(FrictionError) as caught:
        load_recipe(path)
    assert str(path) in caught.value.problem
    return caught.value.because


def test_there_are_recipes() -> None:
    assert len(RECIPES) > 0
    assert EXAMPLE in RECIPES


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_every_recipe_is_valid_and_says_what_it_is(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.model_dump() == yaml.safe_load(path.read_text("utf-8"))
    text = path.read_text("utf-8")
    assert text.startswith("# ")
    assert f"friction train run recipes/{path.relative_to(shipped('recipes')).as_posix()}" in text


def test_the_resolved_recipe_is_a_recipe_again(tmp_path: Path) -> None:
    recipe = load_recipe(EXAMPLE)
    path = tmp_path / "recipe.yaml"
    path.write_text(yaml.safe_dump(recipe.model_dump(), sort_keys=False), "utf-8")
    assert load_recipe(path) == recipe


@pytest.mark.parametrize(
    "change, expected",
    [
        (lambda data: data.update(batchsize=8), "'batchsize' is not a field (did you mean 'batch_size'?)"),
        (lambda data: data.update(Steps=8), "'Steps' is not a field (did you mean 'steps'?)"),
        (lambda data: data["lora"].update(rnak=8), "'lora.rnak' is not a field (did you mean 'rank'?)"),
        (
            lambda data: data["optimizer"].update(learning_rte=8),
            "'optimizer.learning_rte' is not a field (did you mean 'learning_rate'?)",
        ),
        (lambda data: data.update(zzz=8), "'zzz' is not a field"),
    ],
)
def test_an_unknown_field_gets_a_suggestion(change: Any, expected: str, tmp_path: Path) -> None:
    assert explanation(changed(tmp_path, change)) == expected


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["stpes"] = 8
        data["rows"] = 0
        data["quantization"] = "nf5"
        data["optimizer"]["learning_rate"] = "fast"
        del data["seed"]
        del data["lora"]["rank"]

    because = explanation(changed(tmp_path, change))
    for field in ("'stpes'", "'rows'", "'quantization'", "'optimizer.learning_rate'", "'seed'", "'lora.rank'"):
        assert because.count(field) == 1 or field == "'stpes'", because
    assert because.count("; ") == 5


@pytest.mark.parametrize("model", [Recipe, Lora, Optimizer])
def test_every_field_has_to_be_there(model: type[BaseModel]) -> None:
    assert all(field.is_required() for field in model.model_fields.values())


@pytest.mark.parametrize(
    "field, value",
    [("rows", 0), ("steps", -1), ("batch_size", 1.5), ("max_length", "long"), ("bf16", "perhaps"), ("seed", None)],
)
def test_a_value_out_of_range_is_named(field: str, value: Any, tmp_path: Path) -> None:
    assert explanation(changed(tmp_path, lambda data: data.update({field: value}))).startswith(f"'{field}': ")


@pytest.mark.parametrize(
    "field, value", [("learning_rate", 0), ("learning_rate", 1), ("max_grad_norm", 0), ("warmup_steps", -1)]
)
def test_an_optimizer_s_value_out_of_range_is_named(field: str, value: Any, tmp_path: Path) -> None:
    path = changed(tmp_path, lambda data: data["optimizer"].update({field: value}))
    assert explanation(path).startswith(f"'optimizer.{field}': ")


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(FrictionError, match="cannot read the recipe '.*none.yaml': No such file.* Fix: "):
        load_recipe(tmp_path / "none.yaml")


@pytest.mark.parametrize("content", [b"name: [", b"\tname: x", b"name: \xff\xfe"])
def test_what_is_not_yaml_is_said(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(FrictionError, match="cannot read the recipe '.*bad.yaml'"):
        load_recipe(path)


@pytest.mark.parametrize("text", ["", "- name", "just words"])
def test_yaml_that_is_no_recipe_is_one_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(text, "utf-8")
    assert explanation(path)
