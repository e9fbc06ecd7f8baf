"""Two organisers on one row: the second is told what the first did, and nobody loses a word."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.forms import HiddenInput, ModelForm, MultiWidget, UUIDField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from unfold.forms import PaginationInlineFormSet

from workshop.editing.history import Branch, Edit, Past, Seen


class KeepsTyped(PaginationInlineFormSet):  # type: ignore[misc]  # unfold has no types
    """Rows that somebody else removed meanwhile are still there for whoever typed in them."""

    def is_returning(self, form: Any) -> bool:
        """Whether saving this form would bring a removed row back, under its own UID."""
        return getattr(form.instance, "returns", False) and form not in self.deleted_forms

    def _existing_object(self, pk: UUID) -> Model | None:
        found: Model | None = super()._existing_object(pk)
        return found or self._removed(pk)

    def _removed(self, pk: UUID) -> Model | None:
        """A row of this very parent that was here once; never one of another."""
        history = self.model.history.filter(uid=pk).order_by("-history_id")
        last = history.filter(**{self.fk.attname: self.instance.pk}).first()
        if last is None or self.model._base_manager.filter(pk=pk).exists():
            return None
        row: Model = self.model(pk=pk)
        row.returns = True  # type: ignore[attr-defined]  # a mark for this form only
        return row

    def add_fields(self, form: Any, index: int | None) -> None:
        uid = self.instance.pk
        super().add_fields(form, index)
        if getattr(self.instance, "returns", False):
            self.instance.pk = uid  # Django takes it for a default that is yet to be made
        if getattr(form.instance, "returns", False):
            form.fields[self.model._meta.pk.name] = UUIDField(widget=HiddenInput)

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        saved: list[Any] = super().save_existing_objects(commit)
        for form in self.initial_forms:
            if self.is_returning(form):
                self.changed_objects.append((form.instance, form.changed_data))
                saved.append(form.save(commit=commit))
        return saved


class TellsOfOthers:
    """An admin page that notices what others saved between its opening and its saving.

    What only they changed is taken over, what was typed here stays as typed, and nothing is
    saved before whoever typed it has seen both and saves once more.
    """

    change_form_before_template = "admin/meanwhile.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if not object_id:
            return self._page(request, object_id, form_url, context)
        tree = tree_of(self)
        context["seen"] = Seen.now(tree)
        if request.method != "POST":
            return self._page(request, object_id, form_url, context)
        # The row stays locked from the look at what others did until it is saved.
        with transaction.atomic():
            context["meanwhile"] = self._since(request, object_id, tree)
            return self._page(request, object_id, form_url, context)

    def _page(self, *asked: Any) -> HttpResponse:
        return super().changeform_view(*asked)  # type: ignore[misc,no-any-return]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> "type[ModelForm[Any]]":
        form: type[ModelForm[Any]] = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        edits: list[Edit] = getattr(request, "meanwhile", [])
        return _refusing(form, edits) if edits else form

    def _since(self, request: HttpRequest, object_id: str, tree: Branch) -> list[Edit]:
        """What others did since the page was opened; then what was posted is merged with it."""
        seen = Seen.read(request.POST.get("seen", ""), tree)
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if seen is None or row is None:
            return []
        type(row)._base_manager.select_for_update().get(pk=row.pk)
        past = Past(tree, row.pk)
        edits = past.edits(seen)
        if edits:
            request.POST = self._merged(request, row, past, seen)  # type: ignore[assignment]
        request.meanwhile = edits  # type: ignore[attr-defined]  # read by get_form
        return edits

    def _merged(self, request: HttpRequest, row: Model, past: Past, seen: Seen) -> QueryDict:
        fields = flatten_fieldsets(self.get_fieldsets(request, row))  # type: ignore[attr-defined]
        whole = super().get_form(request, row, change=True, fields=fields)  # type: ignore[misc]
        formsets, _inlines = self._create_formsets(  # type: ignore[attr-defined]
            request, row, change=True
        )
        data = request.POST.copy()
        _take_over(whole(request.POST, instance=row), past, seen, data)
        for formset in formsets:
            _take_over_rows(formset, past, seen, data)
        return data


def tree_of(admin: Any) -> Branch:
    """The kinds of rows that one page of the admin edits."""
    below = tuple(_branch(admin.model, inline) for inline in admin.inlines)
    return Branch(admin.model, branches=below)


def _branch(parent: type[Model], inline: Any) -> Branch:
    below = tuple(_branch(inline.model, each) for each in getattr(inline, "inlines", ()))
    columns = (field for field in inline.model._meta.fields if field.related_model is parent)
    return Branch(inline.model, next(columns).name, below)


def _refusing(form: "type[ModelForm[Any]]", edits: list[Edit]) -> "type[ModelForm[Any]]":
    class Refusing(form):  # type: ignore[misc,valid-type]
        """Not saved this time, so that it can be looked at."""

        def clean(self) -> dict[str, Any] | None:
            who = " and ".join(sorted({edit.by for edit in edits}))
            self.add_error(
                None,
                ValidationError(
                    _(
                        "Not saved yet: %(who)s changed this while you were typing. Everything "
                        "you typed is still here. Look at both, then save once more."
                    )
                    % {"who": who}
                ),
            )
            cleaned: dict[str, Any] | None = super().clean()
            return cleaned

    return Refusing


def _take_over_rows(formset: Any, past: Past, seen: Seen, data: QueryDict) -> None:
    for form in formset.initial_forms:
        if getattr(form.instance, "returns", False) and not _is_touched(form, past, seen):
            data[f"{form.prefix}-DELETE"] = "on"  # removed by the other, untouched here
            continue
        _take_over(form, past, seen, data)
        for nested in getattr(form, "nested_formsets", ()):
            _take_over_rows(nested.formset, past, seen, data)


def _is_touched(form: Any, past: Past, seen: Seen) -> bool:
    """Whether anything was typed into a row, or into one below it."""
    base = past.then(type(form.instance), form.instance.pk, seen)
    if base is None or any(_is_typed(form, name, field, base) for name, field in _columns(form)):
        return True
    return any(
        (row not in nested.formset.initial_forms and row.has_changed())
        or (row in nested.formset.initial_forms and _is_touched(row, past, seen))
        for nested in getattr(form, "nested_formsets", ())
        for row in nested.formset.forms
    )


def _take_over(form: Any, past: Past, seen: Seen, data: QueryDict) -> None:
    """Put what only the other changed into what is posted."""
    base = past.then(type(form.instance), form.instance.pk, seen)
    if base is None or form.instance._state.adding:
        return
    for name, field in _columns(form):
        old, new = (field.value_from_object(row) for row in (base, form.instance))
        if old != new and not _is_typed(form, name, field, base):
            _put(data, form[name], new)


def _columns(form: Any) -> Iterator[tuple[str, Any]]:
    """The form's fields that are columns of its row."""
    columns = {field.name: field for field in form.instance._meta.fields}
    return ((name, columns[name]) for name in form.fields if name in columns and name != "uid")


def _is_typed(form: Any, name: str, field: Any, base: Model) -> bool:
    bound = form[name]
    return bool(bound.field.has_changed(field.value_from_object(base), bound.data))


def _put(data: QueryDict, bound: Any, value: Any) -> None:
    """Write a value under a field's name or names, as its widget would have posted it."""
    widget, value = bound.field.widget, bound.field.prepare_value(value)
    widget = getattr(widget, "widget", widget)  # the wrapper with a plus sign beside it
    if isinstance(widget, MultiWidget):
        names = (f"{bound.html_name}_{place}" for place in range(len(widget.widgets)))
        for name, part, each in zip(
            names, widget.widgets, widget.decompress(value) or (), strict=False
        ):
            data[name] = part.format_value(each) or ""
    elif getattr(widget, "allow_multiple_selected", False):
        data.setlist(bound.html_name, [str(each) for each in value or ()])
    else:
        data[bound.html_name] = "" if value is None else str(getattr(value, "code", value))
