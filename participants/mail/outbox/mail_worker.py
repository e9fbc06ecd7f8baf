"""The worker: takes mails out of the outbox one by one until it is told to stop."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.mail.outbox import mail_queue
from participants.mail.outbox.compose import compose
from participants.mail.outbox.deliver import Outcome, Result, deliver, tell
from participants.models import Letter

logger = logging.getLogger(__name__)

IDLE = 1.0  # seconds between two looks at an outbox with nothing to do
# Seconds to wait for the database before a mail that was sent is given up as unknown.
PATIENCE = (1, 2, 5, 10, 20, 30)
DATABASE_GONE = (DatabaseError, InterfaceError)


def work(name: str, *, once: bool, is_stopping: Callable[[], bool]) -> None:
    """Send what is due, then end if `once`, else look again until told to stop.

    `name` is held by the caller. A mail in hand is finished before it stops. Where the database
    is locked or away it tries again, unless `once`.
    """
    connection_created.connect(_write_through)
    if connection.vendor == "sqlite":
        connection.close()
    logger.info("worker %s: ready", name)
    left_over: str | None = name
    while not is_stopping():
        try:
            _put_aside(left_over)
            left_over = None
            if _send_next(name):
                continue
            if once:
                return
        except DATABASE_GONE as problem:
            if once:
                raise
            logger.warning("no database (%s); trying again", type(problem).__name__)
            connection.close()
        time.sleep(IDLE)


def _write_through(connection: Any, **_rest: object) -> None:
    """A claim outlives a power cut: else SQLite in WAL mode could forget it, and the mail go twice.

    https://sqlite.org/pragma.html#pragma_synchronous
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _put_aside(name: str | None) -> None:
    for uid in mail_queue.put_aside_unfinished(now=timezone.now(), worker=name):
        logger.warning("mail %s: unknown", uid)


def _send_next(name: str) -> bool:
    """Send one mail; False where none is due."""
    letter = mail_queue.claim_next(worker=name, now=timezone.now())
    if letter is None:
        return False
    outcome = _sent(letter)
    _write_down(letter, outcome)
    logger.info("mail %s: %s", letter.pk, outcome.result.name.lower())
    return True


def _sent(letter: Letter) -> Outcome:
    try:
        mail = compose(letter, now=timezone.now())
    except DATABASE_GONE as problem:
        return Outcome(Result.NOT_NOW, tell(_("The database was away."), problem))
    except Exception as problem:
        return _cannot_be_written(letter, problem)
    try:
        return deliver(mail)
    except Exception as problem:
        return _cannot_be_written(letter, problem)


def _cannot_be_written(letter: Letter, problem: Exception) -> Outcome:
    """A fault of this one mail, which must not keep the others from going."""
    logger.error("mail %s cannot be written: %s", letter.pk, type(problem).__name__)
    return Outcome(Result.FAILED, tell(_("This mail cannot be written:"), problem))


def _write_down(letter: Letter, outcome: Outcome) -> None:
    """What came of it goes into its row, however long the database takes."""
    for wait in PATIENCE:
        try:
            return _mark(letter, outcome, timezone.now())
        except DATABASE_GONE:
            connection.close()
            time.sleep(wait)
    return _mark(letter, outcome, timezone.now())


def _mark(letter: Letter, outcome: Outcome, now: datetime) -> None:
    match outcome.result:
        case Result.SENT:
            mail_queue.mark_sent(letter=letter, now=now, note=outcome.told)
        case Result.NOT_NOW:
            retry_at = mail_queue.next_try(letter, now)
            mail_queue.mark_failed(letter=letter, error=outcome.told, retry_at=retry_at)
        case Result.FAILED:
            mail_queue.mark_failed(letter=letter, error=outcome.told)
        case Result.BOUNCED:
            mail_queue.mark_bounced(letter=letter, error=outcome.told)
        case Result.UNKNOWN:
            mail_queue.mark_unknown(letter=letter, error=outcome.told)
