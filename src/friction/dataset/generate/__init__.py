"""Growing the dataset: new pairs, written by a model along the way in which people wrote the curated ones."""
