"""Dates and times as the programme writes them: day before month, 24 hours."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D j M Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
# What stands first is how the admin writes a time; the others may be typed.
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
