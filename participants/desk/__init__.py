"""The organiser's desk for participants: lists, replies, personal links, e-mails, privacy."""
