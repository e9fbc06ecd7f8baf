"""Pages about a whole event: the list of events, copy to a new date, change of time zone."""
