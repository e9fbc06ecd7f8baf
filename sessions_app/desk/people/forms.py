"""Who comes instead of whom, and where, as it is chosen and typed at the desk."""

from collections.abc import Collection, Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from participants.names import essence
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Person
from sessions_app.desk.people.change_preview import Places, in_list
from sessions_app.people_changes.assignments import Seat
from sessions_app.people_changes.replace import NewPerson
from workshop import zones

KNOWN, NEW, NOBODY = "known", "new", "nobody"


class DeskForm(forms.Form):
    """A form that counts as sent by a mark of its own: other parameters only preset it."""

    preview = forms.CharField(widget=forms.HiddenInput, initial="1")

    def __init__(self, sent: QueryDict) -> None:
        super().__init__(
            sent if "preview" in sent else None, initial=dict(sent.items()), label_suffix=""
        )

    def typed(self) -> list[tuple[str, str]]:
        """Everything sent, for the button that does what is previewed."""
        return [(name, each) for name in self.fields for each in self._sent(name)]

    def _sent(self, name: str) -> list[str]:
        return cast(QueryDict, self.data).getlist(name)

    def _offer(self, name: str, choices: Iterable[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)


class PlacesForm(DeskForm):
    """Sessions and whole workshops, all of them chosen until somebody says otherwise."""

    places = forms.MultipleChoiceField(
        label=_("Where"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose where."),
            "invalid_choice": _("A place that was chosen is not concerned any more."),
        },
    )

    def __init__(self, sent: QueryDict, *, places: Places) -> None:
        super().__init__(sent)
        self._offer("places", places)
        self.fields["places"].initial = [uid for uid, _line in places]

    def chosen(self) -> frozenset[UUID]:
        """The UIDs of the places; of a valid form."""
        return frozenset(map(UUID, self.cleaned_data["places"]))


class NewcomerForm(DeskForm):
    """Somebody on the list of people, or a new person typed right here."""

    by = forms.ChoiceField(
        label=_("Who comes"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who comes.")},
    )
    person = forms.ChoiceField(label=_("Person"), required=False)
    honorific = forms.CharField(label=_("Form of address"), max_length=40, required=False)
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=300,
        required=False,
        help_text=_("As it is printed, without Mr. or Ms."),
    )
    position = forms.CharField(label=_("Position"), max_length=500, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"), required=False)

    OF_NEW = ("honorific", "full_name", "position", "organisation", "country", "zone")

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
        self.people = {each.key: each for each in people}
        self._offer("by", self._ways(may_add))
        self._offer("person", _grouped(self.people.values(), present))
        if not may_add:
            for name in self.OF_NEW:
                del self.fields[name]
            return
        self._offer("country", [("", "–"), *countries])
        keys = ((key, key.replace("_", " ")) for key in zones.common_keys())
        self._offer("zone", [("", gettext("The country’s, where it has only one")), *keys])

    def clean(self) -> None:
        """Whoever comes has to be named."""
        by = self.cleaned_data.get("by")
        if by == KNOWN and not self.cleaned_data.get("person") and "person" not in self.errors:
            self.add_error("person", gettext("Choose somebody from the list."))
        if by == NEW and not self.cleaned_data.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", gettext("Write the full name."))

    def newcomer(self) -> UUID | NewPerson | Seat:
        """Who is wanted; of a valid form."""
        if self.cleaned_data["by"] == KNOWN:
            return self.people[self.cleaned_data["person"]].uid
        return NewPerson(**{name: self.cleaned_data[name] for name in self.OF_NEW})

    def namesakes(self) -> tuple[Person, ...]:
        """Those on the list whose name is that of the new person; of a valid form."""
        if self.cleaned_data["by"] != NEW:
            return ()
        name = essence(self.cleaned_data["full_name"])
        return tuple(each for each in self.people.values() if essence(each.full_name.en) == name)

    def _ways(self, may_add: bool) -> list[tuple[str, str]]:
        new = [(NEW, gettext("A new person"))] if may_add else []
        return [(KNOWN, gettext("Somebody on the list")), *new]


class ReplaceForm(NewcomerForm, PlacesForm):
    """Who comes instead of a person, or what is printed until that is known, and where."""

    seat_position = forms.CharField(label=_("Position"), max_length=500, required=False)
    seat_organisation = forms.CharField(label=_("Organisation"), max_length=500, required=False)

    def __init__(self, sent: QueryDict, *, former: Person, **options: Any) -> None:
        super().__init__(sent, **options)
        self.former = former

    def clean(self) -> None:
        super().clean()
        typed = self.cleaned_data
        if typed.get("by") == KNOWN and typed.get("person") == self.former.key:
            said = gettext("That is %(name)s, who is to be replaced. Choose somebody else.")
            self.add_error("person", said % {"name": self.former.name})

    def newcomer(self) -> UUID | NewPerson | Seat:
        typed = self.cleaned_data
        if typed["by"] == NOBODY:
            return Seat(Text(typed["seat_position"]), Text(typed["seat_organisation"]))
        return super().newcomer()

    def _ways(self, may_add: bool) -> list[tuple[str, str]]:
        return [*super()._ways(may_add), (NOBODY, gettext("A name to be confirmed"))]


class NamingForm(NewcomerForm):
    """Who takes a place whose name was to be confirmed."""

    keep_text = forms.BooleanField(label=_("Go on printing it here"), required=False)


class AddressForm(forms.Form):
    """A new person's e-mail address, asked for with the button: no address of a page holds it."""

    email = forms.EmailField(
        label=_("Their e-mail address, if you know it"),
        required=False,
        help_text=_("It is kept for organisers, and never shown in public."),
    )


class MergeForm(DeskForm):
    """Which other row is the same person, and which of the two stays."""

    other = forms.ChoiceField(
        label=_("The other row of the same person"),
        error_messages={"required": _("Choose the other row.")},
    )
    stays = forms.ChoiceField(
        label=_("Which row stays"),
        widget=forms.RadioSelect,
        initial="this",
        error_messages={"required": _("Say which row stays.")},
    )

    def __init__(self, sent: QueryDict, *, this: Person, others: Iterable[Person]) -> None:
        super().__init__(sent)
        self.this, self.others = this, {each.key: each for each in others}
        self._offer("other", [("", "–"), *((key, _row(it)) for key, it in self.others.items())])
        self._offer("stays", [("this", _row(this)), ("other", gettext("The other row"))])

    def pair(self) -> tuple[Person, Person]:
        """The one that stays and the one that goes; of a valid form."""
        other = self.others[self.cleaned_data["other"]]
        return (self.this, other) if self.cleaned_data["stays"] == "this" else (other, self.this)


def _row(person: Person) -> str:
    """Somebody in a list in which the same name may stand twice."""
    return f"{in_list(person)} – {person.key}"


def _grouped(people: Iterable[Person], present: Collection[UUID]) -> list[tuple[str, Any]]:
    """For a list to choose from: those of the event first, then everybody else."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in sorted(people, key=lambda each: each.uid not in present):
        group = gettext("In this event") if each.uid in present else gettext("Others")
        groups.setdefault(group, []).append((each.key, in_list(each)))
    return [("", "–"), *groups.items()]
