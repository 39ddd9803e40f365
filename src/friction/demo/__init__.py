"""Baseline and friction side by side in a terminal."""
