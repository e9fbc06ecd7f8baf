"""`{{ line.before|gone }}`, `{{ line.after|new }}`: a text with the words that changed marked."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sessions_app.agenda.word_diff import Pieces

register = template.Library()


# Most screen readers pass over both elements: that words changed is said as well.
MARK = '<{0}><span class="hidden">[{1} </span>{2}<span class="hidden">]</span></{0}>'


@register.filter
def gone(pieces: Pieces) -> SafeString:
    """The text, escaped, with what the newer one lacks in `<del>`."""
    return _marked(pieces, "del", _("removed:"))


@register.filter
def new(pieces: Pieces) -> SafeString:
    """The text, escaped, with what the older one lacks in `<ins>`."""
    return _marked(pieces, "ins", _("added:"))


def _marked(pieces: Pieces, element: str, spoken: str) -> SafeString:
    parts = (
        format_html(MARK, element, spoken, each.text) if each.changed else each.text
        for each in pieces
    )
    return format_html_join("", "{}", ((part,) for part in parts))
