"""Mail worker: sends the e-mails of the outbox one by one until it is stopped."""

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
from participants.mail.outbox.deliver import DeliveryResult, DeliveryStatus, deliver, error_message
from participants.models import OutgoingMail

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # wait between two checks of an outbox with no e-mail due
# Seconds between tries to record a result while the database is down.
DATABASE_RETRY_DELAYS = (1, 2, 5, 10, 20, 30)
DATABASE_ERRORS = (DatabaseError, InterfaceError)


def run_worker(name: str, *, once: bool, is_stopping: Callable[[], bool]) -> None:
    """Send all e-mails that are due, then return if `once`, else continue until `is_stopping`.

    The caller holds the worker name. A claimed e-mail is finished before the worker stops. If the
    database is locked or down, the worker tries again, unless `once`.
    """
    connection_created.connect(_synchronous_full)
    if connection.vendor == "sqlite":
        connection.close()
    logger.info("worker %s: ready", name)
    own_name: str | None = name
    while not is_stopping():
        try:
            _mark_abandoned(own_name)
            own_name = None
            if _send_next(name):
                continue
            if once:
                return
        except DATABASE_ERRORS as error:
            if once:
                raise
            logger.warning("no database (%s); trying again", type(error).__name__)
            connection.close()
        time.sleep(IDLE_SECONDS)


def _synchronous_full(connection: Any, **_rest: object) -> None:
    """Make SQLite write claims to disk: after a power cut in WAL mode one could be lost otherwise.

    Its e-mail would then be sent twice.
    https://sqlite.org/pragma.html#pragma_synchronous
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _mark_abandoned(name: str | None) -> None:
    for uid in mail_queue.mark_abandoned_unknown(now=timezone.now(), worker=name):
        logger.warning("mail %s: unknown", uid)


def _send_next(name: str) -> bool:
    """Send one e-mail; False if none is due."""
    mail = mail_queue.claim_next(worker=name, now=timezone.now())
    if mail is None:
        return False
    result = _deliver(mail)
    _record_result(mail, result)
    logger.info("mail %s: %s", mail.pk, result.status.name.lower())
    return True


def _deliver(mail: OutgoingMail) -> DeliveryResult:
    try:
        message = compose(mail, now=timezone.now())
    except DATABASE_ERRORS as error:
        return DeliveryResult(
            DeliveryStatus.NOT_NOW, error_message(_("The database was not available."), error)
        )
    except Exception as error:
        return _composing_failed(mail, error)
    try:
        return deliver(message)
    except Exception as error:
        return _composing_failed(mail, error)


def _composing_failed(mail: OutgoingMail, error: Exception) -> DeliveryResult:
    """Result for an e-mail that is invalid itself; the others are still sent."""
    logger.error("mail %s cannot be composed: %s", mail.pk, type(error).__name__)
    return DeliveryResult(
        DeliveryStatus.FAILED, error_message(_("This e-mail cannot be composed:"), error)
    )


def _record_result(mail: OutgoingMail, result: DeliveryResult) -> None:
    """Record the result in the row; wait for the database if it is down."""
    for wait in DATABASE_RETRY_DELAYS:
        try:
            return _record_once(mail, result, timezone.now())
        except DATABASE_ERRORS:
            connection.close()
            time.sleep(wait)
    return _record_once(mail, result, timezone.now())


def _record_once(mail: OutgoingMail, result: DeliveryResult, now: datetime) -> None:
    match result.status:
        case DeliveryStatus.SENT:
            mail_queue.mark_sent(mail=mail, now=now, note=result.message)
        case DeliveryStatus.NOT_NOW:
            retry_at = mail_queue.next_try(mail, now)
            mail_queue.mark_failed(mail=mail, error=result.message, retry_at=retry_at)
        case DeliveryStatus.FAILED:
            mail_queue.mark_failed(mail=mail, error=result.message)
        case DeliveryStatus.BOUNCED:
            mail_queue.mark_bounced(mail=mail, error=result.message)
        case DeliveryStatus.UNKNOWN:
            mail_queue.mark_unknown(mail=mail, error=result.message)
