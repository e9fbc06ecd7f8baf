"""`{{ text|removed_words }}`, `{{ text|added_words }}`: texts with changed words marked."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sessions_app.agenda.word_diff import Pieces

register = template.Library()


# Most screen readers ignore both elements: hidden text announces the change.
MARK = '<{0}><span class="hidden">[{1} </span>{2}<span class="hidden">]</span></{0}>'


@register.filter
def removed_words(pieces: Pieces) -> SafeString:
    """The text, escaped, with removed words in `<del>`."""
    return _marked(pieces, "del", _("removed:"))


@register.filter
def added_words(pieces: Pieces) -> SafeString:
    """The text, escaped, with added words in `<ins>`."""
    return _marked(pieces, "ins", _("added:"))


def _marked(pieces: Pieces, element: str, spoken: str) -> SafeString:
    parts = (
        format_html(MARK, element, spoken, piece.text) if piece.changed else piece.text
        for piece in pieces
    )
    return format_html_join("", "{}", ((part,) for part in parts))
