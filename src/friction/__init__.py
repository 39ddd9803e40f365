"""Friction: language models that push back when pushback is due, and only then."""
