"""Sessions, who appears in them, what is asked, releases and PDF jobs."""

from sessions_app.models.appearances import Appearance
from sessions_app.models.pdf_jobs import PaperWorker, Printing
from sessions_app.models.questions import Question, QuestionBlock
from sessions_app.models.releases import Release, ReleaseQuerySet
from sessions_app.models.sessions import Presentation, Session, SessionQuerySet

__all__ = [
    "Appearance",
    "PaperWorker",
    "Presentation",
    "Printing",
    "Question",
    "QuestionBlock",
    "Release",
    "ReleaseQuerySet",
    "Session",
    "SessionQuerySet",
]
