"""The dataset of twins: the curated records, what they must pass, and what people do with a dataset."""
