"""Public pages, feeds and data: a request, a reader and the published agenda make a response."""
