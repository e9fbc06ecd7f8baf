"""Checks of an agenda: pure functions that return findings for the organiser."""
