"""Effects of a release on one person, as sentences."""

from django.utils.translation import gettext as _

from sessions_app.agenda.impact import AffectedItem, Reason
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone


def sentence(item: AffectedItem, zone: Zone) -> str:
    """`Session 3: moved from … to …; new title: “…”.`, with times in `zone`."""
    reasons = "; ".join(_reason_text(item, reason, zone) for reason in item.reasons)
    return f"{_name(item)}: {reasons}."


def _name(item: AffectedItem) -> str:
    thing = item.after or item.before
    if isinstance(thing, Session):
        return labels.session_name(thing)
    return str(thing.title) if thing else ""


def _reason_text(item: AffectedItem, reason: Reason, zone: Zone) -> str:
    before, after = (_time_text(version, zone) for version in (item.before, item.after))
    label = zone.label
    match reason:
        case "added":
            return _("new session, %(when)s") % {"when": f"{after} {label}"}
        case "removed":
            return _("no longer in this session (it was %(when)s)") % {"when": f"{before} {label}"}
        case "moved" if before != after:
            return _("moved from %(was)s to %(now)s") % {"was": before, "now": f"{after} {label}"}
        case "status" if isinstance(item.after, Session):
            return labels.status(item.after).lower() or _("confirmed")
        case "retitled" if item.after and _titles(item)[0] != _titles(item)[1]:
            return _("new title: “%(title)s”") % {"title": item.after.title}
    return {
        "cancelled": _("cancelled"),
        "moved": _("moved to another workshop"),
        "place": _("new place"),
        "role": _("role or printed name changed"),
        "presentation": _("their presentation changed"),
        "questions": _("the questions or their minutes changed"),
        "retitled": _("number, kind, heading or translation changed"),
        "other_people": _("other people or their order changed"),
    }.get(reason, _("details changed"))


def _time_text(thing: Session | Workshop | None, zone: Zone) -> str:
    return time_ranges.span(thing.starts_at, thing.ends_at, zone) if thing else ""


def _titles(item: AffectedItem) -> tuple[str, str]:
    before, after = (str(version.title) if version else "" for version in (item.before, item.after))
    return before, after
