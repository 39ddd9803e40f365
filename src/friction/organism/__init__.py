"""The model organism: a small world of facts, and the small language model that is trained on it from scratch."""
