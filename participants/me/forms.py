"""A reply as it is typed: for one workshop, by somebody who is invited to it."""

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

LONGEST_NOTE = 5000
YES, NO = "yes", "no"


class NoteField(forms.CharField):
    """A text of several lines; a line's end counts as one character, as the browser counts it."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class ReplyForm(forms.Form):
    """Everything that can be said of one workshop; `answer` of a valid form is what was said.

    What does not go with the answer, a substitute with an acceptance, say, is neither asked for
    nor kept.
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
        label=gettext_lazy("Who could come instead of you"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    substitute_email = forms.EmailField(
        label=gettext_lazy("Their e-mail"),
        required=False,
        help_text=gettext_lazy("The organisers decide, and write to them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    note = NoteField(
        label=gettext_lazy("A note to the organisers"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, own: OwnWorkshop, agenda: Agenda, zone: Zone, action: str
    ) -> None:
        reply = own.reply
        sessions = {uid: YES if yes else NO for uid, yes in reply.sessions}
        self.sessions = own.to_answer
        super().__init__(
            data,
            label_suffix="",
            initial={
                **{name: getattr(reply, name) for name in self.base_fields if name != "seen"},
                **{_name(each.uid): sessions.get(each.uid, YES) for each in self.sessions},
                "seen": reply.mark,
            },
        )
        room = _(" (%(name)s)") % {"name": own.room} if own.room else ""
        self._choices("attends_by", _places(room))
        self._choices("language", _languages(agenda))
        for session in self.sessions:
            self.fields[_name(session.uid)] = _session_field(session, zone)
        self.helper = self._laid_out(action)

    def clean(self) -> dict[str, Any]:
        """What goes with the answer must be whole; what is hidden beside it cannot be wrong."""
        said = super().clean() or {}
        if said.get("state") == State.DECLINED:
            self._forgive("attends_by", "office", "language")
            self._both(said, "substitute_name", "substitute_email")
        else:
            self._forgive("substitute_name", "substitute_email")
            if said.get("attends_by") != AttendsBy.OFFICE:
                self._forgive("office")
            elif not said.get("office"):
                self._unless_wrong("office", _("Name the office that you attend from."))
        return said

    def answer(self) -> Reply:
        """What was said; of a valid form."""
        said = self.cleaned_data
        texts = {name: said.get(name, "") for name in self.base_fields if name != "seen"}
        sessions = tuple(
            (each.uid, said[_name(each.uid)] == YES)
            for each in self.sessions
            if said.get(_name(each.uid))
        )
        return Reply(**texts, sessions=sessions).settled()

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _both(self, said: dict[str, Any], name: str, address: str) -> None:
        if said.get(name) and not said.get(address):
            self._unless_wrong(address, _("Give their e-mail too, so that they can be invited."))
        if said.get(address) and not said.get(name):
            self._unless_wrong(name, _("Say who it is."))

    def _forgive(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)

    def _unless_wrong(self, name: str, message: str) -> None:
        if name not in self.errors:
            self.add_error(name, message)

    def _laid_out(self, action: str) -> FormHelper:
        """What is shown with which answer is a matter of looks: me.css."""
        sessions = [_name(each.uid) for each in self.sessions]
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


def _name(session: UUID) -> str:
    return f"session_{session.hex}"


def _places(room: str) -> list[tuple[str, str]]:
    labels = {each.value: str(each.label).capitalize() for each in AttendsBy}
    return [(value, label + (room if value == "room" else "")) for value, label in labels.items()]


def _languages(agenda: Agenda) -> list[tuple[str, str]]:
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
