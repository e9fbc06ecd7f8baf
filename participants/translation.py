"""Translated fields of people, and models with history."""

import simple_history
from modeltranslation.translator import TranslationOptions, translator

from participants.models import Participation, Person, SessionReply


class PersonTexts(TranslationOptions):
    """Translated fields of a person."""

    fields = ("honorific", "full_name", "position", "organisation")
    required_languages = {"en": ("full_name",)}


translator.register(Person, PersonTexts)
simple_history.register(Person, app="participants", excluded_fields=["response_version"])
for model in (Participation, SessionReply):
    simple_history.register(model, app="participants")
