"""What is typed at the desk about a whole event: another day, another name, another clock."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda
from sessions_app.desk.time_fields import DayField
from sessions_app.scheduling.copy_event import LONGEST_ADDRESS, address_problem
from sessions_app.scheduling.shift_dates import Keep
from workshop.zones import UnknownZone, Zone, city, common_keys, find


class DayForm(forms.Form):
    """The day on which the first workshop of a copy is."""

    starts_on = DayField(label=_("First day"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")


class NamesForm(forms.Form):
    """What a copy is called, and its address; Lao only where the event is in Lao too."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The part of the address that names the event."),
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
        """The title of the copy; of a valid form. What is not asked for stays as it is."""
        lao = self.cleaned_data.get("title_lo", self.draft.title.lo)
        return Text(self.cleaned_data["title_en"], lao)


class ClockForm(forms.Form):
    """Another clock for an event, and what is kept of its times: clock times or moments."""

    zone = forms.CharField(
        label=_("New clock"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "page:zones", "autocomplete": "off", "size": 28}),
        help_text=_("The place whose clock it is, such as Asia/Vientiane."),
    )

    def __init__(self, data: Any = None, *, draft: Agenda, now: Zone) -> None:
        super().__init__(data, label_suffix="")
        self.draft, self.now = draft, now
        self._offer()

    def clean_zone(self) -> Zone:
        typed: str = self.cleaned_data["zone"]
        try:
            found = find(typed, self.draft.zones)
        except UnknownZone as unknown:
            raise forms.ValidationError(_unknown(typed)) from unknown
        if found.key == self.draft.zone:
            said = gettext("The event has this clock already: %(zone)s.")
            raise forms.ValidationError(said % {"zone": self.now.label})
        found = next((zone for zone in self.draft.zones if zone.key == found.key), found)
        self._offer(found)
        return found

    def keeps(self) -> Keep:
        """What is kept; of a valid form."""
        return "moments" if self.cleaned_data["keep"] == "moments" else "clock"

    def query(self) -> str:
        """Everything typed, for the address of a preview."""
        return urlencode({name: self.data[name] for name in self.fields if name in self.data})

    def _offer(self, then: Zone | None = None) -> None:
        """The two choices, with what becomes of the first announced start once `then` is known."""
        at = self.draft.starts_at
        start = f"{self.now.local(at):%H:%M}" if at else "09:00"
        kept = gettext("The clock times: %(start)s stays %(start)s")
        becomes = gettext("what the new clock shows then")
        if at and then:
            becomes = gettext("%(time)s in %(place)s") % {
                "time": f"{then.local(at):%H:%M}",
                "place": then.city or then.key,
            }
        moved = gettext("The moments: %(start)s in %(place)s becomes %(becomes)s")
        words = {"start": start, "place": self.now.city or self.now.key, "becomes": becomes}
        self.fields["keep"] = forms.ChoiceField(
            label=gettext("Keep"),
            choices=[("clock", kept % words), ("moments", moved % words)],
            initial="clock",
            widget=forms.RadioSelect,
        )


def _unknown(typed: str) -> str:
    said = gettext("“%(typed)s” is no time zone of a place.") % {"typed": typed}
    meant = [key for key in common_keys() if city(key).casefold() == typed.strip().casefold()]
    example = meant[0] if meant else "Asia/Vientiane"
    way_out = gettext("Did you mean %(zone)s?") if meant else gettext("Write it as %(zone)s.")
    return f"{said} {way_out % {'zone': example}}"
