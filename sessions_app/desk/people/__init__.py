"""Pages about the people of an event: replace, confirm a name, merge, withdraw a country."""
