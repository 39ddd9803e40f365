"""`friction eval`: ask both arms the same, and say what came of it."""

import typer

from friction.cli import NOUNS, eval_judge, eval_report, eval_run

app = typer.Typer(help=NOUNS["eval"], no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Ask the baseline and the friction model the same, and say what came of it."""


app.command()(eval_run.run)
app.command()(eval_run.dial)
for command in (eval_report.report, eval_report.compare, eval_report.gate, eval_report.suites):
    app.command()(command)
app.command()(eval_judge.judge)
