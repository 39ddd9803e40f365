"""`friction data`: look at the data that teaches friction, check it, and work on it pair by pair."""

import typer

from friction.cli import NOUNS, data_generate, data_look, data_pairs

app = typer.Typer(help=NOUNS["data"], no_args_is_help=True)


@app.callback()
def data() -> None:
    """Look at the data that teaches friction, check it, work on it."""


for command in (
    *(data_look.show, data_look.stats, data_look.validate),
    *(data_pairs.dedup, data_pairs.split, data_pairs.micro, data_pairs.merge, data_pairs.export, data_pairs.card),
    data_generate.generate,
):
    app.command()(command)
app.command(name="import")(data_pairs.import_)
