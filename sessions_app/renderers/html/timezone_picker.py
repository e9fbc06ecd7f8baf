"""Options of the time zone picker."""

from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sessions_app.agenda.types import Agenda
from workshop import zones


def participants_zones(agenda: Agenda) -> tuple[str, ...]:
    """Keys of the zones in which people take part, sorted by place name."""
    of_countries = (zones.country_zone(country) for country in agenda.countries())
    keys = {*of_countries, *(person.zone for person in agenda.people)}
    return tuple(sorted(filter(None, keys), key=zones.city))


@lru_cache(maxsize=32)
def options(first: tuple[str, ...]) -> SafeString:
    """The options: zones of those who take part, then all zones by region."""
    regions: dict[str, list[str]] = {}
    for key in zones.common_keys():
        regions.setdefault(key.partition("/")[0], []).append(key)
    groups = [(_("Where people take part"), list(first)), *sorted(regions.items())]
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (name, format_html_join("", '<option value="{}">{}</option>', _choices(keys)))
            for name, keys in groups
            if keys
        ),
    )


def _choices(keys: list[str]) -> list[tuple[str, str]]:
    return [(key, zones.city(key) or key) for key in keys]
