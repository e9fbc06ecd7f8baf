"""Changes between releases as sentences, with the old and the new value."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sessions_app.agenda.diff import Change
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.renderers import labels
from sessions_app.renderers.time_ranges import span
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release in the list of changes; `note` and `by` are set for organisers only."""

    number: int
    released: str
    note: str
    by: str
    is_first: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherSources:
    """Titles and windows that other documents state for a workshop, for organisers."""

    workshop: Workshop
    windows: tuple[tuple[str, str, tuple[str, ...]], ...]


def other_sources(agenda: Agenda, zones: Sequence[Zone]) -> tuple[OtherSources, ...]:
    """Statements of other documents on each workshop; empty in an agenda cut for others."""
    return tuple(
        OtherSources(
            workshop,
            tuple(
                (
                    window.source,
                    f"{span(window.starts_at, window.ends_at, zones[0])} {zones[0].label}",
                    labels.split_lines(window.as_printed),
                )
                for window in workshop.stated_windows
            ),
        )
        for workshop in agenda.workshops
        if workshop.stated_windows or workshop.other_titles
    )


def sentence(change: Change, zone: Zone) -> str:
    """A change as one sentence, with times in `zone`."""
    subject = change.subject
    if isinstance(subject, Session):
        return _of_session(change, subject, zone)
    if isinstance(subject, Workshop):
        return _of_workshop(change, subject, zone)
    sentences = {
        "retitled": _("The event has a new title: %(title)s") % {"title": subject.title},
        "zones": _("The time zones shown on the programme changed."),
        "people": _("Details of people changed."),
        "about": _("The text about the event changed."),
    }
    return sentences.get(change.kind, _("Details of the event changed."))


def _of_session(change: Change, session: Session, zone: Zone) -> str:
    names = {"name": labels.session_name(session), **_titles(change)}
    now = f"{span(session.starts_at, session.ends_at, zone)} {zone.label}"
    match change.kind:
        case "added":
            return _("%(name)s is new: %(when)s.") % {**names, "when": now}
        case "removed":
            return _("%(name)s is no longer on the programme (it was %(when)s).") % {
                **names,
                "when": now,
            }
        case "moved":
            return _moved(change, session, zone)
        case "retitled":
            return _retitled(names)
        case "status":
            return _status(session)
        case "people":
            return _people(change, names["name"])
        case "place":
            return _("%(name)s has a new place.") % names
        case "presentations":
            return _("%(name)s: its presentations changed.") % names
        case "questions":
            return _("%(name)s: its questions or their minutes changed.") % names
    return _("%(name)s: details changed.") % names


def _of_workshop(change: Change, workshop: Workshop, zone: Zone) -> str:
    names = {"name": str(workshop.title), **_titles(change)}
    match change.kind:
        case "added":
            return _("New on the programme: %(name)s.") % names
        case "removed":
            return _("No longer on the programme: %(name)s.") % names
        case "moved":
            return _moved(change, workshop, zone)
        case "retitled":
            if names["before"] == names["after"]:
                return _("%(name)s: its translation or its other titles changed.") % names
            return _("“%(before)s” is now “%(after)s”.") % names
        case "people":
            return _people(change, names["name"])
        case "place":
            return _("%(name)s has a new place.") % names
        case "about":
            return _("The text about %(name)s changed.") % names
    return _("Details of %(name)s changed.") % names


def _retitled(names: dict[str, str]) -> str:
    """New title, or another change of the heading while the English title stays."""
    if names["before"] == names["after"]:
        return _("%(name)s: its number, kind, heading or translation changed.") % names
    return _("%(name)s: “%(before)s” is now “%(after)s”.") % names


def _titles(change: Change) -> dict[str, str]:
    both = change.before, change.after
    before, after = (str(getattr(version, "title", "") or "…") for version in both)
    return {"before": before, "after": after}


def _moved(change: Change, subject: Session | Workshop, zone: Zone) -> str:
    name = labels.session_name(subject) if isinstance(subject, Session) else str(subject.title)
    now = f"{span(subject.starts_at, subject.ends_at, zone)} {zone.label}"
    former = change.before
    if not isinstance(former, Session | Workshop):
        return name
    if changed_workshop(change) and former.starts_at == subject.starts_at:
        return _("%(name)s moved to another workshop: %(now)s.") % {"name": name, "now": now}
    was = span(former.starts_at, former.ends_at, zone)
    return _("%(name)s moved from %(was)s to %(now)s.") % {"name": name, "was": was, "now": now}


def changed_workshop(change: Change) -> bool:
    """True if a session moved to another workshop."""
    was, is_now = change.former_workshop, change.workshop
    return was is not None and is_now is not None and was.uid != is_now.uid


def _status(session: Session) -> str:
    template = {
        "cancelled": _("%(name)s is cancelled."),
        "tentative": _("%(name)s is tentative."),
    }.get(session.status, _("%(name)s is confirmed."))
    return template % {"name": labels.session_name(session)}


def _people(change: Change, name: str) -> str:
    stayed = {appearance.name for appearance in change.added_people} & {
        appearance.name for appearance in change.removed_people
    }
    joined = [
        str(appearance.name) for appearance in change.added_people if appearance.name not in stayed
    ]
    left = [
        str(appearance.name)
        for appearance in change.removed_people
        if appearance.name not in stayed
    ]
    clauses = []
    if joined:
        clauses.append(_("%(people)s joined") % {"people": labels.join_list(joined)})
    if left:
        clauses.append(_("%(people)s left") % {"people": labels.join_list(left)})
    if stayed:
        clauses.append(
            _("%(people)s: role or affiliation changed")
            % {"people": labels.join_list(sorted(map(str, stayed)))}
        )
    if not clauses:
        clauses.append(_("order of people changed"))
    return f"{name}: {'; '.join(clauses)}."
