"""Rows are copied under UIDs of their own: one row, or a session with all that hangs on it."""

from collections.abc import Iterable
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


def copy_in_order(rows: Iterable[Copied], **columns: object) -> list[tuple[Copied, Copied]]:
    """Each row with its copy, numbered: where rows have the same number their UIDs decide."""
    return [(row, copy_row(row, order=place, **columns)) for place, row in enumerate(rows, start=1)]


def copy_session(session: Session, **columns: object) -> Session:
    """A session once more, with its people, talks and questions; `columns` are the session's."""
    copy = copy_row(session, **columns)
    copy_in_order(session.appearances.all(), session=copy)
    for talk, again in copy_in_order(session.presentations.all(), session=copy):
        copy_in_order(talk.appearances.all(), presentation=again)
    for block, asked in copy_in_order(session.question_blocks.all(), session=copy):
        copy_in_order(block.questions.all(), block=asked)
    return copy
