"""The organiser's desk for people: the mails that go to them."""
