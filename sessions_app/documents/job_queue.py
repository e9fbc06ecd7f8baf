"""Queue of PDF jobs: claims that exactly one worker wins, across processes and machines.

A claim is an UPDATE that only one process can make. It is abandoned if its worker is dead
(workshop/ops/workers.py). A request that renders a job itself, and a worker of the version before,
write a heartbeat into the job with every page: their claims are abandoned after LEASE without one.
"""

import base64
import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Q, QuerySet

from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.renderers.pdf.documents import Document
from sessions_app.renderers.pdf.engine import Attachment
from workshop.ops import workers

QUEUE = "documents"
LEASE = timedelta(seconds=60)  # the longest gap between heartbeats is 4 s, for 300 sessions
MAX_TRIES = 3  # a job during which so many workers were killed is not tried again
RETRY_AFTER = {
    PdfJob.State.FAILED: timedelta(minutes=10),
    PdfJob.State.STORE_FAILED: timedelta(minutes=1),
}
State = PdfJob.State
jobs = PdfJob.objects


def find(name: str) -> PdfJob | None:
    """The job with this name, the hash of its content; None if there is none."""
    return jobs.filter(pk=name).first()


def request_job(
    *, name: str, document: Document, is_variant: bool, is_stored: bool, now: datetime
) -> PdfJob:
    """The job of a document, created if new; `is_stored` if its PDF exists already."""
    job, _is_new = jobs.get_or_create(
        name=name,
        defaults={
            "file": document.name,
            "length": len(document.html),
            "is_variant": is_variant,
            "state": State.DONE if is_stored else State.WAITING,
            "content": b"" if is_stored else _pack(document),
            "asked_at": now,
            "used_at": now,
        },
    )
    return job


def touch(job: PdfJob, *, document: Document, is_variant: bool, now: datetime) -> None:
    """Record another request for a job: one that failed a while ago goes back to waiting."""
    changed: dict[str, Any] = {}
    if job.is_variant and not is_variant:
        changed["is_variant"] = False
    if now - job.used_at > timedelta(days=1):
        changed["used_at"] = now
    retry_after = RETRY_AFTER.get(State(job.state))
    if retry_after is not None and (job.beat_at is None or now - job.beat_at > retry_after):
        changed |= _waiting_columns(document, now)
    _update(job, **changed)


def retry(job: PdfJob, *, document: Document, now: datetime) -> None:
    """Put a job back to waiting: its PDF is missing from the storage."""
    _update(job, **_waiting_columns(document, now))


def claim(name: str, *, by: str, now: datetime) -> PdfJob | None:
    """Claim this job; None if another process has claimed it or it is done.

    The site also works without a worker, so an abandoned claim is released here too.
    """
    release_abandoned(dead_workers=(), now=now)
    return _claim_first(jobs.filter(pk=name), by, now)


def claim_next(*, by: str, now: datetime) -> PdfJob | None:
    """Claim the job that has waited longest, plain jobs before variants; None if none waits."""
    return _claim_first(jobs.all(), by, now)


def is_due(*, now: datetime) -> bool:  # noqa: ARG001
    """True if a job waits."""
    return jobs.filter(state=State.WAITING).exists()


def release_abandoned(*, dead_workers: Collection[str], now: datetime) -> None:
    """Put jobs with abandoned claims back to waiting; fail those that killed MAX_TRIES workers.

    A claim is abandoned if its worker is dead, or if its last heartbeat is older than LEASE.
    """
    abandoned = jobs.filter(
        Q(beat_at__lt=now - LEASE) | Q(claimed_by__in=dead_workers), state=State.RENDERING
    )
    if not abandoned.exists():  # an update would lock SQLite, twice a second
        return
    abandoned.filter(tries__gte=MAX_TRIES).update(
        state=State.FAILED,
        content=b"",
        claim=None,
        error=f"the worker was killed {MAX_TRIES} times",
    )
    abandoned.update(state=State.WAITING)


def report_progress(job: PdfJob, *, pages: int, is_laid_out: bool, now: datetime) -> None:
    """Save the number of pages laid out; counts as a heartbeat too."""
    jobs.filter(pk=job.pk, claim=job.claim).update(
        pages=pages, is_laid_out=is_laid_out, beat_at=now
    )


def finish(job: PdfJob, state: PdfJob.State, *, now: datetime, **columns: Any) -> bool:
    """Save the result; False if the job was deleted meanwhile, so its PDF must be deleted too."""
    claimed = jobs.filter(pk=job.pk, claim=job.claim)
    updated = claimed.update(state=state, content=b"", claim=None, beat_at=now, **columns)
    return bool(updated) or jobs.filter(pk=job.pk).exists()


def unpack_document(job: PdfJob) -> Document:
    """The document to render, from the job's content."""
    fields = json.loads(zlib.decompress(job.content))
    attachments = tuple(
        Attachment(
            **attachment
            | {
                "content": base64.b64decode(attachment["content"]),
                "made_at": datetime.fromisoformat(attachment["made_at"]),
            }
        )
        for attachment in fields.pop("attachments")
    )
    return Document(**fields, attachments=attachments)


def count_jobs_ahead(job: PdfJob) -> int:
    """Number of jobs that will be rendered before this one, the running ones included."""
    earlier = Q(is_variant=job.is_variant, asked_at__lt=job.asked_at)
    if job.is_variant:
        earlier |= Q(is_variant=False)
    return (
        jobs.filter(earlier, state=State.WAITING).count()
        + jobs.filter(state=State.RENDERING).count()
    )


def count_waiting_variants(*, now: datetime) -> int:
    """Number of variants that wait or run; deletes those that have waited for more than an hour."""
    waiting = jobs.filter(is_variant=True, state__in=(State.WAITING, State.RENDERING))
    waiting.filter(state=State.WAITING, asked_at__lt=now - timedelta(hours=1)).delete()
    return waiting.count()


def list_expired(*, variants: int, unused_since: datetime) -> Sequence[str]:
    """Names of jobs not requested since then, and of the oldest variants beyond this number."""
    done = jobs.exclude(state__in=(State.WAITING, State.RENDERING))
    old = jobs.filter(used_at__lt=unused_since).exclude(state=State.RENDERING)
    too_many = done.filter(is_variant=True).order_by("-used_at", "-asked_at")
    return [
        *old.values_list("name", flat=True),
        *too_many.values_list("name", flat=True)[variants:],
    ]


def has_worker(*, now: datetime) -> bool:
    """True if a worker process is alive."""
    return workers.is_any_alive(QUEUE, now=now)


def _claim_first(candidates: QuerySet[PdfJob], by: str, now: datetime) -> PdfJob | None:
    waiting = candidates.filter(state=State.WAITING)
    for job in waiting.order_by("is_variant", "asked_at")[:20]:
        token = uuid4()
        is_claimed = jobs.filter(pk=job.pk, state=State.WAITING).update(
            state=State.RENDERING,
            claim=token,
            claimed_by=by,
            began_at=now,
            beat_at=now,
            tries=job.tries + 1,
            pages=0,
            is_laid_out=False,
        )
        if is_claimed:
            job.state, job.claim, job.claimed_by = State.RENDERING, token, by
            return job
    return None


def _waiting_columns(document: Document, now: datetime) -> dict[str, Any]:
    return {"state": State.WAITING, "content": _pack(document), "asked_at": now, "tries": 0}


def _update(job: PdfJob, **columns: Any) -> None:
    """Update these columns unless another process has changed the job's state meanwhile."""
    if columns and jobs.filter(pk=job.pk, state=job.state).update(**columns):
        for column, value in columns.items():
            setattr(job, column, value)


def _pack(document: Document) -> bytes:
    fields = asdict(document)
    for attachment in fields["attachments"]:
        attachment["content"] = base64.b64encode(attachment["content"]).decode()
        attachment["made_at"] = attachment["made_at"].isoformat()
    return zlib.compress(json.dumps(fields).encode())
