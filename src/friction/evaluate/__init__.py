"""Does it push back where it should, and only there? Prompts, runs, scores, statistics, reports."""
