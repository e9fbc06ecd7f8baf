"""Lists of participants, in and out: what offices send each other as CSV and Excel files."""
