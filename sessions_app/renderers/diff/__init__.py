"""Changes between two agendas, in sentences and side by side."""
