"""The judge: a model that says what rules cannot see, such as tone, and whether a correction is right."""
