"""E-mails about an event: recipients, content, calendar entries and the outbox."""
