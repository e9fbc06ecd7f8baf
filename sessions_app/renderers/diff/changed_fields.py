"""The facts on both sides of a change, for display side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sessions_app.agenda.diff import Change, Kind, Subject
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Session, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.diff import change_sentences
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Fact:
    """A text, with a label if its meaning is not obvious."""

    label: str
    text: Text


Facts = Mapping[object, Fact]
FactRows = Iterator[tuple[object, str, Text]]


def facts(change: Change, zone: Zone) -> tuple[Facts, Facts]:
    """The facts of the changed aspect before and after, in order; empty for None.

    Equal keys stand for the same thing: a question, a person, the title.
    """
    places: tuple[Workshop | None, Workshop | None] = (None, None)
    if change_sentences.changed_workshop(change):
        places = (change.former_workshop, change.workshop)
    before, after = (
        _by_key(_facts(change.kind, subject, place, zone) if subject else ())
        for subject, place in zip((change.before, change.after), places, strict=True)
    )
    return before, after


def _by_key(rows: Iterable[tuple[object, str, Text]]) -> Facts:
    """The facts with a text; repeated keys are numbered."""
    counts: Counter[object] = Counter()
    facts: dict[object, Fact] = {}
    for key, label, text in rows:
        counts[key] += 1
        if text:
            facts[key, counts[key]] = Fact(label, text)
    return facts


def _facts(kind: Kind, subject: Subject, place: Workshop | None, zone: Zone) -> FactRows:
    """The facts of one side; `workshop` is a session's workshop, if it differs."""
    match kind, subject:
        case "people", Agenda():
            return _all_people(subject)
        case "people", Session() | Workshop():
            return _people(subject.people)
        case "about", Agenda() | Workshop():
            return _about(subject)
        case "presentations", Session():
            return _presentations(subject)
        case "questions", Session():
            return _questions(subject)
        case "zones", Agenda():
            return _zones(subject)
        case "retitled", _any:
            return _titles(subject)
        case "details", _any:
            return _details(subject, zone)
        case _kind, Session() | Workshop():
            return _place_status_or_time(kind, subject, place, zone)
    return iter(())


def _place_status_or_time(
    kind: Kind, subject: Session | Workshop, place: Workshop | None, zone: Zone
) -> FactRows:
    """A place, a status, or a time."""
    if kind == "place":
        yield "place", "", subject.place
    elif kind == "status" and isinstance(subject, Session):
        yield "status", "", Text(labels.status(subject) or _("Confirmed"))
    else:
        when = f"{time_ranges.span(subject.starts_at, subject.ends_at, zone)} {zone.label}"
        yield "when", "", Text(f"{place.title}: {when}" if place else when)


def _titles(subject: Subject) -> FactRows:
    yield "title", "", subject.title
    if isinstance(subject, Session):
        yield "heading", _("Heading"), subject.heading
        kinds = dict.fromkeys((labels.session_label(subject), labels.kind(subject)))
        yield "kind", _("Kind"), Text(", ".join(kinds))
    if isinstance(subject, Workshop):
        yield "others", _("Also called"), Text("; ".join(subject.other_titles))


def _people(people: tuple[Appearance, ...]) -> FactRows:
    for appearance in people:
        country = Text(labels.country(appearance.country) if appearance.country else "")
        role = Text(labels.role(appearance.role, 1).lower())
        name = appearance.name or Text(labels.name(appearance))
        text = _joined(name, appearance.position, appearance.organisation, country, role)
        yield appearance.person or str(appearance.name), "", text


def _all_people(agenda: Agenda) -> FactRows:
    for person in agenda.people:
        country = Text(labels.country(person.country) if person.country else "")
        own = _joined(person.name, person.position, person.organisation, country, Text(person.zone))
        yield person.uid, "", own


def _about(subject: Agenda | Workshop) -> FactRows:
    for section in subject.about:
        yield (section.uid, "title"), "", section.title
        yield (section.uid, "body"), str(section.title), section.body


def _presentations(session: Session) -> FactRows:
    for talk in session.presentations:
        title, minutes = str(talk.title), labels.minutes(talk.minutes) if talk.minutes else ""
        yield (talk.uid, "title"), "", talk.title
        yield (talk.uid, "minutes"), title, Text(minutes)
        for appearance, _label, text in _people(talk.people):
            yield (talk.uid, appearance), title, text


def _questions(session: Session) -> FactRows:
    stated = session.questions_minutes
    yield "minutes", _("Time for questions"), Text(labels.minutes(stated) if stated else "")
    for block in session.question_blocks:
        countries = labels.join_list([labels.country(code) for code in block.countries])
        countries_and_minutes = _joined(Text(countries), Text(labels.block_minutes(block)))
        yield (block.uid, "asked"), _("Questions to"), countries_and_minutes
        yield (block.uid, "note"), _("For the moderator"), block.moderator_note
        for question in block.questions:
            yield question.uid, countries, question.text


def _zones(agenda: Agenda) -> FactRows:
    shown = ", ".join(f"{zone.label} ({zone.key})" for zone in agenda.zones)
    yield "zones", _("Shown"), Text(shown)
    yield "zone", _("Event’s time zone"), Text(agenda.zone)


def _details(subject: Subject, zone: Zone) -> FactRows:
    match subject:
        case Session():
            yield "note", _("Printed note"), subject.note
            yield "key", _("Key in the URL"), Text(subject.key)
        case Workshop():
            yield "audience", _("Audience"), subject.audience
            yield "admission", _("Admission"), Text(labels.admission(subject.admission))
            yield "key", _("Key in the URL"), Text(subject.key)
            for window in subject.stated_windows:
                when = time_ranges.span(window.starts_at, window.ends_at, zone)
                stated = _joined(Text(f"{when} {zone.label}"), Text(window.as_printed))
                yield window.source, window.source, stated
        case Agenda():
            yield "organisers", _("Organisers"), subject.organisers
            yield "partners", _("In collaboration with"), subject.partners
            yield "platform", _("Online"), subject.platform
            yield "interpretation", _("Interpretation"), subject.interpretation
            yield "office", _("Office"), _joined(subject.office_name, Text(subject.office_address))
            yield "languages", _("Languages"), Text(", ".join(subject.languages))
            yield "slug", _("Key in the URL"), Text(subject.slug)


def _joined(*texts: Text) -> Text:
    """The texts in one line, and in Lao if one of them is."""
    english = ", ".join(text.en for text in texts if text.en)
    if not any(text.lo for text in texts):
        return Text(english)
    return Text(english, ", ".join(text.lo or text.en for text in texts if text))
