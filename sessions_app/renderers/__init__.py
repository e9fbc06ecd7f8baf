"""Renderings of an agenda: HTML, PDF, iCalendar, JSON and plain text; no queries, no request."""
