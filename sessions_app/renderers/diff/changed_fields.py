"""What one side of a change says, fact by fact, so that both sides can stand beside each other."""

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
    """A text, and what it is where that does not go without saying."""

    label: str
    text: Text


Facts = Mapping[object, Fact]
Found = Iterator[tuple[object, str, Text]]


def facts(change: Change, zone: Zone) -> tuple[Facts, Facts]:
    """What both sides of a change say of the aspect that changed, in order; nothing for None.

    Equal keys stand for the same thing: a question, somebody, the title.
    """
    places: tuple[Workshop | None, Workshop | None] = (None, None)
    if change_sentences.changed_workshop(change):
        places = (change.former_workshop, change.workshop)
    before, after = (
        _by_key(_of(change.kind, subject, place, zone) if subject else ())
        for subject, place in zip((change.before, change.after), places, strict=True)
    )
    return before, after


def _by_key(found: Iterable[tuple[object, str, Text]]) -> Facts:
    """The facts that say something; a key that stands twice is told apart by its count."""
    seen: Counter[object] = Counter()
    kept: dict[object, Fact] = {}
    for key, label, text in found:
        seen[key] += 1
        if text:
            kept[key, seen[key]] = Fact(label, text)
    return kept


def _of(kind: Kind, subject: Subject, place: Workshop | None, zone: Zone) -> Found:
    """The facts of one side; `place` is where a session is, if that differs."""
    match kind, subject:
        case "people", Agenda():
            return _everybody(subject)
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
            return _standing(kind, subject, place, zone)
    return iter(())


def _standing(kind: Kind, subject: Session | Workshop, place: Workshop | None, zone: Zone) -> Found:
    """Where it is, whether it stands or when it is."""
    if kind == "place":
        yield "place", "", subject.place
    elif kind == "status" and isinstance(subject, Session):
        yield "status", "", Text(labels.status(subject) or _("Confirmed"))
    else:
        when = f"{time_ranges.span(subject.starts_at, subject.ends_at, zone)} {zone.label}"
        yield "when", "", Text(f"{place.title}: {when}" if place else when)


def _titles(subject: Subject) -> Found:
    yield "title", "", subject.title
    if isinstance(subject, Session):
        yield "heading", _("Heading"), subject.heading
        kinds = dict.fromkeys((labels.session_label(subject), labels.kind(subject)))
        yield "kind", _("Kind"), Text(", ".join(kinds))
    if isinstance(subject, Workshop):
        yield "others", _("Also called"), Text("; ".join(subject.other_titles))


def _people(people: tuple[Appearance, ...]) -> Found:
    for who in people:
        country = Text(labels.country(who.country) if who.country else "")
        role = Text(labels.role(who.role, 1).lower())
        name = who.name or Text(labels.name(who))
        text = _joined(name, who.position, who.organisation, country, role)
        yield who.person or str(who.name), "", text


def _everybody(agenda: Agenda) -> Found:
    for person in agenda.people:
        country = Text(labels.country(person.country) if person.country else "")
        own = _joined(person.name, person.position, person.organisation, country, Text(person.zone))
        yield person.uid, "", own


def _about(subject: Agenda | Workshop) -> Found:
    for section in subject.about:
        yield (section.uid, "title"), "", section.title
        yield (section.uid, "body"), str(section.title), section.body


def _presentations(session: Session) -> Found:
    for talk in session.presentations:
        title, minutes = str(talk.title), labels.minutes(talk.minutes) if talk.minutes else ""
        yield (talk.uid, "title"), "", talk.title
        yield (talk.uid, "minutes"), title, Text(minutes)
        for who, _label, text in _people(talk.people):
            yield (talk.uid, who), title, text


def _questions(session: Session) -> Found:
    stated = session.questions_minutes
    yield "minutes", _("Minutes for questions"), Text(labels.minutes(stated) if stated else "")
    for block in session.question_blocks:
        countries = labels.listed([labels.country(code) for code in block.countries])
        asked = _joined(Text(countries), Text(labels.block_minutes(block)))
        yield (block.uid, "asked"), _("Asked"), asked
        yield (block.uid, "note"), _("For the moderator"), block.moderator_note
        for question in block.questions:
            yield question.uid, countries, question.text


def _zones(agenda: Agenda) -> Found:
    shown = ", ".join(f"{zone.label} ({zone.key})" for zone in agenda.zones)
    yield "zones", _("Shown"), Text(shown)
    yield "zone", _("The event’s own"), Text(agenda.zone)


def _details(subject: Subject, zone: Zone) -> Found:
    match subject:
        case Session():
            yield "note", _("Printed note"), subject.note
            yield "key", _("In addresses"), Text(subject.key)
        case Workshop():
            yield "audience", _("Audience"), subject.audience
            yield "admission", _("Admission"), Text(labels.admission(subject.admission))
            yield "key", _("In addresses"), Text(subject.key)
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
            yield "slug", _("In addresses"), Text(subject.slug)


def _joined(*texts: Text) -> Text:
    """The texts in one line, and in Lao where one of them is."""
    english = ", ".join(text.en for text in texts if text.en)
    if not any(text.lo for text in texts):
        return Text(english)
    return Text(english, ", ".join(text.lo or text.en for text in texts if text))
