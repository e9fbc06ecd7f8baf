"""What a release changes for somebody, in sentences."""

from django.utils.translation import gettext as _

from sessions_app.agenda.impact import Part, Reason
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone


def sentence(part: Part, zone: Zone) -> str:
    """`Session 3: moved from … to …; new title: “…”.`, times on the clock of `zone`."""
    said = "; ".join(_said(part, reason, zone) for reason in part.reasons)
    return f"{_name(part)}: {said}."


def _name(part: Part) -> str:
    thing = part.after or part.before
    if isinstance(thing, Session):
        return labels.session_name(thing)
    return str(thing.title) if thing else ""


def _said(part: Part, reason: Reason, zone: Zone) -> str:
    before, after = (_when(each, zone) for each in (part.before, part.after))
    label = zone.label
    match reason:
        case "new_part":
            return _("a new part, %(when)s") % {"when": f"{after} {label}"}
        case "part_gone":
            return _("no part in it any more (it was %(when)s)") % {"when": f"{before} {label}"}
        case "moved" if before != after:
            return _("moved from %(was)s to %(now)s") % {"was": before, "now": f"{after} {label}"}
        case "status" if isinstance(part.after, Session):
            return labels.status(part.after).lower() or _("confirmed")
        case "retitled" if part.after and _titles(part)[0] != _titles(part)[1]:
            return _("new title: “%(title)s”") % {"title": part.after.title}
    return {
        "cancelled": _("cancelled"),
        "moved": _("moved to another workshop"),
        "place": _("another place"),
        "role": _("another role, or printed otherwise"),
        "presentation": _("their presentation changed"),
        "questions": _("the questions or their minutes changed"),
        "retitled": _("another number, kind, heading or translation"),
        "company": _("others take part, or in another order"),
    }.get(reason, _("details changed"))


def _when(thing: Session | Workshop | None, zone: Zone) -> str:
    return time_ranges.span(thing.starts_at, thing.ends_at, zone) if thing else ""


def _titles(part: Part) -> tuple[str, str]:
    before, after = (str(each.title) if each else "" for each in (part.before, part.after))
    return before, after
