"""The organiser's desk: who is let in, and what they reply."""
