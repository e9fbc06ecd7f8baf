"""The organiser's desk: the board of an event, its people, its review, and who is awake."""
