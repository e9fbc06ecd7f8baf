"""Forms about a whole event: first day and names of a copy, change of time zone."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda
from sessions_app.desk.time_fields import DayField
from sessions_app.scheduling.copy_event import MAX_ADDRESS_LENGTH, address_problem
from sessions_app.scheduling.shift_dates import Keep
from workshop.zones import UnknownZone, Zone, city, common_keys, find


class FirstDayForm(forms.Form):
    """Date of the first workshop of a copy."""

    starts_on = DayField(label=_("First day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class CopyNamesForm(forms.Form):
    """Title and address of a copy; a Lao title only if the event is in Lao too."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=MAX_ADDRESS_LENGTH,
        help_text=_("The part of the web address that names the event."),
    )
    title_en = forms.CharField(label=_("Title"), max_length=5000)
    title_lo = forms.CharField(label=_("Title in Lao"), max_length=5000, required=False)

    def __init__(self, data: Any = None, *, draft: Agenda, slug: str) -> None:
        initial = {"slug": slug, "title_en": draft.title.en, "title_lo": draft.title.lo}
        super().__init__(data, initial=initial, label_suffix="")
        self.draft = draft
        self.fields["title_lo"].widget.attrs["lang"] = "lo"
        if "lo" not in draft.languages:
            del self.fields["title_lo"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if problem := address_problem(slug):
            raise forms.ValidationError(problem)
        return slug

    def title(self) -> Text:
        """Return the title of the copy, of a valid form; a title without a field stays the same."""
        lao = self.cleaned_data.get("title_lo", self.draft.title.lo)
        return Text(self.cleaned_data["title_en"], lao)


class TimezoneForm(forms.Form):
    """New time zone of an event, and what is kept of its times: clock times or moments."""

    zone = forms.CharField(
        label=_("New time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "page:zones", "autocomplete": "off", "size": 28}),
        help_text=_("A place in that time zone, such as Asia/Vientiane."),
    )

    def __init__(self, data: Any = None, *, draft: Agenda, current_zone: Zone) -> None:
        super().__init__(data, label_suffix="")
        self.draft, self.current_zone = draft, current_zone
        self._add_keep_field()

    def clean_zone(self) -> Zone:
        typed: str = self.cleaned_data["zone"]
        try:
            zone = find(typed, self.draft.zones)
        except UnknownZone as unknown:
            raise forms.ValidationError(_unknown_zone_message(typed)) from unknown
        if zone.key == self.draft.zone:
            text = gettext("The event has this time zone already: %(zone)s.")
            raise forms.ValidationError(text % {"zone": self.current_zone.label})
        labelled = next((shown for shown in self.draft.zones if shown.key == zone.key), zone)
        self._add_keep_field(labelled)
        return labelled

    def kept(self) -> Keep:
        """Return what to keep, clock times or moments; of a valid form."""
        return "moments" if self.cleaned_data["keep"] == "moments" else "clock"

    def query(self) -> str:
        """Return everything typed as the query of a preview's address."""
        return urlencode({name: self.data[name] for name in self.fields if name in self.data})

    def _add_keep_field(self, new_zone: Zone | None = None) -> None:
        """Add the two choices, with the first announced start as example if there is a new zone."""
        at = self.draft.starts_at
        start = f"{self.current_zone.local(at):%H:%M}" if at else "09:00"
        keep_clock = gettext("Keep the clock times: %(start)s stays %(start)s")
        new_start = gettext("the same moment in the new time zone")
        if at and new_zone:
            new_start = gettext("%(time)s in %(place)s") % {
                "time": f"{new_zone.local(at):%H:%M}",
                "place": new_zone.city or new_zone.key,
            }
        keep_moments = gettext(
            "Keep the actual moments: %(start)s in %(place)s becomes %(becomes)s"
        )
        values = {
            "start": start,
            "place": self.current_zone.city or self.current_zone.key,
            "becomes": new_start,
        }
        self.fields["keep"] = forms.ChoiceField(
            label=gettext("Keep"),
            choices=[("clock", keep_clock % values), ("moments", keep_moments % values)],
            initial="clock",
            widget=forms.RadioSelect,
        )


def _unknown_zone_message(typed: str) -> str:
    problem = gettext("“%(typed)s” is not the time zone of a place.") % {"typed": typed}
    matches = [key for key in common_keys() if city(key).casefold() == typed.strip().casefold()]
    example = matches[0] if matches else "Asia/Vientiane"
    hint = gettext("Did you mean %(zone)s?") if matches else gettext("Write it as %(zone)s.")
    return f"{problem} {hint % {'zone': example}}"
