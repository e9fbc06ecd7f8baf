"""Forms of the participant list: upload of a file, adding one person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from participants.lists.parsing import cell_values, headings
from participants.lists.parsing.parse import MAX_BYTES, parse_table
from participants.lists.parsing.tables import Table, Unreadable
from participants.models import Participation
from workshop.models import Workshop

ROLE_CHOICES = [(value, capfirst(str(name))) for value, name in Participation.Role.choices]


class WorkshopForm(forms.Form):
    """Base form with a workshop of the event and a role."""

    workshop = forms.ChoiceField(label=_("Workshop"))
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLE_CHOICES, initial=Participation.Role.DELEGATE
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, workshops: Sequence[Workshop], **options: Any
    ) -> None:
        super().__init__(data, files, label_suffix="", **options)
        self.workshops = {workshop.key: workshop for workshop in workshops}
        choices = [(workshop.key, str(workshop.title)) for workshop in workshops]
        self.fields["workshop"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Workshop:
        return self.workshops[self.cleaned_data["workshop"]]


class UploadForm(WorkshopForm):
    """Upload of a list; a valid form has parsed the file and found its headings."""

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
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        self.name = cell_values.single_line(upload.name or "")[-100:]
        try:
            # One byte over the limit is enough to refuse the file.
            table = parse_table(upload.read(MAX_BYTES + 1))
            headings.find_headings(table)
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return table


class AddForm(WorkshopForm):
    """Form to add a person; `same` is shown where the person may be stored already."""

    field_order = ("name", "email", "workshop", "role", "country", "organisation", "same")
    name = forms.CharField(label=_("Name"), max_length=300)
    email = forms.CharField(label=_("E-mail"), max_length=254)
    country = forms.ChoiceField(label=_("Country"), required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)
    same = forms.ChoiceField(
        label=_("Is this the same person?"),
        required=False,
        choices=[
            ("", _("Choose")),
            ("yes", _("Yes, the same person: store this e-mail for them")),
            ("no", _("No, another person with this name")),
        ],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asks_if_same = False
        self.fields["country"].choices = [("", "–"), *countries]  # type: ignore[attr-defined]
        self.fields["email"].widget.attrs |= {"autocomplete": "off", "inputmode": "email"}
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}

    def clean_name(self) -> str:
        return cell_values.single_line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        try:
            return cell_values.parse_email(self.cleaned_data["email"])
        except cell_values.InvalidValue as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def service_arguments(self) -> dict[str, Any]:
        """Arguments for `services.add_participant`; only of a valid form."""
        data = self.cleaned_data
        return {
            "workshop": self.chosen,
            "name": data["name"],
            "email": data["email"],
            "role": data["role"],
            "is_same": {"yes": True, "no": False}.get(data["same"]),
            "country": data["country"],
            "organisation_en": cell_values.single_line(data["organisation"]),
        }

    def ask_if_same(self, name: str) -> None:
        """Ask whether this is the stored person of this name."""
        self.asks_if_same = True
        message = _("%(name)s is stored already, without an e-mail. Is this the same person?")
        self.add_error("same", forms.ValidationError(message, params={"name": name}))
