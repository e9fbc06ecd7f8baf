"""Form fields for a date and for a time of day."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

# Leaves room to shift the following sessions within what datetime can hold.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    """Date field with the browser's date picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)], **options
        )


class TimeOfDayField(forms.TimeField):
    """Time of day in 24 hours, `13:05`; `<input type=time>` would follow the browser's locale."""

    default_error_messages = {"invalid": _("Type the time as hours and minutes, such as 13:05.")}
    widget = forms.TimeInput(format="%H:%M", attrs={"size": 6, "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H.%M"], **options)
