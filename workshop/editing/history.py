"""Edit history of a row and its child rows, as text (on django-simple-history)."""

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

# Fields that nobody types: identity, parent and position.
HIDDEN_FIELDS = ("uid", "event", "key", "order")
MAX_LENGTH = 120


@dataclass(frozen=True, slots=True)
class RowTree:
    """A model with its child models; `parent` is the foreign key to the parent row."""

    model: type[Model]
    parent: str = ""
    children: tuple["RowTree", ...] = ()

    def models(self) -> tuple[type[Model], ...]:
        """All models of the tree, each once, parents first."""
        descendants = (model for child in self.children for model in child.models())
        return tuple(dict.fromkeys((self.model, *descendants)))


@dataclass(frozen=True, slots=True)
class Edit:
    """One save of one row, with its changes as text."""

    at: datetime
    by: str
    row: str
    changes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.row}: {'; '.join(self.changes)}"


@dataclass(frozen=True, slots=True)
class EditVersion:
    """Newest history ID of each model of a tree, to find later edits: `12.7.0.3`."""

    history_ids: tuple[int, ...]

    @classmethod
    def now(cls, tree: RowTree) -> "EditVersion":
        """Current version; one query a model."""
        newest = (
            _history_of(model).aggregate(id=Max("history_id"))["id"] for model in tree.models()
        )
        return cls(tuple(history_id or 0 for history_id in newest))

    @classmethod
    def parse(cls, text: str, tree: RowTree) -> "EditVersion | None":
        """Inverse of `str`; None for invalid text."""
        numbers = text.split(".")
        if len(numbers) != len(tree.models()) or not all(map(_is_history_id, numbers)):
            return None
        return cls(tuple(map(int, numbers)))

    def __str__(self) -> str:
        return ".".join(map(str, self.history_ids))


class RowHistory:
    """All history records of a row and its child rows; one query a model and foreign key."""

    def __init__(self, tree: RowTree, root: UUID) -> None:
        self._records: dict[type[Model], dict[UUID, list[Any]]] = {}
        self._models = tree.models()
        self._load(tree, {tree.model._meta.pk.name: root})

    def edits(self, since: EditVersion | None = None) -> list[Edit]:
        """Edits, newest first; with `since`, only those after that version."""
        changes = [
            (record, former)
            for model, newest in zip(self._models, _history_ids(since, self._models), strict=True)
            for records in self._records[model].values()
            for former, record in zip([None, *records], records, strict=False)
            if record.history_id > newest
        ]
        changes.sort(key=lambda pair: (pair[0].history_date, pair[0].history_id), reverse=True)
        return [edit for record, former in changes if (edit := _edit(record, former))]

    def row_at(self, model: type[Model], uid: UUID, version: EditVersion) -> Model | None:
        """The row as of a version; None if it did not exist then."""
        newest = dict(zip(self._models, version.history_ids, strict=True))[model]
        records = [record for record in self._of(model, uid) if record.history_id <= newest]
        return None if not records or records[-1].history_type == "-" else records[-1].instance

    def _of(self, model: type[Model], uid: UUID) -> list[Any]:
        return self._records[model].get(uid, [])

    def _load(self, tree: RowTree, filters: Mapping[str, Any]) -> None:
        by_uid: dict[UUID, list[Any]] = defaultdict(list)
        related = [field.name for field in tree.model._meta.concrete_fields if field.is_relation]
        records = _history_of(tree.model).filter(**filters).select_related("history_user")
        for record in records.prefetch_related(*related).order_by("history_id"):
            by_uid[record.uid].append(record)
        self._records[tree.model] = by_uid
        for child in tree.children:
            self._load_children(child, by_uid)

    def _load_children(self, tree: RowTree, parents: Iterable[UUID]) -> None:
        """Two branches may have the same model (appearances): their records are merged."""
        loaded = self._records.get(tree.model, {})
        self._load(tree, {f"{tree.parent}__in": list(parents)})
        self._records[tree.model] = loaded | self._records[tree.model]


def _history_of(model: type[Model]) -> Any:
    return model.history.all()  # type: ignore[attr-defined]  # simple-history has no types


def _is_history_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _history_ids(version: EditVersion | None, models: tuple[type[Model], ...]) -> tuple[int, ...]:
    return version.history_ids if version else (0,) * len(models)


def _edit(record: Any, former: Any) -> Edit | None:
    changes = _describe(record, former)
    if not changes:
        return None
    return Edit(
        at=record.history_date,
        by=_user_name(record.history_user),
        row=_row_name(record),
        changes=changes,
    )


def _row_name(record: Any) -> str:
    model_name = capfirst(str(record.instance_type._meta.verbose_name))
    row = record.instance
    for field in record.tracked_fields:
        if field.is_relation:  # loaded with the record
            field.set_cached_value(row, getattr(record, field.name))
    try:
        return f"{model_name} “{_shorten(str(row))}”"
    except ObjectDoesNotExist:  # a row that it refers to was deleted
        return model_name


def _user_name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("the site")


def _describe(record: Any, former: Any) -> tuple[str, ...]:
    if record.history_type == "-":
        return (_("removed"),)
    if former is None or former.history_type == "-":
        return (_("added"),)
    return tuple(_changes(record, former))


def _changes(record: Any, former: Any) -> Iterator[str]:
    is_moved = False
    for field in record.tracked_fields:
        old, new = (getattr(version, field.attname) for version in (former, record))
        if old == new or not (old or new) or _has_translations(record, field):
            continue
        if field.name in HIDDEN_FIELDS:
            is_moved = is_moved or field.name == "order"
            continue
        values = {"old": _value_text(field, former), "new": _value_text(field, record)}
        label = capfirst(str(field.verbose_name))
        yield f"{label}: " + (_("%(old)s → %(new)s") % values)
    if is_moved:
        yield _("moved to another place")


def _has_translations(record: Any, field: Any) -> bool:
    """Whether a translated field is listed by its language columns already."""
    return hasattr(record, f"{field.name}_en")


def _value_text(field: Any, record: Any) -> str:
    value = getattr(record, field.attname)
    if not value and value != 0:
        return _("nothing")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    if field.is_relation:
        related = getattr(record, field.name)
        return _("a deleted entry") if related is None else f"“{_shorten(str(related))}”"
    choices = dict(field.flatchoices or ())
    values = value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
    names = (str(getattr(item, "name", None) or choices.get(item, item)) for item in values)
    return f"“{_shorten(', '.join(names))}”"


def _shorten(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(MAX_LENGTH)
