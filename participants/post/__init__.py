"""What reaches people by mail: who gets what and why, its words, the calendars in it."""
