"""What is typed and sent for a list of participants."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from participants.lists.parsing import cell_values, headings
from participants.lists.parsing.parse import MOST_BYTES, read
from participants.lists.parsing.tables import Table, Unreadable
from participants.models import Participation
from workshop.models import Workshop

ROLES = [(value, capfirst(str(name))) for value, name in Participation.Role.choices]


class OfWorkshop(forms.Form):
    """Something for one workshop of an event."""

    workshop = forms.ChoiceField(label=_("Workshop"))
    role = forms.ChoiceField(label=_("As"), choices=ROLES, initial=Participation.Role.DELEGATE)

    def __init__(
        self, data: Any = None, files: Any = None, *, workshops: Sequence[Workshop], **options: Any
    ) -> None:
        super().__init__(data, files, label_suffix="", **options)
        self.workshops = {each.key: each for each in workshops}
        choices = [(each.key, str(each.title)) for each in workshops]
        self.fields["workshop"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Workshop:
        return self.workshops[self.cleaned_data["workshop"]]


class ListForm(OfWorkshop):
    """A file with a list; a valid form has read it and found its headings."""

    field_order = ("file", "workshop", "role")
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, at most 5 MB and 10,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["workshop"].help_text = _("For rows that name no workshop.")
        self.fields["role"].help_text = _("For people who are new and whose row names no role.")

    def clean_file(self) -> Table:
        sent: UploadedFile[Any] = self.cleaned_data["file"]
        self.name = cell_values.line(sent.name or "")[-100:]
        try:
            # Not a byte more than is refused.
            table = read(sent.read(MOST_BYTES + 1))
            headings.find(table)
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return table


class AddForm(OfWorkshop):
    """Somebody to put on a list; `same` is asked where somebody like them may be known."""

    field_order = ("name", "email", "workshop", "role", "country", "organisation", "same")
    name = forms.CharField(label=_("Name"), max_length=300)
    email = forms.CharField(label=_("E-mail"), max_length=254)
    country = forms.ChoiceField(label=_("Country"), required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)
    same = forms.ChoiceField(
        label=_("Is it them?"),
        required=False,
        choices=[
            ("", _("Choose")),
            ("yes", _("Yes, the same person: give them this address")),
            ("no", _("No, somebody else of this name")),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asks = False
        self.fields["country"].choices = [("", "–"), *countries]  # type: ignore[attr-defined]
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}

    def clean_name(self) -> str:
        return cell_values.line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        try:
            return cell_values.email(self.cleaned_data["email"])
        except cell_values.Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def facts(self) -> dict[str, Any]:
        """What is asked of `listing.add`; of a valid form."""
        typed = self.cleaned_data
        return {
            "workshop": self.chosen,
            "name": typed["name"],
            "email": typed["email"],
            "role": typed["role"],
            "same": {"yes": True, "no": False}.get(typed["same"]),
            "country": typed["country"],
            "organisation_en": cell_values.line(typed["organisation"]),
        }

    def ask(self, name: str) -> None:
        """Ask whether they are somebody of this name who is known already."""
        self.asks = True
        said = _("%(name)s is known here already, without an e-mail. Is it them?")
        self.add_error("same", forms.ValidationError(said, params={"name": name}))
