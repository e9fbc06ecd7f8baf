"""Template filters for texts of the agenda and their changes."""
