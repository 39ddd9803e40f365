"""Training adapters: a recipe in, a run folder out."""
