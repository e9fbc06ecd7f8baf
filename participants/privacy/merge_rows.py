"""What hangs on two rows of one person comes together on the row that stays."""

from uuid import uuid4

from participants.models import Letter, Participation, Person, PersonalLink, SentEntry

# Of two entries in one list, the one that says more: a reply before an invitation.
SAYS_MORE = (
    Participation.State.WITHDRAWN,
    Participation.State.ACCEPTED,
    Participation.State.DECLINED,
    Participation.State.TENTATIVE,
    Participation.State.INVITED,
    Participation.State.LISTED,
)


def unite(*, kept: Person, gone: Person) -> None:
    """Give `kept` the places in lists, links, mails and calendar entries of `gone`.

    Links that were sent stay good. Whoever was taken off a list under one name is off it.
    """
    there = {each.workshop_id: each for each in kept.participations.all()}
    for place in gone.participations.all():
        _take(kept, place, there.get(place.workshop_id))
    PersonalLink.objects.filter(person=gone).update(person=kept)
    for letter in Letter.objects.filter(person=gone):
        same = Letter.objects.filter(person=kept, batch=letter.batch, kind=letter.kind)
        if same.exists():  # both rows were written to at once
            letter.batch = uuid4()
            if letter.state == Letter.State.WAITING:
                letter.state = Letter.State.STOPPED
        letter.person = kept
        letter.save()
    known = {each.entry: each for each in SentEntry.objects.filter(person=kept)}
    for entry in SentEntry.objects.filter(person=gone):
        own = known.get(entry.entry)
        if own is not None and own.sequence >= entry.sequence:
            continue
        if own is not None:
            own.delete()
        entry.person = kept
        entry.save()


def _take(kept: Person, place: Participation, own: Participation | None) -> None:
    if own is not None and SAYS_MORE.index(own.state) <= SAYS_MORE.index(place.state):
        place.delete()
        return
    if own is not None:
        own.delete()
    place.person = kept
    place.save()
