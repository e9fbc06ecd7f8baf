"""Rows to agenda and back: draft, publish, restore and the queries of releases."""
