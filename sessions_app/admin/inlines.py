"""Inlines on the admin pages of sessions and workshops: people, talks, questions."""

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Field as Column
from django.forms import Field, ModelForm, Textarea
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminTextareaWidget

from sessions_app import models
from workshop.editing.concurrent_edits import RestorableInlines


class CountriesWidget(UnfoldAdminSelect2MultipleWidget):
    """Select of several countries, which keeps the order of choice."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({**(attrs or {}), "class": "row-countries"}, choices)

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        """Offer the chosen countries first: browsers post choices in the order of the options."""
        order = {code: index for index, code in enumerate(map(str, value))}
        return sorted(
            super().optgroups(name, value, attrs),
            key=lambda group: order.get(str(group[1][0]["value"]), len(order)),
        )


class RowForm(ModelForm):
    """Form of an inline row; its non-field errors are shown at the first field."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and NON_FIELD_ERRORS in self.errors:
            shown = next(name for name, field in self.fields.items() if not field.widget.is_hidden)
            self.errors.setdefault(shown, self.error_class()).extend(
                self.errors.pop(NON_FIELD_ERRORS).as_data()
            )


class RowsInline(StackedInline, TranslationStackedInline):
    """Base of inlines whose rows have an order, changed by dragging."""

    extra = 0
    form = RowForm
    formset = RestorableInlines
    ordering_field = "order"
    hide_ordering_field = True

    def formfield_for_dbfield(
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        """Form field with two-line text areas, and without the related-object menu."""
        field: Field | None = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # The menu does not work in added rows: row.js adds its own link.
            field.widget = field.widget.widget
        if field is not None and isinstance(field.widget, Textarea):
            field.widget = UnfoldAdminTextareaWidget(attrs={"rows": 2})
        return field


class AppearanceInline(RowsInline):
    """Inline of appearances; a name is typed only if it is not a person."""

    model = models.Appearance
    verbose_name = _("person or organisation")
    verbose_name_plural = _("people and organisations")
    autocomplete_fields = ("person",)
    collapsible = True
    fields = (
        ("role", "stands_for", "person"),
        ("name_en", "name_lo"),
        ("position_en", "position_lo"),
        ("organisation_en", "organisation_lo"),
        "order",
    )


class WorkshopAppearanceInline(AppearanceInline):
    verbose_name_plural = _("roles over the whole workshop")


class PresentationInline(RowsInline):
    model = models.Presentation
    inlines = (AppearanceInline,)
    fields = (("title_en", "title_lo"), "minutes", "order")


class QuestionInline(RowsInline):
    model = models.Question
    fields = (("text_en", "text_lo"), "order")


class QuestionBlockInline(RowsInline):
    model = models.QuestionBlock
    inlines = (QuestionInline,)
    fields = (
        "countries",
        ("minutes", "minutes_are"),
        ("moderator_note_en", "moderator_note_lo"),
        "order",
    )

    def formfield_for_choice_field(  # type: ignore[override]  # a choice of several
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        if db_field.name == "countries":
            # A field with several values needs a widget for several values.
            options["widget"] = CountriesWidget
            return db_field.formfield(**options)
        return super().formfield_for_choice_field(db_field, request, **options)
