"""`{{ text|in_language }}`: a text with a `lang` attribute if it is not the page's."""

from html import escape

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from sessions_app.agenda.text import Text

register = template.Library()

# The language of the interface texts, which the page's body declares.
INTERFACE = "en"


@register.filter
def in_language(text: Text | str) -> SafeString:
    """The text, escaped; in a `span` with `lang` if it is not in the page's language."""
    if not isinstance(text, Text):
        return conditional_escape(text)
    escaped = SafeString(escape(str(text)))
    if not text or text.language == INTERFACE:
        return escaped
    return format_html('<span lang="{}">{}</span>', text.language, escaped)
