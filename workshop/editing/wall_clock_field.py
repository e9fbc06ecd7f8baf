"""Times typed into forms, on the clock that is set while the form is read."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField, SplitDateTimeField
from django.forms.utils import to_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshop.zones import read_wall_clock

# Whatever zone it is shown in, a time stays where moments can be.
YEARS = range(1970, 3000)


class WallClockField(SplitDateTimeField):
    """A date and a time on the current clock, as a moment in UTC.

    What the clock skips or shows twice is refused with both readings. A time left as it is stays
    the same moment, also where the clock shows it twice.
    """

    now: datetime | None = None

    def get_bound_field(self, form: BaseForm, field_name: str) -> BoundField:
        self.now = form.get_initial_for_field(self, field_name)
        return super().get_bound_field(form, field_name)

    def compress(self, data_list: Any) -> datetime | None:
        """The moment of a date and a time; raises ValidationError."""
        if not data_list or any(part in self.empty_values for part in data_list):
            return super().compress(data_list)
        wall = datetime.combine(*data_list)
        if self.now and to_current_timezone(self.now) == wall:
            return self.now
        if wall.year not in YEARS:
            raise ValidationError(_("Choose a day between 1970 and 2999."))
        try:
            return read_wall_clock(wall, str(timezone.get_current_timezone()))
        except ValueError as both_readings:
            raise ValidationError(str(both_readings)) from both_readings
