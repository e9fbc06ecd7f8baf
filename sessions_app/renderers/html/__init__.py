"""The agenda as HTML pages."""
