"""Who changed what and when: the history of a row and of the rows below it, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

# What no organiser types: a row's own name, what it hangs on, its place in a list.
SILENT = ("uid", "event", "key", "order")
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Branch:
    """A kind of row with the kinds that hang on it; `parent` is the column that says on which."""

    model: type[Model]
    parent: str = ""
    branches: tuple["Branch", ...] = ()

    def kinds(self) -> tuple[type[Model], ...]:
        """Every kind of row once, from the top down."""
        below = (kind for branch in self.branches for kind in branch.kinds())
        return tuple(dict.fromkeys((self.model, *below)))


@dataclass(frozen=True, slots=True)
class Edit:
    """One save of one row: `what` says in a few words what it did."""

    at: datetime
    by: str
    row: str
    what: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.row}: {'; '.join(self.what)}"


@dataclass(frozen=True, slots=True)
class Seen:
    """How far history had come when somebody looked, for each kind of row: `12.7.0.3`."""

    marks: tuple[int, ...]

    @classmethod
    def now(cls, tree: Branch) -> "Seen":
        """One query a kind."""
        newest = (_history(kind).aggregate(at=Max("history_id"))["at"] for kind in tree.kinds())
        return cls(tuple(at or 0 for at in newest))

    @classmethod
    def read(cls, text: str, tree: Branch) -> "Seen | None":
        """What `str` made; None for anything else."""
        parts = text.split(".")
        if len(parts) != len(tree.kinds()) or not all(map(_is_mark, parts)):
            return None
        return cls(tuple(map(int, parts)))

    def __str__(self) -> str:
        return ".".join(map(str, self.marks))


class Past:
    """Everything that history holds of one row and of those below it: one query a kind."""

    def __init__(self, tree: Branch, root: UUID) -> None:
        self._records: dict[type[Model], dict[UUID, list[Any]]] = {}
        self._kinds = tree.kinds()
        self._read(tree, {tree.model._meta.pk.name: root})

    def edits(self, seen: Seen | None = None) -> list[Edit]:
        """What was done, the newest first; with `seen`, only what came after it."""
        done = [
            (record, former)
            for kind, mark in zip(self._kinds, _marks(seen, self._kinds), strict=True)
            for records in self._records[kind].values()
            for former, record in zip([None, *records], records, strict=False)
            if record.history_id > mark
        ]
        done.sort(key=lambda pair: (pair[0].history_date, pair[0].history_id), reverse=True)
        return [edit for record, former in done if (edit := _edit(record, former))]

    def then(self, kind: type[Model], uid: UUID, seen: Seen) -> Model | None:
        """The row as it stood at `seen`; None if it was not there."""
        mark = dict(zip(self._kinds, seen.marks, strict=True))[kind]
        records = [each for each in self._of(kind, uid) if each.history_id <= mark]
        return None if not records or records[-1].history_type == "-" else records[-1].instance

    def is_gone(self, kind: type[Model], uid: UUID) -> bool:
        """Whether the row hung here once and was deleted."""
        records = self._of(kind, uid)
        return bool(records) and records[-1].history_type == "-"

    def _of(self, kind: type[Model], uid: UUID) -> list[Any]:
        return self._records[kind].get(uid, [])

    def _read(self, branch: Branch, where: Mapping[str, Any]) -> None:
        found: dict[UUID, list[Any]] = defaultdict(list)
        records = _history(branch.model).filter(**where).select_related("history_user")
        for record in records.order_by("history_id"):
            found[record.uid].append(record)
        self._records[branch.model] = found
        for below in branch.branches:
            self._read_below(below, found)

    def _read_below(self, branch: Branch, parents: Iterable[UUID]) -> None:
        """Children of several kinds may be of one model: theirs come together."""
        already = self._records.get(branch.model, {})
        self._read(branch, {f"{branch.parent}__in": list(parents)})
        self._records[branch.model] = already | self._records[branch.model]


def _history(kind: type[Model]) -> Any:
    return kind.history.all()  # type: ignore[attr-defined]  # simple-history has no types


def _is_mark(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _marks(seen: Seen | None, kinds: tuple[type[Model], ...]) -> tuple[int, ...]:
    return seen.marks if seen else (0,) * len(kinds)


def _edit(record: Any, former: Any) -> Edit | None:
    what = _what(record, former)
    if not what:
        return None
    return Edit(at=record.history_date, by=_who(record.history_user), row=_row(record), what=what)


def _row(record: Any) -> str:
    kind = capfirst(str(record.instance_type._meta.verbose_name))
    try:
        return f"{kind} “{_short(str(record.instance))}”"
    except ObjectDoesNotExist:  # what it stood for is gone for good
        return kind


def _who(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("the site itself")


def _what(record: Any, former: Any) -> tuple[str, ...]:
    if record.history_type == "-":
        return (_("removed"),)
    if former is None or former.history_type == "-":
        return (_("added"),)
    return tuple(_changes(record, former))


def _changes(record: Any, former: Any) -> Iterator[str]:
    moved = False
    for field in record.tracked_fields:
        old, new = (getattr(each, field.attname) for each in (former, record))
        if old == new or not (old or new) or _is_doubled(record, field):
            continue
        if field.name in SILENT:
            moved = moved or field.name == "order"
            continue
        values = {"old": _said(field, former), "new": _said(field, record)}
        named = capfirst(str(field.verbose_name))
        yield f"{named}: " + (_("%(old)s → %(new)s") % values)
    if moved:
        yield _("put in another place")


def _is_doubled(record: Any, field: Any) -> bool:
    """A translated text is told by its languages, not once more by what they stand for."""
    return hasattr(record, f"{field.name}_en")


def _said(field: Any, record: Any) -> str:
    value = getattr(record, field.attname)
    if not value and value != 0:
        return _("nothing")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    if field.is_relation:
        return _related(field, value)
    choices = dict(field.flatchoices or ())
    parts = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    names = (str(getattr(each, "name", None) or choices.get(each, each)) for each in parts)
    return f"“{_short(', '.join(names))}”"


def _related(field: Any, value: UUID) -> str:
    row = field.related_model._base_manager.filter(pk=value).first()
    return _("something that is gone") if row is None else f"“{_short(str(row))}”"


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST)
