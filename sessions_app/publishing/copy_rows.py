"""Copies of rows with new UIDs: one row, or a session with everything in it."""

from collections.abc import Iterable
from typing import TypeVar

from sessions_app.models import Session
from workshop.models import UidModel

Copied = TypeVar("Copied", bound=UidModel)


def copy_row(row: Copied, **columns: object) -> Copied:
    """Save a copy of a row with a new UID; `columns` replace those of the original."""
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
    """Copy rows and number them from 1 in the given order; returns pairs of row and copy."""
    return [
        (row, copy_row(row, order=number, **columns)) for number, row in enumerate(rows, start=1)
    ]


def copy_session(session: Session, **columns: object) -> Session:
    """Save a copy of a session with its people, talks and questions; `columns` as in copy_row."""
    copy = copy_row(session, **columns)
    copy_in_order(session.appearances.all(), session=copy)
    for talk, talk_copy in copy_in_order(session.presentations.all(), session=copy):
        copy_in_order(talk.appearances.all(), presentation=talk_copy)
    for block, block_copy in copy_in_order(session.question_blocks.all(), session=copy):
        copy_in_order(block.questions.all(), block=block_copy)
    return copy
