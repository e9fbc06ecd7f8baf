"""Changes of times: shift, reorder, dates, time zone, copy of an event, local hours."""
