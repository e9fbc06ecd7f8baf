"""Background task that sends the e-mails of the outbox, one by one."""

import logging
import time
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskContext, task

from participants.mail.outbox import mail_queue
from participants.mail.outbox.compose import compose
from participants.mail.outbox.deliver import DeliveryResult, DeliveryStatus, deliver, error_message
from participants.models import OutgoingMail
from workshop.ops.logs import traceback_without_values
from workshop.ops.task_queues import DATABASE_ERRORS, TaskQueue

logger = logging.getLogger(__name__)

# Seconds between tries to record a result while the database is down.
DATABASE_RETRY_DELAYS = (1, 2, 5, 10, 20, 30)


@task(queue_name="mails", takes_context=True)
def send_next_mail(context: TaskContext) -> None:
    """Send one e-mail that is due; another task of this kind sends the next."""
    if send_next(context.task_result.worker_ids[-1]):
        send_next_mail.enqueue()


def send_next(worker: str) -> bool:
    """Send one e-mail; False if none is due."""
    mail = mail_queue.claim_next(worker=worker, now=timezone.now())
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
    logger.error("mail %s cannot be composed: %s", mail.pk, traceback_without_values(error))
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


def _mark_abandoned(*, dead_workers: frozenset[str], now: datetime) -> None:
    for uid in mail_queue.mark_abandoned_unknown(dead_workers=dead_workers, now=now):
        logger.warning("mail %s: unknown", uid)


QUEUE = TaskQueue(send_next_mail, is_due=mail_queue.is_due, recover=_mark_abandoned)
