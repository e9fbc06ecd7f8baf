"""The pages of one person, below /me/."""
