"""Data protection: export of a person's data, and erasure by pseudonym."""

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
    OutgoingMail,
    Participation,
    Person,
    PersonalLink,
    SentEntry,
    SessionReply,
)
from sessions_app.agenda import serialization
from sessions_app.agenda.pseudonyms import pseudonymised, texts_naming
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.types import Person as PersonValue
from sessions_app.documents import storage
from sessions_app.models import Appearance, Release
from sessions_app.publishing import from_rows, queries
from workshop.models import Event, Workshop

NAMES = ("full_name", "honorific", "position", "organisation")
PRIVATE = ("email", "assistant_email", "zone", "own_clock", "former_keys")


def export_personal_data(person: Person) -> dict[str, Any]:
    """Export all data stored on a person: rows, history, e-mails, links and releases.

    Links are listed by purpose and dates; their tokens are not stored.
    """
    participations = Participation.objects.filter(person=person)
    rows: dict[str, Iterable[Model]] = {
        "participations": participations,
        "session_replies": SessionReply.objects.filter(participation__in=participations),
        "appearances": Appearance.objects.filter(person=person),
        "letters": OutgoingMail.objects.filter(person=person),
        "calendar_entries_sent": SentEntry.objects.filter(person=person),
        "history_of_the_person": _history(Person).filter(uid=person.pk),
        "history_of_participations": _history(Participation).filter(person=person.pk),
        "history_of_appearances": _history(Appearance).filter(person=person.pk),
    }
    links = PersonalLink.objects.filter(person=person)
    link_columns = ("purpose", "made_at", "opened_at", "expires_at", "revoked_at")
    return {
        "person": _columns(person),
        **{name: [_columns(row) for row in group] for name, group in rows.items()},
        "links": [{name: _plain(getattr(link, name)) for name in link_columns} for link in links],
        "releases": [
            {"event": slug, "release": number}
            for slug, number in Release.objects.filter(agenda__contains=str(person.pk)).values_list(
                "event__slug", "number"
            )
        ],
    }


@transaction.atomic
def erase(*, person: Person) -> tuple[str, ...]:
    """Replace a person by a pseudonym in rows, history, releases and stored documents.

    The programme keeps their sessions and country. Links, texts of replies and e-mails are
    deleted for good. Returns the texts of programmes that still contain the person's name.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    uids = _uids_with_merged(person)
    names, addresses = _names_and_addresses(uids)
    _erase_mails(person, names)
    PersonalLink.objects.filter(person=person).delete()
    _erase_log(uids, names)
    _blank(Participation, Q(person__in=uids), ("note", "office", *_SUBSTITUTE), attends_by="")
    as_substitute = Q(substitute_email__in=addresses) | Q(substitute_name__in=names)
    _blank(Participation, as_substitute, _SUBSTITUTE)
    _blank(Appearance, Q(person__in=uids), _in_languages("position", "organisation"))
    _rename(person, uids)
    pseudonym = from_rows.person_of(person)
    released = [agenda for uid in uids for agenda in _rewrite_releases(replace(pseudonym, uid=uid))]
    drafts = map(queries.get_draft, Event.objects.all())
    mentions = (text for agenda in (*released, *drafts) for text in texts_naming(agenda, names))
    notes = Release.objects.exclude(note="").values_list("note", flat=True)
    named_notes = (note for note in notes if _contains_name((note,), names))
    remaining = tuple(dict.fromkeys((*mentions, *named_notes)))
    storage.delete_all()  # stored documents contain the name
    # If the cache cannot be reached, its entries are unused from now on and expire within a day.
    transaction.on_commit(caches["responses"].clear, robust=True)
    return remaining


@transaction.atomic
def delete_old_participations(*, before: date) -> int:
    """Delete lists, replies, e-mails and links of events that ended before a day (UTC).

    The programme itself is unchanged. Returns the number of participations deleted.
    """
    moment = datetime.combine(before, time(), tzinfo=UTC)
    ended = Workshop.objects.values("event").annotate(end=Max("ends_at")).filter(end__lt=moment)
    events = [row["event"] for row in ended]
    participations = Participation.objects.filter(workshop__event__in=events)
    people = set(participations.values_list("person", flat=True))
    count = participations.count()
    workshops = Workshop.objects.filter(event__in=events).values("pk")
    _history(Participation).filter(workshop__in=workshops).delete()
    uids = list(participations.values_list("pk", flat=True))
    LogEntry.objects.filter(object_id__in=map(str, uids)).delete()
    _history(SessionReply).filter(participation__in=uids).delete()
    for rows in (SessionReply.objects.filter(participation__in=uids), participations):
        rows._raw_delete(rows.db)  # writes no history of the deletion
    OutgoingMail.objects.filter(event__in=events).delete()
    SentEntry.objects.filter(event__in=events).delete()
    listed = Participation.objects.filter(person__in=people).values("person")
    PersonalLink.objects.filter(person__in=people).exclude(person__in=listed).delete()
    return count


_SUBSTITUTE = ("substitute_name", "substitute_email")


def _history(model: type[Model]) -> Any:
    return model.history.all()  # type: ignore[attr-defined]  # simple-history has no types


def _columns(row: Model) -> dict[str, Any]:
    return {field.name: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def _plain(value: Any) -> Any:
    """Convert a column value for JSON."""
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _in_languages(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "_en", "_lo"))


def _blank(model: type[Model], where: Q, columns: Iterable[str], **values: Any) -> None:
    """Clear columns in the rows and in their history, without new history."""
    blank = {**dict.fromkeys(columns, ""), **values}
    rows = _every_column(model).filter(where)
    for queryset in (rows, _history(model).filter(where)):
        known = {field.name for field in queryset.model._meta.concrete_fields}
        queryset.update(**{name: value for name, value in blank.items() if name in known})


def _every_column(model: type[Model]) -> Any:
    """Rows without modeltranslation's rewriting, which hides the untranslated columns."""
    rows: Any = model._default_manager.all()
    return rows.rewrite(False) if hasattr(rows, "rewrite") else rows


def _uids_with_merged(person: Person) -> list[UUID]:
    """UIDs of the person, and of rows merged into it, which exist only in history."""
    merged = _history(Person).filter(history_type="-", key__in=person.former_keys.split())
    return [person.pk, *set(merged.values_list("uid", flat=True))]


def _names_and_addresses(uids: list[UUID]) -> tuple[frozenset[str], frozenset[str]]:
    """All names and e-mail addresses of the person, past ones included."""
    columns = ("full_name_en", "full_name_lo", "email", "assistant_email")
    rows = [
        *_every_column(Person).filter(pk__in=uids).values_list(*columns),
        *_history(Person).filter(uid__in=uids).values_list(*columns),
    ]
    names = {name for english, lao, *_addresses in rows for name in (english, lao) if name}
    return frozenset(names), frozenset(row[2] for row in rows if row[2])


def _erase_log(uids: list[UUID], names: frozenset[str]) -> None:
    """Clear the admin's log entries on the person and on their rows."""
    related = (
        str(pk)
        for model in (Participation, Appearance)
        for pk in _history(model).filter(person__in=uids).values_list("uid", flat=True)
    )
    of_person = Q(object_id__in=[*map(str, uids), *related])
    for name in names:
        of_person |= Q(object_repr__contains=name) | Q(change_message__contains=name)
    LogEntry.objects.filter(of_person).update(object_repr="", change_message="")


def _rename(person: Person, uids: list[UUID]) -> None:
    """Write the pseudonym to the row and its history."""
    suffix = person.pk.hex[:8]
    columns = {
        **dict.fromkeys(_in_languages(*NAMES), ""),
        **dict.fromkeys(PRIVATE, ""),
        **dict.fromkeys(("full_name", "full_name_en"), f"Participant {suffix}"),
        "key": f"participant-{suffix}",
        "sort_name": f"Participant {suffix}",
    }
    _history(Person).filter(uid__in=uids).update(**columns)
    _every_column(Person).filter(pk=person.pk).update(**columns)
    person.refresh_from_db()


def _erase_mails(person: Person, names: frozenset[str]) -> None:
    """Delete e-mails to the person, and the texts of e-mails to others that name the person."""
    OutgoingMail.objects.filter(person=person).delete()
    SentEntry.objects.filter(person=person).delete()
    for mail in OutgoingMail.objects.all():
        if _contains_name((mail.subject, mail.text, mail.html, *mail.calendars), names):
            if mail.state != OutgoingMail.State.SENT:
                mail.state = OutgoingMail.State.STOPPED
                # The stopped e-mail may have held join information, which is then due again.
                participations = Participation.objects.filter(workshop__event=mail.event_id)
                participations.filter(person=mail.person_id).update(told_join_version=0)
            mail.subject, mail.text, mail.html, mail.calendars = "", "", "", []
            mail.save()
    for entry in SentEntry.objects.all():
        if _contains_name((entry.calendar,), names):
            entry.calendar = _without_description(entry.calendar)
            entry.save()


def _contains_name(texts: Iterable[str], names: frozenset[str]) -> bool:
    unfolded = [
        text.replace("\r\n ", "").replace("\n ", "").replace("\\,", ",").replace("\\;", ";")
        for text in texts
    ]
    return any(name in text for name in names for text in unfolded)


def _without_description(calendar: str) -> str:
    """Calendar entry without its texts, which can still be cancelled by UID."""
    entry = Entry.from_ical(calendar)
    for component in entry.walk():
        for name in ("DESCRIPTION", "SUMMARY"):
            component.pop(name, None)
    return str(entry.to_ical().decode())


def _rewrite_releases(pseudonym: PersonValue) -> Iterable[Agenda]:
    """Replace the person in every release that contains them; yield the new agendas."""
    for release in Release.objects.filter(agenda__contains=str(pseudonym.uid)):
        agenda = pseudonymised(serialization.decode(release.agenda), pseudonym)
        release.agenda = serialization.encode(agenda)
        release.save(update_fields=["agenda"])
        Event.objects.filter(pk=release.event_id).update(erased_at=timezone.now())
        yield agenda
