"""What is typed and chosen at the desk, on the event's own clock."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.desk.time_fields import ClockField, DayField
from sessions_app.renderers import labels
from sessions_app.scheduling.reorder import days, reorder
from sessions_app.scheduling.shift import Plan
from workshop.zones import Zone, read_wall_clock


class MoveForm(forms.Form):
    """New times of one row, typed on the event's own clock.

    A time left as it is stays the same moment, also where the clock shows it twice.
    """

    starts_on = DayField(label=_("Date"))
    starts = ClockField(label=_("Starts"))
    ends = ClockField(label=_("Ends"))
    ends_on = DayField(
        label=_("Ends on"), required=False, help_text=_("Only if it ends on another day.")
    )
    shrink_breaks = forms.BooleanField(
        label=_("Shorten breaks"),
        required=False,
        help_text=_("Breaks after it give way first, down to 5 minutes each."),
    )
    end_by = ClockField(label=_("All over by"), required=False)

    def __init__(
        self, data: Any = None, *, session: Session, workshop: Workshop, zone: Zone
    ) -> None:
        start, end = zone.local(session.starts_at), zone.local(session.ends_at)
        super().__init__(
            data,
            initial={
                "starts_on": start.date(),
                "starts": start.time(),
                "ends": end.time(),
                "ends_on": None if end.date() == start.date() else end.date(),
            },
            label_suffix="",
        )
        self.session, self.workshop, self.zone = session, workshop, zone
        self.last_day = zone.local(workshop.ends_at).date()
        self.fields["end_by"].help_text = gettext(
            "Only if nothing may end later than that on %(day)s."
        ) % {"day": labels.short_date(self.last_day)}

    def clean(self) -> None:
        """Read the times on the event's clock; what it skips or shows twice is refused."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        self._read("starts", first, self.session.starts_at)
        self._read("ends", last or first, self.session.ends_at)
        self._read("end_by", self.last_day)

    def wanted(self) -> dict[str, Any]:
        """What moving the rest is asked for, moments in UTC; of a valid form."""
        return {
            "starts_at": self.cleaned_data["starts"],
            "ends_at": self.cleaned_data["ends"],
            "shrink_breaks": self.cleaned_data["shrink_breaks"],
            "hard_end": self.cleaned_data["end_by"],
        }

    def query(self) -> str:
        """Everything typed, for the address of a preview."""
        return urlencode({name: self.data[name] for name in self.fields if name in self.data})

    def _read(self, name: str, on: date | None, now: datetime | None = None) -> None:
        """Put a moment in the place of a time; `now` is the one it stands for if unchanged."""
        at: time | None = self.cleaned_data.get(name)
        if at is None or on is None:
            return
        wall = datetime.combine(on, at)
        if now and self.zone.local(now).replace(second=0, microsecond=0, tzinfo=None) == wall:
            self.cleaned_data[name] = now
            return
        try:
            self.cleaned_data[name] = read_wall_clock(wall, self.zone.key)
        except ValueError as both_readings:
            self.add_error(name, str(both_readings))


END = "end"  # in the place of a row's key: after all others


def place(session: Session) -> str:
    """How an address names the row before which another is put: its key, unless that means END."""
    return session.key if session.key != END else str(session.uid)


class ReorderForm(forms.Form):
    """The place that a row is to have in its day: before another row, or at the end."""

    before = forms.CharField(
        label=_("Put it before"),
        widget=forms.Select,
        help_text=_("Rows that run beside each other are offered as one, and move together."),
    )

    def __init__(self, data: Any = None, *, draft: Agenda, session: UUID, zone: Zone) -> None:
        super().__init__(data, label_suffix="")
        self.draft, self.zone = draft, zone
        self.workshop, self.session = next(
            (workshop, each) for workshop, each in draft.placed_sessions() if each.uid == session
        )
        offered = self._offered()
        self.fields["before"].widget.choices = [
            *((place(each), self._named(each)) for each in offered),
            (END, gettext("Nothing: at the end of the day")),
        ]
        following = (each for each in offered if each.starts_at > self.session.starts_at)
        self.initial["before"] = next(map(place, following), END)

    def clean_before(self) -> UUID | None:
        """The UID of the row in the same workshop, whatever is wrong with the place; None for END.

        Whether it can stand there is for the plan to say.
        """
        said = self.cleaned_data["before"]
        if said == END:
            return None
        for workshop, session in self.draft.placed_sessions():
            if place(session) == said:
                if workshop.uid == self.workshop.uid:
                    return session.uid
                raise forms.ValidationError(
                    gettext(
                        "%(other)s is in another workshop, “%(workshop)s”. A row changes places "
                        "within its own; to take it there, edit it."
                    )
                    % {"other": labels.session_name(session), "workshop": workshop.title}
                )
        raise forms.ValidationError(gettext("That row is gone. Choose another place."))

    def plan(self) -> Plan:
        """What a valid form asks for."""
        return reorder(
            self.workshop,
            session=self.session.uid,
            before=self.cleaned_data["before"],
            zone=self.zone,
        )

    def query(self) -> str:
        """The place chosen, for the address of a preview."""
        return urlencode({"before": self.data.get("before", "")})

    def _offered(self) -> tuple[Session, ...]:
        """The first row of every other block of the row's day; none for a cancelled row."""
        for day in days(self.workshop, self.zone):
            if any(self.session in block.rows for block in day):
                return tuple(block.rows[0] for block in day if self.session not in block.rows)
        return ()

    def _named(self, session: Session) -> str:
        return f"{self.zone.local(session.starts_at):%H:%M}  {labels.session_title(session)}"
