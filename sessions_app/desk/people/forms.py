"""Forms for replacing, confirming, merging and withdrawing people."""

from collections.abc import Collection, Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from participants.names import comparison_key
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Person
from sessions_app.desk.people.change_preview import ItemChoices, list_label
from sessions_app.people_changes.assignments import Placeholder
from sessions_app.people_changes.replace import NewPerson
from workshop import zones

KNOWN, NEW, NOBODY = "known", "new", "nobody"


class PreviewForm(forms.Form):
    """Form that counts as submitted if `preview` is sent; other parameters are defaults."""

    preview = forms.CharField(widget=forms.HiddenInput, initial="1")

    def __init__(self, sent: QueryDict) -> None:
        super().__init__(
            sent if "preview" in sent else None, initial=dict(sent.items()), label_suffix=""
        )

    def submitted_values(self) -> list[tuple[str, str]]:
        """Return all submitted values, as hidden fields for the button that applies a preview."""
        return [(name, value) for name in self.fields for value in self._values(name)]

    def _values(self, name: str) -> list[str]:
        return cast(QueryDict, self.data).getlist(name)

    def _set_choices(self, name: str, choices: Iterable[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)


class ItemsForm(PreviewForm):
    """Choice of sessions and whole workshops, all of them preselected."""

    places = forms.MultipleChoiceField(
        label=_("Where"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose where."),
            "invalid_choice": _("A chosen session no longer applies."),
        },
    )

    def __init__(self, sent: QueryDict, *, choices: ItemChoices) -> None:
        super().__init__(sent)
        self._set_choices("places", choices)
        self.fields["places"].initial = [uid for uid, _choice in choices]

    def chosen_items(self) -> frozenset[UUID]:
        """Return the UIDs of the chosen sessions and workshops, of a valid form."""
        return frozenset(map(UUID, self.cleaned_data["places"]))


class NewcomerForm(PreviewForm):
    """Choice of a listed person, or the fields of a new person."""

    by = forms.ChoiceField(
        label=_("Who comes"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who comes.")},
    )
    person = forms.ChoiceField(label=_("Person"), required=False)
    honorific = forms.CharField(label=_("Form of address"), max_length=40, required=False)
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=300,
        required=False,
        help_text=_("As printed, without Mr. or Ms."),
    )
    position = forms.CharField(label=_("Position"), max_length=500, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)

    NEW_PERSON_FIELDS = ("honorific", "full_name", "position", "organisation", "country", "zone")

    def __init__(
        self,
        sent: QueryDict,
        *,
        people: Iterable[Person],
        present: Collection[UUID],
        may_add: bool,
        **options: Any,
    ) -> None:
        super().__init__(sent, **options)
        self.people = {person.key: person for person in people}
        self._set_choices("by", self._kinds(may_add))
        self._set_choices("person", _grouped_choices(self.people.values(), present))
        if not may_add:
            for name in self.NEW_PERSON_FIELDS:
                del self.fields[name]
            return
        self._set_choices("country", [("", "–"), *countries])
        keys = ((key, key.replace("_", " ")) for key in zones.common_keys())
        self._set_choices("zone", [("", gettext("Zone of the country, if it has only one")), *keys])

    def clean(self) -> None:
        """Require a person or a full name."""
        by = self.cleaned_data.get("by")
        if by == KNOWN and not self.cleaned_data.get("person") and "person" not in self.errors:
            self.add_error("person", gettext("Choose a person from the list."))
        if by == NEW and not self.cleaned_data.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", gettext("Enter the full name."))

    def newcomer(self) -> UUID | NewPerson | Placeholder:
        """Return the chosen or new person, of a valid form."""
        if self.cleaned_data["by"] == KNOWN:
            return self.people[self.cleaned_data["person"]].uid
        return NewPerson(**{name: self.cleaned_data[name] for name in self.NEW_PERSON_FIELDS})

    def namesakes(self) -> tuple[Person, ...]:
        """Return listed people with the name of the new person, of a valid form."""
        if self.cleaned_data["by"] != NEW:
            return ()
        name = comparison_key(self.cleaned_data["full_name"])
        return tuple(
            person for person in self.people.values() if comparison_key(person.full_name.en) == name
        )

    def _kinds(self, may_add: bool) -> list[tuple[str, str]]:
        new = [(NEW, gettext("A new person"))] if may_add else []
        return [(KNOWN, gettext("A person on the list")), *new]


class ReplaceForm(NewcomerForm, ItemsForm):
    """Replacement of a person: by whom or by a placeholder, and in which sessions."""

    seat_position = forms.CharField(label=_("Position"), max_length=500, required=False)
    seat_organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)

    def __init__(self, sent: QueryDict, *, former: Person, **options: Any) -> None:
        super().__init__(sent, **options)
        self.former = former

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        if data.get("by") == KNOWN and data.get("person") == self.former.key:
            text = gettext("%(name)s is the person to be replaced. Choose another person.")
            self.add_error("person", text % {"name": self.former.name})

    def newcomer(self) -> UUID | NewPerson | Placeholder:
        data = self.cleaned_data
        if data["by"] == NOBODY:
            return Placeholder(Text(data["seat_position"]), Text(data["seat_organisation"]))
        return super().newcomer()

    def _kinds(self, may_add: bool) -> list[tuple[str, str]]:
        return [*super()._kinds(may_add), (NOBODY, gettext("A name to be confirmed"))]


class NameConfirmationForm(NewcomerForm):
    """The person for a placeholder."""

    keep_text = forms.BooleanField(label=_("Keep this text here"), required=False)


class EmailForm(forms.Form):
    """E-mail address of a new person; only ever posted, so that it is in no address of a page."""

    email = forms.EmailField(
        label=_("E-mail address, if known"),
        required=False,
        help_text=_("For organisers only. It is never shown in public."),
    )


class MergeForm(PreviewForm):
    """Choice of the duplicate of a person, and of the entry to keep."""

    other = forms.ChoiceField(
        label=_("Other entry of the same person"),
        error_messages={"required": _("Choose the other entry.")},
    )
    stays = forms.ChoiceField(
        label=_("Entry to keep"),
        widget=forms.RadioSelect,
        initial="this",
        error_messages={"required": _("Choose the entry to keep.")},
    )

    def __init__(self, sent: QueryDict, *, this: Person, others: Iterable[Person]) -> None:
        super().__init__(sent)
        self.this, self.others = this, {person.key: person for person in others}
        self._set_choices(
            "other",
            [("", "–"), *((key, _label_with_key(person)) for key, person in self.others.items())],
        )
        self._set_choices(
            "stays", [("this", _label_with_key(this)), ("other", gettext("The other entry"))]
        )

    def pair(self) -> tuple[Person, Person]:
        """Return the person to keep and the duplicate, of a valid form."""
        other = self.others[self.cleaned_data["other"]]
        return (self.this, other) if self.cleaned_data["stays"] == "this" else (other, self.this)


def _label_with_key(person: Person) -> str:
    """Return a person's line in a list where a name can occur twice."""
    return f"{list_label(person)} – {person.key}"


def _grouped_choices(people: Iterable[Person], present: Collection[UUID]) -> list[tuple[str, Any]]:
    """Return choices in two groups: people of the event, then all others."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for person in sorted(people, key=lambda row: row.uid not in present):
        group = gettext("In this event") if person.uid in present else gettext("Others")
        groups.setdefault(group, []).append((person.key, list_label(person)))
    return [("", "–"), *groups.items()]
