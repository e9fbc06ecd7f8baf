"""Rows are copied under UIDs of their own: one row, or a session with all that hangs on it."""

from typing import TypeVar

from sessions_app.models import Session
from workshop.models import Row

Copied = TypeVar("Copied", bound=Row)


def copy_row(row: Copied, **columns: object) -> Copied:
    """The row once more under a UID of its own, with these columns in place of its own; saved."""
    copy = type(row)(
        **{
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name not in ("uid", *columns)
        },
        **columns,
    )
    copy.save()
    return copy


def copy_session(session: Session, **columns: object) -> Session:
    """A session once more, with its people, talks and questions; `columns` are the session's."""
    copy = copy_row(session, **columns)
    for who in session.appearances.all():
        copy_row(who, session=copy)
    for talk in session.presentations.all():
        again = copy_row(talk, session=copy)
        for who in talk.appearances.all():
            copy_row(who, presentation=again)
    for block in session.question_blocks.all():
        asked = copy_row(block, session=copy)
        for question in block.questions.all():
            copy_row(question, block=asked)
    return copy
