"""Data protection: all that is held on a person, and a name that means nothing in its place."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.core.cache import caches
from django.db import transaction
from django.db.models import Max, Model, Q
from django.utils import timezone
from icalendar import Event as Entry

from participants.models import (
    Letter,
    Participation,
    Person,
    PersonalLink,
    SentEntry,
    SessionReply,
)
from sessions_app.agenda import serialization
from sessions_app.agenda.pseudonyms import naming, pseudonymised
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.types import Person as PersonValue
from sessions_app.documents import storage
from sessions_app.models import Appearance, Release
from sessions_app.publishing import from_rows, queries
from workshop.models import Event, Workshop

NAMES = ("full_name", "honorific", "position", "organisation")
PRIVATE = ("email", "assistant_email", "zone", "own_clock", "former_keys")


def held_on(person: Person) -> dict[str, Any]:
    """Everything that the site holds on somebody, as data: rows, history, mails, ways in.

    Tokens of links are in no row; a link is told by its dates.
    """
    places = Participation.objects.filter(person=person)
    rows: dict[str, Iterable[Model]] = {
        "participations": places,
        "session_replies": SessionReply.objects.filter(participation__in=places),
        "appearances": Appearance.objects.filter(person=person),
        "letters": Letter.objects.filter(person=person),
        "calendar_entries_sent": SentEntry.objects.filter(person=person),
        "history_of_the_person": _history(Person).filter(uid=person.pk),
        "history_of_participations": _history(Participation).filter(person=person.pk),
        "history_of_appearances": _history(Appearance).filter(person=person.pk),
    }
    links = PersonalLink.objects.filter(person=person)
    shown = ("purpose", "made_at", "opened_at", "expires_at", "revoked_at")
    return {
        "person": _columns(person),
        **{name: [_columns(row) for row in found] for name, found in rows.items()},
        "links": [{name: _plain(getattr(link, name)) for name in shown} for link in links],
        "releases": [
            {"event": release.event.slug, "release": release.number}
            for release in Release.objects.select_related("event")
            if str(person.pk) in release.agenda
        ],
    }


@transaction.atomic
def erase(*, person: Person) -> tuple[str, ...]:
    """Put a pseudonym in the place of a person, in rows, history, releases and what was drawn.

    The programme keeps its parts and their country. Links, replies' words and mails go; nothing
    brings them back. Returns the texts of programmes that still name the person among other words.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    uids = _rows_of(person)
    names, addresses = _known_as(uids)
    _erase_letters(person, names)
    PersonalLink.objects.filter(person=person).delete()
    _erase_log(uids, names)
    _blank(Participation, Q(person__in=uids), ("note", "office", *_SUBSTITUTE), attends_by="")
    as_substitute = Q(substitute_email__in=addresses) | Q(substitute_name__in=names)
    _blank(Participation, as_substitute, _SUBSTITUTE)
    _blank(Appearance, Q(person__in=uids), _in_languages("position", "organisation"))
    _rename(person, uids)
    instead = from_rows.person_of(person)
    released = [each for uid in uids for each in _rewritten(replace(instead, uid=uid))]
    drafts = map(queries.get_draft, Event.objects.all())
    left = (text for each in (*released, *drafts) for text in naming(each, names))
    notes = Release.objects.exclude(note="").values_list("note", flat=True)
    kept = tuple(dict.fromkeys((*left, *(note for note in notes if _is_named((note,), names)))))
    storage.forget_all()  # papers are kept under what they say, which was a name
    # Nobody finds it any more; where the cache is away, what is in it goes within a day.
    transaction.on_commit(caches["ready"].clear, robust=True)
    return kept


@transaction.atomic
def forget_replies(*, before: date) -> int:
    """Delete lists, replies, mails and links of events that were over before a day (UTC).

    Who stood in the programme stays there. Returns how many places in lists went.
    """
    moment = datetime.combine(before, time(), tzinfo=UTC)
    over = Workshop.objects.values("event").annotate(end=Max("ends_at")).filter(end__lt=moment)
    events = [row["event"] for row in over]
    gone = Participation.objects.filter(workshop__event__in=events)
    people = set(gone.values_list("person", flat=True))
    count = gone.count()
    workshops = Workshop.objects.filter(event__in=events).values("pk")
    _history(Participation).filter(workshop__in=workshops).delete()
    places = list(gone.values_list("pk", flat=True))
    LogEntry.objects.filter(object_id__in=map(str, places)).delete()
    _history(SessionReply).filter(participation__in=places).delete()
    for model in (SessionReply.objects.filter(participation__in=places), gone):
        model._raw_delete(model.db)  # without writing down once more what is to be forgotten
    Letter.objects.filter(event__in=events).delete()
    SentEntry.objects.filter(event__in=events).delete()
    still = Participation.objects.filter(person__in=people).values("person")
    PersonalLink.objects.filter(person__in=people).exclude(person__in=still).delete()
    return count


_SUBSTITUTE = ("substitute_name", "substitute_email")


def _history(model: type[Model]) -> Any:
    return model.history.all()  # type: ignore[attr-defined]  # simple-history has no types


def _columns(row: Model) -> dict[str, Any]:
    return {field.name: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    """As JSON takes it."""
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _in_languages(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "_en", "_lo"))


def _blank(model: type[Model], where: Q, columns: Iterable[str], **values: Any) -> None:
    """Empty these columns in the rows and in all their history, writing no new history."""
    blank = {**dict.fromkeys(columns, ""), **values}
    rows = _every_column(model).filter(where)
    for found in (rows, _history(model).filter(where)):
        own = {field.name for field in found.model._meta.concrete_fields}
        found.update(**{name: value for name, value in blank.items() if name in own})


def _every_column(model: type[Model]) -> Any:
    """Rows whose untranslated column is a column like others, which translation hides."""
    rows: Any = model._default_manager.all()
    return rows.rewrite(False) if hasattr(rows, "rewrite") else rows


def _rows_of(person: Person) -> list[UUID]:
    """The person's row, and those that were merged into it, which only history holds."""
    merged = _history(Person).filter(history_type="-", key__in=person.former_keys.split())
    return [person.pk, *set(merged.values_list("uid", flat=True))]


def _known_as(uids: list[UUID]) -> tuple[frozenset[str], frozenset[str]]:
    """Every name and every e-mail address that the person ever had here."""
    columns = ("full_name_en", "full_name_lo", "email", "assistant_email")
    rows = [
        *_every_column(Person).filter(pk__in=uids).values_list(*columns),
        *_history(Person).filter(uid__in=uids).values_list(*columns),
    ]
    names = {name for english, lao, *_mails in rows for name in (english, lao) if name}
    return frozenset(names), frozenset(row[2] for row in rows if row[2])


def _erase_log(uids: list[UUID], names: frozenset[str]) -> None:
    """What the admin writes down of each save, of the person and of what hangs on them."""
    hanging = (
        str(pk)
        for model in (Participation, Appearance)
        for pk in _history(model).filter(person__in=uids).values_list("uid", flat=True)
    )
    of_person = Q(object_id__in=[*map(str, uids), *hanging])
    for name in names:
        of_person |= Q(object_repr__contains=name) | Q(change_message__contains=name)
    LogEntry.objects.filter(of_person).update(object_repr="", change_message="")


def _rename(person: Person, uids: list[UUID]) -> None:
    """The pseudonym, in the row and in everything that history holds of it."""
    known = person.pk.hex[:8]
    columns = {
        **dict.fromkeys(_in_languages(*NAMES), ""),
        **dict.fromkeys(PRIVATE, ""),
        **dict.fromkeys(("full_name", "full_name_en"), f"Participant {known}"),
        "key": f"participant-{known}",
        "sort_name": f"Participant {known}",
    }
    _history(Person).filter(uid__in=uids).update(**columns)
    _every_column(Person).filter(pk=person.pk).update(**columns)
    person.refresh_from_db()


def _erase_letters(person: Person, names: frozenset[str]) -> None:
    """Mails to the person go; those to others that name the person lose their words."""
    Letter.objects.filter(person=person).delete()
    SentEntry.objects.filter(person=person).delete()
    for letter in Letter.objects.all():
        if _is_named((letter.subject, letter.text, letter.html, *letter.calendars), names):
            if letter.state != Letter.State.SENT:
                letter.state = Letter.State.STOPPED
                # Its words said how to join, perhaps: that has to be told once more.
                places = Participation.objects.filter(workshop__event=letter.event_id)
                places.filter(person=letter.person_id).update(told_join_version=0)
            letter.subject, letter.text, letter.html, letter.calendars = "", "", "", []
            letter.save()
    for entry in SentEntry.objects.all():
        if _is_named((entry.calendar,), names):
            entry.calendar = _without_description(entry.calendar)
            entry.save()


def _is_named(texts: Iterable[str], names: frozenset[str]) -> bool:
    unfolded = [
        text.replace("\r\n ", "").replace("\n ", "").replace("\\,", ",").replace("\\;", ";")
        for text in texts
    ]
    return any(name in text for name in names for text in unfolded)


def _without_description(calendar: str) -> str:
    """An entry that can still be cancelled, with its times and UID and without its words."""
    entry = Entry.from_ical(calendar)
    for component in entry.walk():
        for words in ("DESCRIPTION", "SUMMARY"):
            component.pop(words, None)
    return str(entry.to_ical().decode())


def _rewritten(instead: PersonValue) -> Iterable[Agenda]:
    """Every release in which the person stands, written again without them."""
    for release in Release.objects.filter(agenda__contains=str(instead.uid)):
        agenda = pseudonymised(serialization.decode(release.agenda), instead)
        release.agenda = serialization.encode(agenda)
        release.save(update_fields=["agenda"])
        Event.objects.filter(pk=release.event_id).update(erased_at=timezone.now())
        yield agenda
