"""Import and export of participant lists as CSV and Excel files."""
