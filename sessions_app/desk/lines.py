"""The board's rows: what stands in the draft, what is wrong with it, what it changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from sessions_app.agenda import Agenda, Session, Workshop
from sessions_app.agenda_checks import Finding
from sessions_app.changes import Change
from sessions_app.renderers import change_lines, words
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes given to talks and countries against those of the slot, for a bar."""

    given: int
    slot: int

    @property
    def is_over(self) -> bool:
        return self.given > self.slot

    @property
    def width(self) -> int:
        """How far the bar reaches, in hundredths."""
        return min(100, round(100 * self.given / self.slot)) if self.slot else 100


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A session on the board; `changes` say what publishing would change in it."""

    uid: UUID
    key: str
    kind: str
    when: str
    minutes: str
    name: str
    status: str
    is_cancelled: bool
    people: str
    budget: Budget | None
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]
    edit: str
    add_after: str


@dataclass(frozen=True, slots=True)
class BoardWorkshop:
    workshop: Workshop
    window: str
    findings: tuple[Finding, ...]
    rows: tuple[BoardRow, ...]
    edit: str
    add: str


def rows(
    draft: Agenda, findings: tuple[Finding, ...], changed: tuple[Change, ...], zone: Zone
) -> tuple[BoardWorkshop, ...]:
    """Every workshop with its rows in order, findings and changes beside the row they concern."""
    return tuple(
        BoardWorkshop(
            workshop=workshop,
            window=change_lines.span(workshop.starts_at, workshop.ends_at, zone),
            findings=tuple(
                each for each in findings if each.workshop == workshop.key and not each.sessions
            ),
            rows=tuple(_row(session, findings, changed, zone) for session in workshop.sessions),
            edit=reverse("admin:workshop_workshop_change", args=[workshop.uid]),
            add=f"{reverse('admin:sessions_app_session_add')}?workshop={workshop.uid}",
        )
        for workshop in draft.workshops
    )


def of_event(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that concern no workshop in particular."""
    return tuple(each for each in findings if not each.workshop)


def _row(
    session: Session, findings: tuple[Finding, ...], changed: tuple[Change, ...], zone: Zone
) -> BoardRow:
    return BoardRow(
        uid=session.uid,
        key=session.key,
        kind=session.kind,
        when=change_lines.span(session.starts_at, session.ends_at, zone),
        minutes=words.minutes(session.minutes),
        name=words.session_title(session),
        status=words.status(session),
        is_cancelled=session.status == "cancelled",
        people=_people(session),
        budget=_budget(session),
        findings=tuple(each for each in findings if session.key in each.sessions),
        changes=tuple(
            change_lines.sentence(change, zone)
            for change in changed
            if isinstance(change.subject, Session) and change.subject.uid == session.uid
        ),
        edit=reverse("admin:sessions_app_session_change", args=[session.uid]),
        add_after=f"{reverse('admin:sessions_app_session_add')}?after={session.uid}",
    )


def _people(session: Session) -> str:
    """`Mr. Bokyun Shim (moderator), 5 panelists`: who leads, and how many others."""
    leads = [who for who in session.everybody if who.role in ("moderator", "facilitator")]
    others = [who for who in session.everybody if who not in leads]
    said = [f"{words.name(who)} ({words.role(who.role, 1).lower()})" for who in leads]
    if len(others) <= 2:
        said += [words.name(who) for who in others]
    else:
        roles = {words.role(who.role, 2).lower() for who in others}
        said.append(f"{len(others)} {roles.pop() if len(roles) == 1 else 'others'}")
    return ", ".join(said)


def _budget(session: Session) -> Budget | None:
    blocks = [block.total_minutes for block in session.question_blocks]
    talks = [talk.minutes for talk in session.presentations]
    stated = [minutes for minutes in (*blocks, *talks) if minutes]
    return Budget(sum(stated), session.minutes) if stated else None
