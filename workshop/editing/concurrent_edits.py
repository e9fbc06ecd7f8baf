"""Concurrent edits in the admin: the second save shows the first one and merges both."""

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

from workshop.editing.history import Edit, EditVersion, RowHistory, RowTree


class RestorableInlines(PaginationInlineFormSet):  # type: ignore[misc]  # unfold has no types
    """Inline formset that can restore a row which another user deleted meanwhile."""

    def is_restoring(self, form: Any) -> bool:
        """Whether saving this form restores a deleted row, with its UID."""
        return getattr(form.instance, "is_restored", False) and form not in self.deleted_forms

    def _existing_object(self, pk: UUID) -> Model | None:
        existing: Model | None = super()._existing_object(pk)
        return existing or self._deleted_row(pk)

    def _deleted_row(self, pk: UUID) -> Model | None:
        """A deleted row that belonged to this parent; never a row of another parent."""
        history = self.model.history.filter(uid=pk).order_by("-history_id")
        last = history.filter(**{self.fk.attname: self.instance.pk}).first()
        if last is None or self.model._base_manager.filter(pk=pk).exists():
            return None
        row: Model = self.model(pk=pk)
        row.is_restored = True  # type: ignore[attr-defined]  # for this form only
        return row

    def add_fields(self, form: Any, index: int | None) -> None:
        uid = self.instance.pk
        super().add_fields(form, index)
        if getattr(self.instance, "is_restored", False):
            self.instance.pk = uid  # Django clears it, as if it were a default value
        if getattr(form.instance, "is_restored", False):
            form.fields[self.model._meta.pk.name] = UUIDField(widget=HiddenInput)

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        saved: list[Any] = super().save_existing_objects(commit)
        for form in self.initial_forms:
            if self.is_restoring(form):
                self.changed_objects.append((form.instance, form.changed_data))
                saved.append(form.save(commit=commit))
        return saved


class ConcurrentEditMixin:
    """Admin mixin that detects saves by others between opening and saving a page.

    Fields that only the others changed take their value, fields typed here stay as typed, and
    the page is shown once more with both before anything is saved.
    """

    change_form_before_template = "admin/concurrent_edits.html"

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
        tree = build_row_tree(self)
        context["edit_version"] = EditVersion.now(tree)
        if request.method != "POST":
            return self._page(request, object_id, form_url, context)
        # The row stays locked from the check for other edits until the save.
        with transaction.atomic():
            context["concurrent_edits"] = self._edits_since(request, object_id, tree)
            return self._page(request, object_id, form_url, context)

    def _page(self, *arguments: Any) -> HttpResponse:
        return super().changeform_view(*arguments)  # type: ignore[misc,no-any-return]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> "type[ModelForm[Any]]":
        form: type[ModelForm[Any]] = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        edits: list[Edit] = getattr(request, "concurrent_edits", [])
        return _refusing_form(form, edits) if edits else form

    def _edits_since(self, request: HttpRequest, object_id: str, tree: RowTree) -> list[Edit]:
        """Edits by others since the page was opened; they are merged into the POST data."""
        version = EditVersion.parse(request.POST.get("seen", ""), tree)
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if version is None or row is None:
            return []
        type(row)._base_manager.select_for_update().get(pk=row.pk)
        history = RowHistory(tree, row.pk)
        edits = history.edits(version)
        if edits:
            request.POST = self._merged_data(request, row, history, version)  # type: ignore[assignment]
        request.concurrent_edits = edits  # type: ignore[attr-defined]  # read by get_form
        return edits

    def _merged_data(
        self, request: HttpRequest, row: Model, history: RowHistory, version: EditVersion
    ) -> QueryDict:
        fields = flatten_fieldsets(self.get_fieldsets(request, row))  # type: ignore[attr-defined]
        form_class = super().get_form(request, row, change=True, fields=fields)  # type: ignore[misc]
        formsets, _inlines = self._create_formsets(  # type: ignore[attr-defined]
            request, row, change=True
        )
        data = request.POST.copy()
        _merge_fields(form_class(request.POST, instance=row), history, version, data)
        for formset in formsets:
            _merge_rows(formset, history, version, data)
        return data


def build_row_tree(admin: Any) -> RowTree:
    """Tree of the models that one admin page edits."""
    children = tuple(_inline_tree(admin.model, inline) for inline in admin.inlines)
    return RowTree(admin.model, children=children)


def _inline_tree(parent: type[Model], inline: Any) -> RowTree:
    children = tuple(
        _inline_tree(inline.model, nested) for nested in getattr(inline, "inlines", ())
    )
    foreign_keys = (field for field in inline.model._meta.fields if field.related_model is parent)
    return RowTree(inline.model, next(foreign_keys).name, children)


def _refusing_form(form: "type[ModelForm[Any]]", edits: list[Edit]) -> "type[ModelForm[Any]]":
    class RefusingForm(form):  # type: ignore[misc,valid-type]
        """Form with an error, so that the page is shown again before a save."""

        def clean(self) -> dict[str, Any] | None:
            names = " and ".join(sorted({edit.by for edit in edits}))
            self.add_error(
                None,
                ValidationError(
                    _(
                        "Not saved yet: %(names)s changed this while you were typing. Everything "
                        "you typed is still here. Look at both, then save once more."
                    )
                    % {"names": names}
                ),
            )
            cleaned: dict[str, Any] | None = super().clean()
            return cleaned

    return RefusingForm


def _merge_rows(formset: Any, history: RowHistory, version: EditVersion, data: QueryDict) -> None:
    for form in formset.initial_forms:
        if getattr(form.instance, "is_restored", False) and not _is_row_edited(
            form, history, version
        ):
            data[f"{form.prefix}-DELETE"] = "on"  # deleted by the other user, not edited here
            continue
        _merge_fields(form, history, version, data)
        for nested in getattr(form, "nested_formsets", ()):
            _merge_rows(nested.formset, history, version, data)


def _is_row_edited(form: Any, history: RowHistory, version: EditVersion) -> bool:
    """Whether the user edited the row or one of its child rows."""
    base = history.row_at(type(form.instance), form.instance.pk, version)
    if base is None or any(
        _is_field_edited(form, name, field, base) for name, field in _model_fields(form)
    ):
        return True
    return any(
        (row not in nested.formset.initial_forms and row.has_changed())
        or (row in nested.formset.initial_forms and _is_row_edited(row, history, version))
        for nested in getattr(form, "nested_formsets", ())
        for row in nested.formset.forms
    )


def _merge_fields(form: Any, history: RowHistory, version: EditVersion, data: QueryDict) -> None:
    """Write values that only the other user changed into the POST data."""
    base = history.row_at(type(form.instance), form.instance.pk, version)
    if base is None or form.instance._state.adding:
        return
    for name, field in _model_fields(form):
        old, new = (field.value_from_object(row) for row in (base, form.instance))
        if old != new and not _is_field_edited(form, name, field, base):
            _set_posted_value(data, form[name], new)


def _model_fields(form: Any) -> Iterator[tuple[str, Any]]:
    """Form fields that are model fields, with the model field."""
    columns = {field.name: field for field in form.instance._meta.fields}
    return ((name, columns[name]) for name in form.fields if name in columns and name != "uid")


def _is_field_edited(form: Any, name: str, field: Any, base: Model) -> bool:
    bound = form[name]
    return bool(bound.field.has_changed(field.value_from_object(base), bound.data))


def _set_posted_value(data: QueryDict, bound: Any, value: Any) -> None:
    """Set a value in the POST data as the field's widget would post it."""
    widget, value = bound.field.widget, bound.field.prepare_value(value)
    widget = getattr(widget, "widget", widget)  # unwrap the widget with the add button
    if isinstance(widget, MultiWidget):
        names = (f"{bound.html_name}_{index}" for index in range(len(widget.widgets)))
        for name, subwidget, subvalue in zip(
            names, widget.widgets, widget.decompress(value) or (), strict=False
        ):
            data[name] = subwidget.format_value(subvalue) or ""
    elif getattr(widget, "allow_multiple_selected", False):
        data.setlist(bound.html_name, [str(item) for item in value or ()])
    else:
        data[bound.html_name] = "" if value is None else str(getattr(value, "code", value))
