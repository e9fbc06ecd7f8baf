"""Cached responses, and the versions that tell whether they are current."""
