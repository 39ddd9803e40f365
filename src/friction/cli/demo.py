"""friction demo: baseline and friction side by side."""

from typing import Annotated

import typer

app = typer.Typer(help="Watch the baseline and the friction model answer side by side.")


@app.command()
def demo(  # pylint: disable=too-many-arguments,too-many-positional-arguments
    prompts: Annotated[
        list[str] | None, typer.Argument(metavar="[PROMPT]...", help="What to ask; without any, a selection of twins.")
    ] = None,
    friction: Annotated[
        float, typer.Option("--friction", help="The dial, 0 to 1.5: 0 is the baseline, 1 the trained model.")
    ] = 1.0,
    move: Annotated[str | None, typer.Option("--move", help="Only this move's twins.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which twins are chosen, and how tokens are drawn.")] = 0,
    temperature: Annotated[
        float, typer.Option("--temperature", help="0 takes the likeliest token; up to 2, chance decides more.")
    ] = 0.0,
    no_think: Annotated[
        bool,
        typer.Option(
            "--no-think", help="Do not show the thinking (with --json, leave it empty); the model thinks all the same."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per prompt, and nothing else.")] = False,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            "--engine",
            help="Who answers: embedded, gguf:MODEL[+ADAPTER], ollama:NAME or openai:MODEL@URL. "
            "Given twice: baseline, then friction.",
            show_default="embedded",
        ),
    ] = None,
) -> None:
    """Watch the baseline and the friction model answer side by side.

    Without a prompt it shows twins (pushback due, not due) and a scoreboard, and then takes your own prompts.
    """
    from friction.demo.command import Options, run_demo

    run_demo(
        Options(
            prompts=tuple(prompts or ()),
            dial=friction,
            move=move,
            seed=seed,
            temperature=temperature,
            thinking=not no_think,
            as_json=as_json,
            engines=tuple(engine or ("embedded",)),
        )
    )
