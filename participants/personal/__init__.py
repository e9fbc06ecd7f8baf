"""Data of one person: their own events, reply, calendar feed and join information."""
