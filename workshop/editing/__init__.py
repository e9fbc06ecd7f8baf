"""Editing of rows: history, concurrent edits, the admin's look, a field for typed times."""
