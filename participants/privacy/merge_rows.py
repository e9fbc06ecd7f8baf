"""Merge of the related rows of a duplicate person into the person that stays."""

from uuid import uuid4

from participants.models import OutgoingMail, Participation, Person, PersonalLink, SentEntry

# Which of two participations in one workshop stays: the first in this order.
PRECEDENCE = (
    Participation.State.WITHDRAWN,
    Participation.State.ACCEPTED,
    Participation.State.DECLINED,
    Participation.State.TENTATIVE,
    Participation.State.INVITED,
    Participation.State.LISTED,
)


def merge_related_rows(*, kept: Person, duplicate: Person) -> None:
    """Move participations, links, e-mails and calendar entries of `duplicate` to `kept`.

    Links that were sent stay valid. A person withdrawn under one of the names stays withdrawn.
    """
    own_participations = {row.workshop_id: row for row in kept.participations.all()}
    for participation in duplicate.participations.all():
        _move_participation(kept, participation, own_participations.get(participation.workshop_id))
    PersonalLink.objects.filter(person=duplicate).update(person=kept)
    for mail in OutgoingMail.objects.filter(person=duplicate):
        same = OutgoingMail.objects.filter(person=kept, batch=mail.batch, kind=mail.kind)
        if same.exists():  # one batch had an e-mail to both rows
            mail.batch = uuid4()
            if mail.state == OutgoingMail.State.WAITING:
                mail.state = OutgoingMail.State.STOPPED
        mail.person = kept
        mail.save()
    known = {entry.entry: entry for entry in SentEntry.objects.filter(person=kept)}
    for entry in SentEntry.objects.filter(person=duplicate):
        own = known.get(entry.entry)
        if own is not None and own.sequence >= entry.sequence:
            continue
        if own is not None:
            own.delete()
        entry.person = kept
        entry.save()


def _move_participation(
    kept: Person, participation: Participation, own: Participation | None
) -> None:
    if own is not None and PRECEDENCE.index(own.state) <= PRECEDENCE.index(participation.state):
        participation.delete()
        return
    if own is not None:
        own.delete()
    participation.person = kept
    participation.save()
