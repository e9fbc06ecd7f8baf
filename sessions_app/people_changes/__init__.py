"""Changes of people: replace, withdraw and merge, each planned, previewed, then applied."""
