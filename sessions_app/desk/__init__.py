"""Organiser's desk: board, schedule, people, releases and events, below /desk/."""
