"""Events, workshops and time zones; the site's settings, addresses and operation."""
