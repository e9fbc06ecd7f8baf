"""`{{ text|said }}`: a text of the agenda, marked where its language is not the page's own."""

from html import escape

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from sessions_app.agenda.text import Text

register = template.Library()

# The language of the interface texts, which the page's body declares.
INTERFACE = "en"


@register.filter
def said(text: Text | str) -> SafeString:
    """The text, escaped; in a `span` with its language where readers would not expect it."""
    if not isinstance(text, Text):
        return conditional_escape(text)
    written = SafeString(escape(str(text)))
    if not text or text.language == INTERFACE:
        return written
    return format_html('<span lang="{}">{}</span>', text.language, written)
