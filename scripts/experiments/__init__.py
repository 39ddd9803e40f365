"""The experiments on the organism: `python -m scripts.experiments` (or `make experiments`) makes docs/experiments.md."""
