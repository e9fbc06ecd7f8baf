"""Form field for local times in Django's current time zone."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField, SplitDateTimeField
from django.forms.utils import to_current_timezone
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from workshop.zones import NotOneMoment, UnclearTime, city, read_wall_clock

# Within these years, a datetime is valid in every time zone.
YEARS = range(1970, 3000)


class WallClockField(SplitDateTimeField):
    """A local date and time in the current time zone, cleaned to UTC.

    A time that a clock change skips or repeats is refused with both readings. An unchanged time
    keeps its UTC value, also if it is ambiguous.
    """

    initial_value: datetime | None = None

    def get_bound_field(self, form: BaseForm, field_name: str) -> BoundField:
        self.initial_value = form.get_initial_for_field(self, field_name)
        return super().get_bound_field(form, field_name)

    def compress(self, data_list: Any) -> datetime | None:
        """UTC datetime of a local date and time; raises ValidationError."""
        if not data_list or any(value in self.empty_values for value in data_list):
            return super().compress(data_list)
        wall = datetime.combine(*data_list)
        if self.initial_value and to_current_timezone(self.initial_value) == wall:
            return self.initial_value
        return read_typed(wall, str(timezone.get_current_timezone()))


def read_typed(wall: datetime, key: str) -> datetime:
    """UTC datetime of a local time typed in the zone `key`; raises ValidationError."""
    if wall.year not in YEARS:
        raise ValidationError(gettext("Choose a day between 1970 and 2999."))
    try:
        return read_wall_clock(wall, key)
    except NotOneMoment as refusal:
        raise ValidationError(unclear_time(refusal.args[0])) from refusal


def unclear_time(time: UnclearTime) -> str:
    """A sentence on a skipped or repeated local time, with both readings in UTC."""
    if time.is_skipped:
        text = gettext("%(time)s does not exist on %(day)s in %(place)s: %(readings)s.")
    else:
        text = gettext("%(time)s occurs twice on %(day)s in %(place)s: %(readings)s.")
    early, late = (date_format(at, "d M Y H:i") for at in time.readings)
    readings = gettext("%(early)s UTC or %(late)s UTC") % {"early": early, "late": late}
    return text % {
        "time": f"{time.wall:%H:%M}",
        "day": date_format(time.wall, "d M Y"),
        "place": city(time.key) or time.key,
        "readings": readings,
    }
