"""Recipients of an e-mail of one kind, each with the reason for it or for leaving them out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from participants.mail.changes import changed_items
from participants.mail.pending_news import Kind, MailContext, mail_context, needs_cancellation
from participants.mail.snapshot import MailSnapshot, ParticipationRecord, Recipient
from participants.mail.time_text import city_zone
from participants.models import Participation
from sessions_app.agenda.text import Text
from sessions_app.renderers import labels

State = Participation.State
Role = Participation.Role


@dataclass(frozen=True, slots=True)
class RecipientChoice:
    """A person in the choice of recipients; left out if there is an `exclusion_reason`."""

    person: UUID
    key: str
    name: Text
    country: str
    email: str
    reason: str
    exclusion_reason: str

    @property
    def is_included(self) -> bool:
        return not self.exclusion_reason


def list_recipients(snapshot: MailSnapshot, kind: str) -> tuple[RecipientChoice, ...]:
    """Everybody on a participant list or in the programme, in the order of the lists."""
    listed = (_choice(snapshot, recipient, kind) for recipient in snapshot.recipients)
    return (*listed, *_unlisted(snapshot))


def _choice(snapshot: MailSnapshot, recipient: Recipient, kind: str) -> RecipientChoice:
    published = tuple(
        row for row in recipient.participations if row.workshop in snapshot.published_workshops
    )
    if published:
        reason, exclusion_reason = _RULES[Kind(kind)](
            snapshot, replace(recipient, participations=published)
        )
    else:
        text = _("Not published yet: %(workshops)s.")
        roles = _roles(snapshot, recipient.participations)
        reason, exclusion_reason = "", text % {"workshops": roles}
    if reason and not recipient.email:
        exclusion_reason = _("No e-mail address is known.")
    return RecipientChoice(
        person=recipient.uid,
        key=recipient.key,
        name=recipient.name,
        country=recipient.country,
        email=recipient.email,
        reason=reason,
        exclusion_reason=exclusion_reason,
    )


def _unlisted(snapshot: MailSnapshot) -> Iterator[RecipientChoice]:
    for person in snapshot.unlisted:
        text = _("In the programme, but on no list of participants.")
        yield RecipientChoice(person.uid, person.key, person.name, person.country, "", "", text)


def _invitation_reasons(snapshot: MailSnapshot, recipient: Recipient) -> tuple[str, str]:
    listed = [row for row in recipient.participations if row.state == State.LISTED]
    missed = [
        row
        for row in recipient.participations
        if recipient.has_missed_mails and _missed_invitation(row)
    ]
    if missed:
        text = _("Their invitation did not arrive: %(workshops)s.")
        return text % {"workshops": _roles(snapshot, [*missed, *listed])}, ""
    exclusion = "" if listed else _declined_or_removed(recipient) or _("Already invited.")
    return _roles(snapshot, listed), exclusion


def _missed_invitation(participation: ParticipationRecord) -> bool:
    """True for an invited person whose invitation did not arrive and who has not replied."""
    return (
        participation.state == State.INVITED
        and participation.sent_release is None
        and not participation.has_replied
    )


def _reminder_reasons(snapshot: MailSnapshot, recipient: Recipient) -> tuple[str, str]:
    invited = [row for row in recipient.participations if row.state == State.INVITED]
    without_reply = [row for row in invited if not row.has_replied]
    tentative = [row for row in recipient.participations if row.state == State.TENTATIVE]
    texts = []
    if without_reply:
        workshops = _roles(snapshot, without_reply)
        texts.append(_("No reply yet: %(workshops)s.") % {"workshops": workshops})
    if tentative:
        workshops = _roles(snapshot, tentative)
        texts.append(_("Perhaps: %(workshops)s.") % {"workshops": workshops})
    exclusion = "" if texts else _not_registered(recipient) or _("Has replied.")
    return " ".join(texts), exclusion


def _change_reasons(snapshot: MailSnapshot, recipient: Recipient) -> tuple[str, str]:
    registered = [row for row in recipient.participations if row.is_registered]
    if not registered:
        return "", _not_registered(recipient)
    sent_releases = [row.sent_release for row in registered if row.sent_release]
    if not sent_releases:
        return "", _("Has received no e-mail about the programme yet.")
    text = _change_summary(snapshot, mail_context(snapshot, recipient, Kind.CHANGE))
    no_change = _("No changes for this person since release %(number)s.")
    return text, "" if text else no_change % {"number": min(sent_releases)}


def _change_summary(snapshot: MailSnapshot, context: MailContext) -> str:
    """Summary of the changes for the organisers, in the active language and the event's zone."""
    zone = city_zone(snapshot.event.zone)
    items = changed_items(context.changes, context.personal_agenda, zone)
    texts = [f"{item.reason}." for item in items]
    if context.new_join_info:
        texts.append(_("New joining information."))
    return " ".join(texts)


def _joining_reasons(snapshot: MailSnapshot, recipient: Recipient) -> tuple[str, str]:
    registered = [row for row in recipient.participations if row.is_registered]
    if not registered:
        return "", _not_registered(recipient)
    with_link = [row for row in registered if snapshot.join_info[row.workshop].url]
    outdated = [
        row for row in with_link if row.sent_join_version < snapshot.join_info[row.workshop].version
    ]
    if outdated:
        return _roles(snapshot, outdated), ""
    if not with_link:
        text = _("No join link is set yet: %(workshops)s.")
        return "", text % {"workshops": _roles(snapshot, registered)}
    return "", _("Already sent.")


def _cancellation_reasons(snapshot: MailSnapshot, recipient: Recipient) -> tuple[str, str]:
    removed = [row for row in recipient.participations if needs_cancellation(row)]
    if removed:
        text = _("Removed from the list: %(workshops)s.")
        return text % {"workshops": _roles(snapshot, removed)}, ""
    if any(row.state == State.WITHDRAWN for row in recipient.participations):
        return "", _("Removed from the list, and already informed or never e-mailed.")
    return "", _("Still on the list.")


def _not_registered(recipient: Recipient) -> str:
    """Exclusion reason of a person who is registered in no workshop; else empty."""
    if any(row.is_registered for row in recipient.participations):
        return ""
    return _declined_or_removed(recipient) or _("Not invited yet.")


def _declined_or_removed(recipient: Recipient) -> str:
    """Exclusion reason of a person who declined or was removed everywhere; else empty."""
    states = {row.state for row in recipient.participations}
    if states == {State.WITHDRAWN}:
        return _("Removed from the list.")
    return _("Declined.") if states <= {State.DECLINED, State.WITHDRAWN} else ""


def _roles(snapshot: MailSnapshot, participations: Sequence[ParticipationRecord]) -> str:
    """`panelist`, with the workshop if the event has several."""
    if len(snapshot.join_info) < 2:
        return labels.join_list([str(Role(row.role).label) for row in participations])
    return "; ".join(
        _("%(role)s in %(workshop)s")
        % {
            "role": Role(row.role).label,
            "workshop": Truncator(str(snapshot.join_info[row.workshop].title)).chars(60),
        }
        for row in participations
    )


# For each kind: the reason to send it to a recipient, and the reason not to; one is empty.
_RULES = {
    Kind.INVITATION: _invitation_reasons,
    Kind.REMINDER: _reminder_reasons,
    Kind.CHANGE: _change_reasons,
    Kind.JOINING: _joining_reasons,
    Kind.CANCELLATION: _cancellation_reasons,
}
