"""What reaches people by mail: who gets what and why, its words and calendars, the outbox."""
