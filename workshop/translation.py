"""Translated fields of events (modeltranslation), and models with history (simple-history).

History is registered after translation, so that it includes the translated columns.
"""

import simple_history
from modeltranslation.translator import TranslationOptions, translator

from workshop.models import AboutSection, DisplayZone, Event, StatedWindow, Workshop


class EventTexts(TranslationOptions):
    fields = ("title", "organisers", "partners", "office_name", "interpretation", "platform")
    required_languages = ("en",)


class WorkshopTexts(TranslationOptions):
    fields = ("title", "audience", "place")
    required_languages = ("en",)


class AboutSectionTexts(TranslationOptions):
    fields = ("title", "body")
    required_languages = ("en",)


translator.register(Event, EventTexts)
translator.register(Workshop, WorkshopTexts)
translator.register(AboutSection, AboutSectionTexts)

for model in (Event, Workshop, StatedWindow, DisplayZone, AboutSection):
    simple_history.register(model, app="workshop")
