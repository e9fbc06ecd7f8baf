"""Data protection: export, erasure and merging of a person's data."""
