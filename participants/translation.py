"""Which texts of a person are kept in every language, and whose edits are remembered."""

import simple_history
from modeltranslation.translator import TranslationOptions, translator

from participants.models import Person


class PersonTexts(TranslationOptions):
    fields = ("honorific", "full_name", "position", "organisation")
    required_languages = {"en": ("full_name",)}


translator.register(Person, PersonTexts)
simple_history.register(Person, app="participants")
