"""Rates with intervals, detection theory, paired comparisons: pure functions of numbers."""
