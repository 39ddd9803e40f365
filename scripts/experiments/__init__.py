"""The experiments on the organism: `python -m scripts.experiments` makes docs/experiments.md."""
