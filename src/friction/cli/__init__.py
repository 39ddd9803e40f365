"""The command line: one file per noun, loaded when it is called for."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from friction.errors import FrictionError

NOUNS = {
    "demo": "Watch the baseline and the friction model answer side by side.",
    "organism": "Look at the embedded model: its world, its numbers, how it is made.",
    "train": "Train an adapter from a recipe.",
    "data": "Look at the data that teaches friction, check it, work on it.",
    "eval": "Ask the baseline and the friction model the same, and say what came of it.",
    "score": "Say what the replies in any JSONL or CSV file do: which moves, whether they agree.",
}
"""Each noun and its help. Its commands are the ``app`` of the module of the same name, which repeats the help."""

EXTRAS = {
    package: extra
    for extra, packages in (
        ("train", ("torch", "transformers", "tokenizers", "trl", "peft", "bitsandbytes", "accelerate", "datasets")),
        ("inspect", ("inspect_ai", "pyarrow", "sklearn", "mlcroissant")),
    )
    for package in packages
}
"""Packages that the light core goes without, and the extra that brings each."""


class LazyGroup(TyperGroup):
    """Knows all nouns by name, and imports the one that is called: help and start stay fast."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for noun, text in NOUNS.items():
            self.add_command(TyperCommand(noun, help=text))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command behind a noun: its module is imported here."""
        noun, command, rest = super().resolve_command(ctx, args)
        if noun in NOUNS:
            command = get_command(import_module(f"friction.cli.{noun}").app)
        return noun, command, rest


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"friction {version('friction-lm')}")
        raise typer.Exit()


@app.callback()
def friction(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Language models that push back when pushback is due, and only then."""


def main(args: Sequence[str] | None = None) -> None:
    """Run a command and leave: 0 when it did what was asked, 2 when a person can mend why not, 130 after Ctrl-C."""
    try:
        app(args=args, prog_name="friction")
    except FrictionError as error:
        _fail(error)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        _fail(
            FrictionError(
                problem=f"'{package}' is not installed",
                because=f"this command needs the extra '{EXTRAS[package]}'",
                fix=_install(EXTRAS[package]),
            )
        )
    except OSError as error:
        _fail(
            FrictionError(
                problem=f"cannot use '{error.filename}'" if error.filename else "cannot read or write a file",
                because=error.strerror or str(error),
                fix="check that the path exists, that it is yours to use, and that the disk is not full",
            )
        )


def _install(extra: str) -> str:
    """The command that brings an extra to the Python that runs this: from the repository, where it runs from there."""
    pip = f"{sys.executable} -m pip install"
    root = Path(__file__).parents[3]
    if (root / "constraints.txt").is_file():
        return f"cd '{root}' && {pip} --constraint constraints.txt --editable '.[{extra}]'"
    return f"{pip} 'friction-lm[{extra}]'"


def _fail(error: FrictionError) -> None:
    print(f"friction: {error}", file=sys.stderr)
    sys.exit(2)
