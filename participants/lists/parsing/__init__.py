"""Parser of uploaded lists: file to table, headings to columns, rows to typed values."""
