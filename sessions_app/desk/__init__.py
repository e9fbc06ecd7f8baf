"""The organiser's desk: the board of an event, its review, and who is awake."""
