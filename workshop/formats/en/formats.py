"""Django format overrides: day before month, 24-hour times, as in the programme."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "D j M Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
# The admin displays times in the first format and accepts all.
TIME_INPUT_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]
