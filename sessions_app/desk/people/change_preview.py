"""Parts of people and what a change makes of them, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person, QuestionBlock, Session, Workshop
from sessions_app.checks.registry import Finding
from sessions_app.people_changes.assignments import Cut, Part, Swap, parts, without_speakers
from sessions_app.people_changes.change_plan import Plan
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A session or a whole workshop to choose, with the parts in it that are concerned."""

    name: str
    when: str
    status: str
    parts: tuple[str, ...]


Places = tuple[tuple[str, PlaceLine], ...]


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A part and who has it then: nobody where `then` is empty."""

    where: str
    role: str
    then: str
    detail: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutLine:
    """A question block that loses a country, with the questions that go."""

    where: str
    said: str
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan in words, with the mark by which it is known again."""

    swaps: tuple[SwapLine, ...]
    cuts: tuple[CutLine, ...]
    silent: tuple[str, ...]
    findings: tuple[Finding, ...]
    fingerprint: str


def preview(plan: Plan) -> Preview:
    """What would change, what would be left without speakers, what the checks would say."""
    silent = without_speakers(plan.draft, plan.then)
    return Preview(
        swaps=tuple(_swap(swap, plan) for swap in plan.swaps),
        cuts=tuple(map(_cut, plan.cuts)),
        silent=tuple(
            labels.session_title(each) if isinstance(each, Session) else f"“{each.title}”"
            for each in silent
        ),
        findings=plan.findings,
        fingerprint=plan.fingerprint,
    )


def where(part: Part) -> str:
    """`Session 3`, `Session 3, “A talk of it”`, `all of “The morning”`."""
    if part.session is None:
        return _("all of “%(title)s”") % {"title": part.workshop.title}
    name = labels.session_name(part.session)
    if part.talk is None or part.talk.title == part.session.title:
        return name
    return f"{name}, “{part.talk.title}”"


def role(part: Part) -> str:
    return labels.role(part.who.role, 1, overall=part.session is None)


def in_list(person: Person) -> str:
    """`Kim, Juny (Ms.), Anti-Corruption and Civil Rights Commission`: somebody in a list."""
    form = f" ({person.honorific})" if person.honorific else ""
    employer = person.organisation or person.position
    return f"{person.sort_name}{form}" + (f", {employer}" if employer else "")


def affiliation(who: Appearance) -> str:
    """What is printed after a name, without the country."""
    return ", ".join(filter(None, map(str, (who.position, who.organisation))))


def places_of_person(draft: Agenda, own: Iterable[Part], zone: Zone) -> Places:
    """Where somebody appears, with the role they have there."""
    said: dict[UUID, list[str]] = {}
    for part in own:
        said.setdefault(part.place, []).append(_in_place(part, role(part)))
    return _offered(draft, said, zone)


def places_of_country(draft: Agenda, country: str, zone: Zone) -> Places:
    """Where people of a country appear, or where it is asked."""
    said: dict[UUID, list[str]] = {}
    for part in parts(draft):
        if part.who.country == country:
            in_role = _in_place(part, role(part).lower())
            said.setdefault(part.place, []).append(f"{labels.name(part.who)}, {in_role}")
    for session in draft.sessions():
        if any(country in block.countries for block in session.question_blocks):
            said.setdefault(session.uid, []).append(_("asked"))
    return _offered(draft, said, zone)


def _offered(draft: Agenda, said: Mapping[UUID, list[str]], zone: Zone) -> Places:
    return tuple(
        (str(each.uid), _place(each, tuple(said[each.uid]), zone))
        for workshop in draft.workshops
        for each in _places(workshop)
        if each.uid in said
    )


def _places(workshop: Workshop) -> tuple[Workshop | Session, ...]:
    return (workshop, *workshop.sessions)


def _place(it: Workshop | Session, said: tuple[str, ...], zone: Zone) -> PlaceLine:
    when = time_ranges.span(it.starts_at, it.ends_at, zone)
    if isinstance(it, Session):
        return PlaceLine(labels.session_title(it), when, labels.status(it), said)
    return PlaceLine(_("All of “%(title)s”") % {"title": it.title}, when, "", said)


def _in_place(part: Part, in_role: str) -> str:
    """The role, with the title of the talk that it is in."""
    if part.talk is None or part.session is None or part.talk.title == part.session.title:
        return in_role
    return _("%(role)s of “%(talk)s”") % {"role": in_role, "talk": part.talk.title}


def _swap(swap: Swap, plan: Plan) -> SwapLine:
    return SwapLine(
        where=where(swap.part),
        role=role(swap.part),
        then="" if swap.then is None else labels.name(swap.then),
        detail="" if swap.then is None else affiliation(swap.then),
        notes=tuple(_notes(swap, plan)),
    )


def _notes(swap: Swap, plan: Plan) -> Iterator[str]:
    if swap.then is None and plan.newcomer is not None:
        said = _("%(name)s is there as %(role)s already, so this part is taken out.")
        yield said % {"name": plan.newcomer.name, "role": role(swap.part).lower()}
    if swap.then is None:
        return
    former = next((each for each in plan.draft.people if each.uid == swap.part.who.person), None)
    own = (former.position, former.organisation) if former else (Text(), Text())
    printed = affiliation(swap.part.who)
    is_own = (swap.part.who.position, swap.part.who.organisation) != own
    if is_own and printed != affiliation(swap.then):
        yield _("“%(text)s”, as it is printed here alone, goes.") % {"text": printed}


def _cut(cut: Cut) -> CutLine:
    gone = labels.listed([labels.country(code) for code in _countries(cut)])
    return CutLine(
        where=labels.session_title(cut.session),
        said=_gone(cut, gone) if cut.then is None else _smaller(cut, cut.then, gone),
        questions=() if cut.then else tuple(each.text for each in cut.block.questions),
    )


def _gone(cut: Cut, country: str) -> str:
    count = len(cut.block.questions)
    said = ngettext(
        "The block for %(country)s goes with its %(count)s question.",
        "The block for %(country)s goes with its %(count)s questions.",
        count,
    ) % {"country": country, "count": count}
    return f"{said} {_freed(cut)}".strip()


def _smaller(cut: Cut, then: QuestionBlock, country: str) -> str:
    said = _("%(country)s is no longer asked; the questions stay for %(others)s.") % {
        "country": country,
        "others": labels.listed([labels.country(code) for code in then.countries]),
    }
    if then.minutes is not None and then.minutes_are == "in_total":
        stay = _("Its minutes stay: %(minutes)s.") % {"minutes": labels.block_minutes(then)}
        return f"{said} {stay}"
    return f"{said} {_freed(cut)}".strip()


def _freed(cut: Cut) -> str:
    if not cut.freed:
        return ""
    return _("%(minutes)s become free.") % {"minutes": labels.minutes(cut.freed)}


def _countries(cut: Cut) -> list[str]:
    left = cut.then.countries if cut.then else ()
    return [code for code in cut.block.countries if code not in left]
