"""Sessions with their people, talks and questions on one page; releases to look at."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Field as Column
from django.db.models import QuerySet
from django.forms import Field
from django.http import HttpRequest
from django.utils import timezone
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from sessions_app import models
from workshop.admin import NumbersRows, OnEventsClock


class AppearanceInline(StackedInline, TranslationStackedInline):
    model = models.Appearance
    extra = 0
    ordering_field = "order"
    autocomplete_fields = ("person",)
    exclude = ("workshop", "presentation")
    collapsible = True


class TalkAppearanceInline(AppearanceInline):
    exclude = ("workshop", "session")


class PresentationInline(StackedInline, TranslationStackedInline):
    model = models.Presentation
    extra = 0
    ordering_field = "order"
    inlines = (TalkAppearanceInline,)
    collapsible = True


class QuestionInline(StackedInline, TranslationStackedInline):
    model = models.Question
    extra = 0
    ordering_field = "order"


class QuestionBlockInline(StackedInline, TranslationStackedInline):
    model = models.QuestionBlock
    extra = 0
    ordering_field = "order"
    inlines = (QuestionInline,)
    collapsible = True

    def formfield_for_choice_field(  # type: ignore[override]  # a choice of several
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        if db_field.name == "countries":
            # The choice of several needs a widget that offers several.
            options["widget"] = UnfoldAdminSelect2MultipleWidget
            return db_field.formfield(**options)
        return super().formfield_for_choice_field(db_field, request, **options)


@admin.register(models.Session)
class SessionAdmin(OnEventsClock, NumbersRows, SimpleHistoryAdmin, ModelAdmin, TranslationAdmin):
    list_display = ("starts_at", "ends_at", "number", "title", "kind", "status", "workshop")
    list_display_links = ("title",)
    list_filter = ("workshop", "kind", "status")
    search_fields = ("title_en", "title_lo", "key")
    inlines = (AppearanceInline, PresentationInline, QuestionBlockInline)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """`?after=UID` begins a row where another ends, as the board's “Add after” asks."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        uid = _uid(initial.pop("after", ""))
        after = models.Session.objects.filter(pk=uid).first() if uid else None
        if after is not None:
            initial["workshop"] = after.workshop_id
            initial["starts_at"] = initial["ends_at"] = after.ends_at
        return initial

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Session]":
        return super().get_queryset(request).filter(dropped_at=None)

    def delete_model(self, request: HttpRequest, session: models.Session) -> None:
        """Keep the row as dropped: its UID is for ever, and it may come back."""
        session.dropped_at = timezone.now()
        session.save()

    def delete_queryset(self, request: HttpRequest, sessions: "QuerySet[models.Session]") -> None:
        for session in sessions:
            self.delete_model(request, session)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@admin.register(models.Release)
class ReleaseAdmin(ModelAdmin):
    list_display = ("number", "event", "made_at", "made_by", "note")
    fields = ("event", "number", "made_at", "made_by", "note")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, release: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, release: Any = None) -> bool:
        return False
