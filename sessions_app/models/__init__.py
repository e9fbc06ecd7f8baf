"""Models of the programme: sessions, appearances, questions, releases and PDF jobs."""

from sessions_app.models.appearances import Appearance
from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.models.questions import Question, QuestionBlock
from sessions_app.models.releases import Release, ReleaseQuerySet
from sessions_app.models.sessions import Presentation, Session, SessionQuerySet

__all__ = [
    "Appearance",
    "PdfJob",
    "Presentation",
    "Question",
    "QuestionBlock",
    "Release",
    "ReleaseQuerySet",
    "Session",
    "SessionQuerySet",
]
