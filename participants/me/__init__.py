"""Personal pages below /me/: home, reply, calendar feed, sign-in."""
