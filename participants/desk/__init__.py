"""The organiser's desk: who is let in, what they reply, the mails that go to them."""
