"""Admin of sessions, with people, talks and questions on one page, and of releases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from sessions_app import models
from sessions_app.admin import inlines
from sessions_app.desk.schedule.other_zones import other_zone_times
from sessions_app.publishing.queries import describe_contents
from workshop.admin import EventTimezoneMixin, HistoryMixin, OrderedInlinesMixin, WorkshopAdmin
from workshop.editing.concurrent_edits import ConcurrentEditMixin
from workshop.models import Workshop


@admin.register(Workshop)
class WorkshopWithPeopleAdmin(WorkshopAdmin):
    inlines = (inlines.WorkshopAppearanceInline, *WorkshopAdmin.inlines)  # type: ignore[assignment]


@admin.register(models.Session)
class SessionAdmin(
    EventTimezoneMixin,
    ConcurrentEditMixin,
    OrderedInlinesMixin,
    HistoryMixin,
    ModelAdmin,
    TranslationAdmin,
):
    list_display = ("starts_at", "ends_at", "number", "title", "kind", "status", "workshop")
    list_display_links = ("title",)
    list_filter = ("workshop", "kind", "status")
    search_fields = ("title_en", "title_lo", "key")
    inlines = (
        inlines.AppearanceInline,
        inlines.PresentationInline,
        inlines.QuestionBlockInline,
    )
    compressed_fields = False
    warn_unsaved_form = True
    delete_confirmation_template = "admin/delete_session.html"
    fieldsets = (
        (None, {"fields": (("starts_at", "ends_at"), ("title_en", "title_lo"))}),
        (None, {"fields": (("workshop", "kind", "number", "status"),)}),
        (
            _("Place, notes and more"),
            {
                "fields": (
                    ("heading_en", "heading_lo"),
                    ("place_en", "place_lo"),
                    ("note_en", "note_lo"),
                    "staff_note",
                    ("questions_minutes", "key"),
                ),
                "classes": ("collapse",),
            },
        ),
    )

    class Media:
        css = {"all": ("css/row.css",)}
        js = ("js/row.js",)

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("elsewhere/", "other-zones", _other_zones),)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "other_zones_url": reverse("admin:other-zones")}
        return super().changeform_view(request, object_id, form_url, context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Initial times from `?after=UID`, the session before, for “Add after” on the board."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        uid = _uid(initial.pop("after", ""))
        after = models.Session.objects.filter(pk=uid).first() if uid else None
        if after is not None:
            initial["workshop"] = after.workshop_id
            initial["starts_at"] = initial["ends_at"] = after.ends_at
        return initial

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Session]":
        """Sessions without deleted ones; a POST can save a deleted one, which restores it."""
        rows = super().get_queryset(request)
        return rows if request.method == "POST" else rows.filter(dropped_at=None)

    def save_model(
        self, request: HttpRequest, session: models.Session, form: Any, change: bool
    ) -> None:
        """Save a session; one that another user deleted in the meantime is restored."""
        session.dropped_at = None
        super().save_model(request, session, form, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        uid = _uid(object_id)
        contents = () if uid is None else tuple(describe_contents(uid))
        return super().delete_view(request, object_id, {"contents": contents})

    def delete_model(self, request: HttpRequest, session: models.Session) -> None:
        """Mark the session as deleted; the row is kept for its UID, and it can be restored."""
        session.dropped_at = timezone.now()
        session.save()

    def delete_queryset(self, request: HttpRequest, sessions: "QuerySet[models.Session]") -> None:
        for session in sessions:
            self.delete_model(request, session)

    def response_post_save_add(
        self, request: HttpRequest, session: models.Session
    ) -> HttpResponseRedirect:
        return _board(session)

    def response_post_save_change(
        self, request: HttpRequest, session: models.Session
    ) -> HttpResponseRedirect:
        return _board(session)


def _other_zones(request: HttpRequest, **_admin: Any) -> HttpResponse:
    """Fragment for the page of a session: the typed times in the event's other zones."""
    workshop = get_object_or_404(Workshop, pk=_uid(request.GET.get("workshop", "")))
    typed = [_typed(request.GET.get(name, "")) for name in ("starts", "ends")]
    line = other_zone_times(workshop.event, *typed)
    return render(request, "admin/other_zones.html", {"line": line})


def _typed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _board(session: models.Session) -> HttpResponseRedirect:
    """Redirect to the session on the board, which shows its findings."""
    return HttpResponseRedirect(f"{reverse('board', args=[session.event.slug])}#{session.key}")


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
