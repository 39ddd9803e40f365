"""Public benchmarks, read as their authors publish them, each with its authors' own headline figures."""

from friction.evaluate.benchmarks.benchmark import Benchmark, Source
from friction.evaluate.benchmarks.registry import BENCHMARKS, find_benchmark, read_benchmark

__all__ = ["BENCHMARKS", "Benchmark", "Source", "find_benchmark", "read_benchmark"]
