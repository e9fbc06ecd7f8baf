"""Papers that wait, and who sets which: claims that one wins, over all processes and machines.

A claim is an UPDATE that only one can make. Whoever holds it gives a sign of life with every page;
where none came for LEASE it was killed, and the next one takes the paper up.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Q, QuerySet

from sessions_app.models.pdf_jobs import PaperWorker, Printing
from sessions_app.renderers.pdf.documents import Paper
from sessions_app.renderers.pdf.engine import Attachment

LEASE = timedelta(seconds=60)  # the longest silence is 4 s for 300 sessions
WORKER_LIVES = timedelta(seconds=30)
TRIES = 3  # what takes so many workers down with it is not set again
RETRY = {
    Printing.State.FAILED: timedelta(minutes=10),
    Printing.State.NOT_KEPT: timedelta(minutes=1),
}
State = Printing.State
rows = Printing.objects


def find(name: str) -> Printing | None:
    return rows.filter(pk=name).first()


def ask(*, name: str, paper: Paper, is_variant: bool, is_kept: bool, now: datetime) -> Printing:
    """The row of a paper, new where nobody asked for it before; `is_kept` if its PDF is there."""
    row, _is_new = rows.get_or_create(
        name=name,
        defaults={
            "file": paper.name,
            "length": len(paper.html),
            "is_variant": is_variant,
            "state": State.KEPT if is_kept else State.WAITING,
            "content": b"" if is_kept else _packed(paper),
            "asked_at": now,
            "used_at": now,
        },
    )
    return row


def use(row: Printing, *, paper: Paper, is_variant: bool, now: datetime) -> None:
    """Remember that somebody asks for it once more: what failed a while ago is tried again."""
    changed: dict[str, Any] = {}
    if row.is_variant and not is_variant:
        changed["is_variant"] = False
    if now - row.used_at > timedelta(days=1):
        changed["used_at"] = now
    retry = RETRY.get(State(row.state))
    if retry is not None and (row.beat_at is None or now - row.beat_at > retry):
        changed |= _to_be_set(paper, now)
    _change(row, **changed)


def again(row: Printing, *, paper: Paper, now: datetime) -> None:
    """Its PDF is gone from the storage: it is to be set once more."""
    _change(row, **_to_be_set(paper, now))


def claim(name: str, *, by: str, now: datetime) -> Printing | None:
    """Take this one to set it; None where another has it or it is set."""
    return _claimed(rows.filter(pk=name), by, now)


def claim_next(*, by: str, now: datetime) -> Printing | None:
    """Take what has waited longest, plain ones before variants; None where nothing waits."""
    _give_up(_silent(now))
    return _claimed(rows.all(), by, now)


def put_back(*, by: str) -> None:
    """What a worker of this name had in hand when it was killed waits again."""
    in_hand = Q(state=State.SETTING, claimed_by=by)
    _give_up(in_hand)
    rows.filter(in_hand).update(state=State.WAITING)


def tell(row: Printing, *, pages: int, is_laid_out: bool, now: datetime) -> None:
    """How far it is, which is a sign of life as well."""
    rows.filter(pk=row.pk, claim=row.claim).update(
        pages=pages, is_laid_out=is_laid_out, beat_at=now
    )


def finish(row: Printing, state: Printing.State, *, now: datetime, **facts: Any) -> bool:
    """What came of it; False where the row is gone: nobody is to have the paper any more."""
    mine = rows.filter(pk=row.pk, claim=row.claim)
    done = mine.update(state=state, content=b"", claim=None, beat_at=now, **facts)
    return bool(done) or rows.filter(pk=row.pk).exists()


def paper_of(row: Printing) -> Paper:
    """What is to be set."""
    told = json.loads(zlib.decompress(row.content))
    attachments = tuple(
        Attachment(
            **each
            | {
                "content": base64.b64decode(each["content"]),
                "made_at": datetime.fromisoformat(each["made_at"]),
            }
        )
        for each in told.pop("attachments")
    )
    return Paper(**told, attachments=attachments)


def before(row: Printing) -> int:
    """How many are to be set before this one."""
    earlier = Q(is_variant=row.is_variant, asked_at__lt=row.asked_at)
    if row.is_variant:
        earlier |= Q(is_variant=False)
    return (
        rows.filter(earlier, state=State.WAITING).count() + rows.filter(state=State.SETTING).count()
    )


def count_waiting_variants(*, now: datetime) -> int:
    """Those that wait; what nobody set within the hour is forgotten, and asked for again."""
    waiting = rows.filter(is_variant=True, state__in=(State.WAITING, State.SETTING))
    waiting.filter(state=State.WAITING, asked_at__lt=now - timedelta(hours=1)).delete()
    return waiting.count()


def names_to_forget(*, variants: int, unused_since: datetime) -> Sequence[str]:
    """Papers that nobody asked for since then, and variants beyond so many, the oldest."""
    done = rows.exclude(state__in=(State.WAITING, State.SETTING))
    old = rows.filter(used_at__lt=unused_since).exclude(state=State.SETTING)
    too_many = done.filter(is_variant=True).order_by("-used_at", "-asked_at")
    return [
        *old.values_list("name", flat=True),
        *too_many.values_list("name", flat=True)[variants:],
    ]


def see_worker(name: str, *, now: datetime) -> None:
    PaperWorker.objects.update_or_create(name=name, defaults={"seen_at": now})
    PaperWorker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def forget_worker(name: str) -> None:
    PaperWorker.objects.filter(name=name).delete()


def has_worker(*, now: datetime) -> bool:
    """Whether a worker lives, idle or setting a paper."""
    at_work = rows.filter(state=State.SETTING, beat_at__gt=now - WORKER_LIVES)
    return (
        PaperWorker.objects.filter(seen_at__gt=now - WORKER_LIVES).exists()
        or at_work.exclude(claimed_by="").exists()
    )


def _claimed(among: QuerySet[Printing], by: str, now: datetime) -> Printing | None:
    free = Q(state=State.WAITING) | _silent(now)
    for row in among.filter(free).order_by("is_variant", "asked_at")[:20]:
        token = uuid4()
        taken = rows.filter(free, pk=row.pk).update(
            state=State.SETTING,
            claim=token,
            claimed_by=by,
            began_at=now,
            beat_at=now,
            tries=row.tries + 1,
            pages=0,
            is_laid_out=False,
        )
        if taken:
            row.state, row.claim, row.claimed_by = State.SETTING, token, by
            return row
    return None


def _silent(now: datetime) -> Q:
    return Q(state=State.SETTING, beat_at__lt=now - LEASE)


def _give_up(abandoned: Q) -> None:
    rows.filter(abandoned, tries__gte=TRIES).update(
        state=State.FAILED, content=b"", claim=None, error=f"stopped {TRIES} times while it was set"
    )


def _to_be_set(paper: Paper, now: datetime) -> dict[str, Any]:
    return {"state": State.WAITING, "content": _packed(paper), "asked_at": now, "tries": 0}


def _change(row: Printing, **columns: Any) -> None:
    """Write these where the row is as it was read; another may have been quicker."""
    if columns and rows.filter(pk=row.pk, state=row.state).update(**columns):
        for column, value in columns.items():
            setattr(row, column, value)


def _packed(paper: Paper) -> bytes:
    told = asdict(paper)
    for each in told["attachments"]:
        each["content"] = base64.b64encode(each["content"]).decode()
        each["made_at"] = each["made_at"].isoformat()
    return zlib.compress(json.dumps(told).encode())
