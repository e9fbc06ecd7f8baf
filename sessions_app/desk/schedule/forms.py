"""Forms for moving and reordering sessions, with times in the event's zone."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.desk.time_fields import DayField, TimeOfDayField
from sessions_app.renderers import labels
from sessions_app.scheduling import reorder, shift
from sessions_app.scheduling.shift import MovePlan
from workshop.editing.wall_clock_field import unclear_time
from workshop.zones import NotOneMoment, Zone, read_wall_clock


class MoveForm(forms.Form):
    """New times of one session, typed in the event's zone.

    An unchanged time stays the same moment, also in an hour that occurs twice.
    """

    starts_on = DayField(label=_("Date"))
    starts = TimeOfDayField(label=_("Starts"))
    ends = TimeOfDayField(label=_("Ends"))
    ends_on = DayField(
        label=_("Ends on"), required=False, help_text=_("Only if it ends on another day.")
    )
    shrink_breaks = forms.BooleanField(
        label=_("Shorten breaks"),
        required=False,
        help_text=_("Following breaks are shortened first, to no less than 5 minutes each."),
    )
    end_by = TimeOfDayField(label=_("Latest end"), required=False)

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
            "Only if everything has to end by a fixed time on %(day)s."
        ) % {"day": labels.short_date(self.last_day)}

    def clean(self) -> None:
        """Read the times in the event's zone; one that is skipped or occurs twice is an error.

        So is an end that is not after the start.
        """
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        self._read("starts", first, self.session.starts_at)
        self._read("ends", last or first, self.session.ends_at)
        self._read("end_by", self.last_day)
        if not self.errors and self.cleaned_data["ends"] <= self.cleaned_data["starts"]:
            self.add_error("ends", gettext("The end must come after the start."))

    def plan(self, workshop: Workshop) -> MovePlan:
        """Return the plan of a valid form, for the workshop as it is given."""
        return shift.plan(
            workshop,
            session=self.session.uid,
            starts_at=self.cleaned_data["starts"],
            ends_at=self.cleaned_data["ends"],
            shrink_breaks=self.cleaned_data["shrink_breaks"],
            hard_end=self.cleaned_data["end_by"],
        )

    def query(self) -> str:
        """Return everything typed as the query of a preview's address."""
        return urlencode({name: self.data[name] for name in self.fields if name in self.data})

    def _read(self, name: str, on: date | None, current: datetime | None = None) -> None:
        """Replace a typed time by its moment; an unchanged time is the `current` moment."""
        at: time | None = self.cleaned_data.get(name)
        if at is None or on is None:
            return
        wall = datetime.combine(on, at)
        if (
            current
            and self.zone.local(current).replace(second=0, microsecond=0, tzinfo=None) == wall
        ):
            self.cleaned_data[name] = current
            return
        try:
            self.cleaned_data[name] = read_wall_clock(wall, self.zone.key)
        except NotOneMoment as refusal:
            self.add_error(name, unclear_time(refusal.args[0]))


END = "end"  # value of `before` for the end of the day


def before_value(session: Session) -> str:
    """Return the value of `?before=` for a session: its key, or its UID if the key is END."""
    return session.key if session.key != END else str(session.uid)


class ReorderForm(forms.Form):
    """New position of a session in its day: before another one, or at the end."""

    before = forms.CharField(
        label=_("Move before"),
        widget=forms.Select,
        help_text=_("Parallel sessions are listed as one and move together."),
    )

    def __init__(self, data: Any = None, *, draft: Agenda, session: UUID, zone: Zone) -> None:
        super().__init__(data, label_suffix="")
        self.draft, self.zone = draft, zone
        self.workshop, self.session = next(
            (workshop, row) for workshop, row in draft.workshop_sessions() if row.uid == session
        )
        choices = self._choices()
        self.fields["before"].widget.choices = [
            *((before_value(row), self._choice_label(row)) for row in choices),
            (END, gettext("End of the day")),
        ]
        following = (row for row in choices if row.starts_at > self.session.starts_at)
        self.initial["before"] = next(map(before_value, following), END)

    def clean_before(self) -> UUID | None:
        """Return the UID of a session of the same workshop; None for END.

        The plan tells whether the session can be moved there.
        """
        value = self.cleaned_data["before"]
        if value == END:
            return None
        for workshop, session in self.draft.workshop_sessions():
            if before_value(session) == value:
                if workshop.uid == self.workshop.uid:
                    return session.uid
                raise forms.ValidationError(
                    gettext(
                        "%(other)s is in another workshop, “%(workshop)s”. Sessions are reordered "
                        "within their own workshop. To move one to another, edit it."
                    )
                    % {"other": labels.session_name(session), "workshop": workshop.title}
                )
        raise forms.ValidationError(
            gettext("That session no longer exists. Choose another position.")
        )

    def plan(self, workshop: Workshop) -> MovePlan:
        """Return the plan of a valid form, for the workshop as it is given."""
        return reorder.plan(
            workshop,
            session=self.session.uid,
            before=self.cleaned_data["before"],
            zone=self.zone,
        )

    def query(self) -> str:
        """Return the chosen position as the query of a preview's address."""
        return urlencode({"before": self.data.get("before", "")})

    def _choices(self) -> tuple[Session, ...]:
        """Return the first session of each other block of the day; none if cancelled."""
        for day in reorder.days_of_blocks(self.workshop, self.zone):
            if any(self.session in block.sessions for block in day):
                return tuple(
                    block.sessions[0] for block in day if self.session not in block.sessions
                )
        return ()

    def _choice_label(self, session: Session) -> str:
        return f"{self.zone.local(session.starts_at):%H:%M}  {labels.session_title(session)}"
