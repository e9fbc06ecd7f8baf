"""Form for the reply of a person to the invitation to one workshop."""

from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.me.event_cards import BUTTONS
from participants.models import Participation
from participants.personal.own_events import OwnWorkshop
from participants.personal.reply import AttendsBy, Reply, State
from sessions_app.agenda.types import Agenda, Session
from sessions_app.renderers import labels as renderers_labels
from sessions_app.renderers import time_ranges
from workshop.zones import Zone

MAX_NOTE_LENGTH = 5000
YES, NO = "yes", "no"


class NoteField(forms.CharField):
    """Multi-line text in which a line end counts as one character, as in the browser."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class ReplyForm(forms.Form):
    """Reply form of one workshop; `answer` of a valid form returns the Reply.

    Fields that do not fit the state, such as a substitute with an acceptance, are hidden and
    ignored.
    """

    state = forms.ChoiceField(
        label=gettext_lazy("Your reply"), choices=BUTTONS, widget=forms.RadioSelect
    )
    attends_by = forms.ChoiceField(
        label=gettext_lazy("How you attend"), required=False, widget=forms.RadioSelect
    )
    office = forms.CharField(
        label=gettext_lazy("Which office"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language you need"), required=False, widget=forms.RadioSelect
    )
    substitute_name = forms.CharField(
        label=gettext_lazy("Who could attend instead of you"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    substitute_email = forms.EmailField(
        label=gettext_lazy("Their e-mail"),
        required=False,
        help_text=gettext_lazy("The organisers decide, and contact them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    note = NoteField(
        label=gettext_lazy("A note to the organisers"),
        required=False,
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, own: OwnWorkshop, agenda: Agenda, zone: Zone, action: str
    ) -> None:
        reply = own.reply
        sessions = {uid: YES if yes else NO for uid, yes in reply.sessions}
        self.sessions = own.sessions_to_confirm
        super().__init__(
            data,
            label_suffix="",
            initial={
                **{name: getattr(reply, name) for name in self.base_fields if name != "seen"},
                **{
                    _field_name(session.uid): sessions.get(session.uid, YES)
                    for session in self.sessions
                },
                "seen": reply.fingerprint,
            },
        )
        room = _(" (%(name)s)") % {"name": own.room} if own.room else ""
        self._set_choices("attends_by", _attendance_choices(room))
        self._set_choices("language", _language_choices(agenda))
        for session in self.sessions:
            self.fields[_field_name(session.uid)] = _session_field(session, zone)
        self.helper = self._form_helper(action)

    def clean(self) -> dict[str, Any]:
        """Require the fields that fit the state; ignore errors in hidden fields."""
        values = super().clean() or {}
        if values.get("state") == State.DECLINED:
            self._drop_errors("attends_by", "office", "language")
            self._require_both(values, "substitute_name", "substitute_email")
        else:
            self._drop_errors("substitute_name", "substitute_email")
            if values.get("attends_by") != AttendsBy.OFFICE:
                self._drop_errors("office")
            elif not values.get("office"):
                self._add_first_error("office", _("Enter the office that you attend from."))
        return values

    def answer(self) -> Reply:
        """Reply of a valid form."""
        values = self.cleaned_data
        texts = {name: values.get(name, "") for name in self.base_fields if name != "seen"}
        sessions = tuple(
            (session.uid, values[_field_name(session.uid)] == YES)
            for session in self.sessions
            if values.get(_field_name(session.uid))
        )
        return Reply(**texts, sessions=sessions).normalised()

    def _set_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _require_both(self, values: dict[str, Any], name: str, address: str) -> None:
        if values.get(name) and not values.get(address):
            self._add_first_error(
                address, _("Enter their e-mail too, so that they can be invited.")
            )
        if values.get(address) and not values.get(name):
            self._add_first_error(name, _("Enter their name."))

    def _drop_errors(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)

    def _add_first_error(self, name: str, message: str) -> None:
        if name not in self.errors:
            self.add_error(name, message)

    def _form_helper(self, action: str) -> FormHelper:
        """Layout of the form; me.css shows and hides fields by state."""
        sessions = [_field_name(session.uid) for session in self.sessions]
        helper = FormHelper(self)
        helper.form_action = action
        helper.form_class = "reply-form"
        helper.layout = Layout(
            "state",
            *([Div(*sessions, css_class="if-coming in-a-row")] if sessions else []),
            Div("attends_by", css_class="if-coming"),
            Div("office", css_class="if-coming if-office"),
            Div("language", css_class="if-coming in-a-row"),
            Div("substitute_name", "substitute_email", css_class="if-declined"),
            "note",
            "seen",
        )
        helper.add_input(Submit("send", _("Send reply")))
        return helper


def _field_name(session: UUID) -> str:
    return f"session_{session.hex}"


def _attendance_choices(room: str) -> list[tuple[str, str]]:
    labels = {choice.value: str(choice.label).capitalize() for choice in AttendsBy}
    return [(value, label + (room if value == "room" else "")) for value, label in labels.items()]


def _language_choices(agenda: Agenda) -> list[tuple[str, str]]:
    names = dict(Participation.Language.choices)
    return [(code, str(names[code])) for code in agenda.languages if code in names]


def _session_field(session: Session, zone: Zone) -> forms.ChoiceField:
    when = time_ranges.span(session.starts_at, session.ends_at, zone)
    return forms.ChoiceField(
        label=f"{renderers_labels.session_title(session)}, {when}",
        choices=[(YES, _("Yes, I take part")), (NO, _("No"))],
        required=False,
        widget=forms.RadioSelect,
    )
