"""Descriptions of pages for link previews and search engines, in the first zone shown."""

from sessions_app.agenda.timezones import Cell, ZonedAgenda
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.context import RenderContext


def dates(view: ZonedAgenda) -> str:
    """Dates on which the workshops start."""
    return labels.dates(
        cell.starts_at.date() for workshop in view.workshops for cell in workshop.window[:1]
    )


def of_agenda(context: RenderContext, view: ZonedAgenda) -> str:
    """Dates and times of the workshops, and the organiser."""
    hours = labels.join_list([_hours(workshop.window[0]) for workshop in view.workshops])
    text = f"{dates(view)}, {hours} {context.zones[0].label}" if hours else ""
    return ". ".join(filter(None, (text, *labels.split_lines(context.agenda.organisers)[:1])))


def of_session(view: ZonedAgenda) -> str:
    """Time of the only session: `Wednesday 4 August 2021, 10:55–11:40 Lao Time`."""
    (cell, *_other_zones) = view.workshops[0].days[0].rows[0].cells
    return f"{labels.long_date(cell.starts_at)}, {_hours(cell)} {cell.zone.label}"


def _hours(cell: Cell) -> str:
    return time_ranges.hours(cell.starts_at, cell.ends_at, cell.zone)
