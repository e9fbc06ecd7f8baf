"""What changed between releases, in sentences that name the thing and both readings."""

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
    """A release in the list; `note` and `by` are empty for readers who are no organisers."""

    number: int
    released: str
    note: str
    by: str
    is_first: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What other documents say of a workshop, for organisers."""

    workshop: Workshop
    windows: tuple[tuple[str, str, tuple[str, ...]], ...]


def other_readings(agenda: Agenda, zones: Sequence[Zone]) -> tuple[OtherReading, ...]:
    """The windows and titles that other documents state; nothing in an agenda cut for others."""
    return tuple(
        OtherReading(
            workshop,
            tuple(
                (
                    window.source,
                    f"{span(window.starts_at, window.ends_at, zones[0])} {zones[0].label}",
                    labels.lines(window.as_printed),
                )
                for window in workshop.stated_windows
            ),
        )
        for workshop in agenda.workshops
        if workshop.stated_windows or workshop.other_titles
    )


def sentence(change: Change, zone: Zone) -> str:
    """A change as one sentence, its times on the clock of `zone`."""
    subject = change.subject
    if isinstance(subject, Session):
        return _of_session(change, subject, zone)
    if isinstance(subject, Workshop):
        return _of_workshop(change, subject, zone)
    said = {
        "retitled": _("The event has a new title: %(title)s") % {"title": subject.title},
        "zones": _("The zones in which times are shown changed."),
        "people": _("What is told of the people who take part changed."),
        "about": _("The text about the event changed."),
    }
    return said.get(change.kind, _("Details of the event changed."))


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
            return _("%(name)s has another place.") % names
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
            return _("%(name)s has another place.") % names
        case "about":
            return _("The text about %(name)s changed.") % names
    return _("Details of %(name)s changed.") % names


def _retitled(names: dict[str, str]) -> str:
    """What stands over a session may change while its English title stays."""
    if names["before"] == names["after"]:
        return _("%(name)s: its number, kind, heading or translation changed.") % names
    return _("%(name)s: “%(before)s” is now “%(after)s”.") % names


def _titles(change: Change) -> dict[str, str]:
    both = change.before, change.after
    before, after = (str(getattr(each, "title", "") or "…") for each in both)
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
    """Whether a session went from one workshop to another."""
    was, is_now = change.former_workshop, change.workshop
    return was is not None and is_now is not None and was.uid != is_now.uid


def _status(session: Session) -> str:
    said = {
        "cancelled": _("%(name)s is cancelled."),
        "tentative": _("%(name)s is tentative."),
    }.get(session.status, _("%(name)s is confirmed."))
    return said % {"name": labels.session_name(session)}


def _people(change: Change, name: str) -> str:
    stayed = {who.name for who in change.came} & {who.name for who in change.left}
    came = [str(who.name) for who in change.came if who.name not in stayed]
    left = [str(who.name) for who in change.left if who.name not in stayed]
    said = []
    if came:
        said.append(_("%(people)s joined") % {"people": labels.listed(came)})
    if left:
        said.append(_("%(people)s left") % {"people": labels.listed(left)})
    if stayed:
        said.append(
            _("%(people)s: role or affiliation changed")
            % {"people": labels.listed(sorted(map(str, stayed)))}
        )
    if not said:
        said.append(_("people stand in another order"))
    return f"{name}: {'; '.join(said)}."
