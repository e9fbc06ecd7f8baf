"""Sessions and the agenda: editing, checks, publishing, rendering, documents."""
