"""Registration of translated columns and of edit history for the models of the agenda."""

import simple_history
from modeltranslation.translator import TranslationOptions, translator

from sessions_app.models import Appearance, Presentation, Question, QuestionBlock, Session


class SessionTexts(TranslationOptions):
    fields = ("heading", "title", "place", "note")


class PresentationTexts(TranslationOptions):
    fields = ("title",)
    required_languages = ("en",)


class AppearanceTexts(TranslationOptions):
    fields = ("name", "position", "organisation")


class QuestionBlockTexts(TranslationOptions):
    fields = ("moderator_note",)


class QuestionTexts(TranslationOptions):
    fields = ("text",)
    required_languages = ("en",)


translator.register(Session, SessionTexts)
translator.register(Presentation, PresentationTexts)
translator.register(Appearance, AppearanceTexts)
translator.register(QuestionBlock, QuestionBlockTexts)
translator.register(Question, QuestionTexts)

for model in (Session, Presentation, Appearance, QuestionBlock, Question):
    simple_history.register(model, app="sessions_app")
