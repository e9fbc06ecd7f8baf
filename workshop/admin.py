"""Admin of events and workshops, and admin mixins for local times, history and order."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models as fields
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from workshop import models
from workshop.editing.concurrent_edits import ConcurrentEditMixin, RestorableInlines, build_row_tree
from workshop.editing.history import RowHistory
from workshop.editing.wall_clock_field import WallClockField
from workshop.zones import city

EVENT_TIME_HELP = _("Local time of the event.")

admin.site.unregister(DBTaskResult)  # the rows of the outbox and of PDF jobs say the same, better


class WallClockMixin:
    """Mixin for datetime fields as local times, with the time zone in the help text."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, fields.DateTimeField):
            city_name = city(str(timezone.get_current_timezone()))
            text = (
                _("Local time in %(city)s.") % {"city": city_name} if city_name else EVENT_TIME_HELP
            )
            kwargs = {"form_class": WallClockField, "help_text": text} | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class EventTimezoneMixin(WallClockMixin):
    """Mixin that shows and reads times in the time zone of the row's event."""

    event_path = "event"
    list_before_template = "admin/_timezone.html"

    def event_zone(self, request: HttpRequest, object_id: str | None) -> str:
        """Zone of the event chosen in the form, else of the row's event; empty without either.

        A form chooses an event directly or by a workshop: times that are sent together with a
        change of event are read in the new event's zone.
        """
        data: Mapping[str, Any] = request.POST
        if request.method != "POST" and not object_id:
            data = self.get_changeform_initial_data(request)  # type: ignore[attr-defined]
        return _chosen_zone(data) or (self._zone_of_row(object_id) if object_id else _common_zone())

    def _zone_of_row(self, object_id: str) -> str:
        with suppress(ValidationError):  # not a UID
            row = self.model.objects.filter(pk=object_id)  # type: ignore[attr-defined]
            return row.values_list(f"{self.event_path}__zone", flat=True).first() or ""
        return ""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices with the event's slug, since a copied event has the same titles."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "event":
            field.label_from_instance = lambda event: f"{event} ({event.slug})"
        if db_field.name == "workshop":
            field.queryset = field.queryset.select_related("event")
            field.label_from_instance = lambda workshop: f"{workshop} ({workshop.event.slug})"
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        zone = self.event_zone(request, object_id)
        subtitle = f"Time zone: {zone or 'that of the event'}"
        with timezone.override(ZoneInfo(zone or "UTC")):
            response = super().changeform_view(  # type: ignore[misc]
                request, object_id, form_url, {**(extra_context or {}), "subtitle": subtitle}
            )
            return _render_now(response)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        filters = {"workshop": request.GET.get("workshop__uid__exact", "")}
        zone = _chosen_zone(filters) or _common_zone() or "UTC"
        context = {**(extra_context or {}), "subtitle": f"Time zone: {zone}"}
        with timezone.override(ZoneInfo(zone)):
            return _render_now(super().changelist_view(request, context))  # type: ignore[misc]


def _chosen_zone(data: Mapping[str, Any]) -> str:
    """Zone of the chosen workshop's event or the chosen event; empty without either."""
    for name, lookup in (("workshop", "workshops"), ("event", "pk")):
        with suppress(ValidationError):  # not a UID
            uids = [data[name]] if data.get(name) else []
            zone = (
                models.Event.objects.filter(**{f"{lookup}__in": uids}).values_list("zone").first()
            )
            if zone:
                return str(zone[0])
    return ""


def _common_zone() -> str:
    """Zone of all events if it is the same; else empty."""
    zones = set(models.Event.objects.values_list("zone", flat=True))
    return zones.pop() if len(zones) == 1 else ""


class OrderedInlinesMixin:
    """Mixin that numbers added inline rows after the existing ones, in form order."""

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool
    ) -> None:
        rows = [form.instance for form in formset.forms if form not in formset.deleted_forms]
        if hasattr(formset.model, "order"):
            added = [row for row in rows if row._state.adding and not row.order]
            highest = max((row.order for row in rows), default=0)
            for offset, row in enumerate(added, start=1):
                row.order = highest + offset
        super().save_formset(request, form, formset, change)  # type: ignore[misc]


class HistoryMixin:
    """Mixin for the history page: edits of a row and its inline rows, as text."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.model._base_manager.filter(pk=object_id).first()  # type: ignore[attr-defined]
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        options = self.model._meta  # type: ignore[attr-defined]
        name = f"admin:{options.app_label}_{options.model_name}_change"
        with timezone.override(ZoneInfo(self._history_zone(row) or "UTC")):
            context = {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "opts": options,
                "title": _("History: %(row)s") % {"row": row},
                "edits": RowHistory(build_row_tree(self), row.pk).edits(),
                "back": reverse(name, args=[object_id]),
            }
            return render(request, "admin/row_history.html", context)

    def _history_zone(self, row: Any) -> str:
        """Zone of the row's event; UTC without an event."""
        if isinstance(row, models.Event):
            return row.zone
        return self._zone_of_row(row.pk) if isinstance(self, EventTimezoneMixin) else "UTC"


def _render_now(response: HttpResponse) -> HttpResponse:
    """Render a template response while the event's time zone is active."""
    return response.render() if hasattr(response, "render") else response


class DisplayZoneInline(TabularInline):
    model = models.DisplayZone
    extra = 0
    formset = RestorableInlines
    ordering_field = "order"


class AboutSectionInline(StackedInline, TranslationStackedInline):
    model = models.AboutSection
    extra = 0
    formset = RestorableInlines
    ordering_field = "order"
    collapsible = True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Limit workshops to this event: those of a copy have the same titles."""
        if db_field.name == "workshop" and request.resolver_match:
            event = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = models.Workshop.objects.filter(event=event)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StatedWindowInline(WallClockMixin, StackedInline):
    model = models.StatedWindow
    extra = 0
    formset = RestorableInlines


@admin.register(models.Event)
class EventAdmin(
    ConcurrentEditMixin, OrderedInlinesMixin, HistoryMixin, ModelAdmin, TranslationAdmin
):
    list_display = ("title", "slug", "zone")
    inlines = (DisplayZoneInline, AboutSectionInline)

    def get_exclude(self, request: HttpRequest, event: Any = None) -> tuple[str, ...]:
        """Exclude the zone after creation: its change has a page of its own, with a preview."""
        return ("zone",) if event else ()

    def get_readonly_fields(self, request: HttpRequest, event: Any = None) -> tuple[str, ...]:
        return ("time_zone",) if event else ()

    def get_fieldsets(self, request: HttpRequest, event: Any = None) -> Any:
        fieldsets: Any = super().get_fieldsets(request, event)
        names = fieldsets[0][1]["fields"]
        if "time_zone" in names:
            names.remove("time_zone")
            names.insert(names.index("organisers_en"), "time_zone")
        return fieldsets

    def save_model(self, request: HttpRequest, event: Any, form: Any, change: bool) -> None:
        """Save without the zone, which is changed on a page of its own."""
        if change:
            event.zone = models.Event.objects.values_list("zone", flat=True).get(pk=event.pk)
        super().save_model(request, event, form, change)

    @admin.display(description=_("time zone"))
    def time_zone(self, event: models.Event) -> str:
        address = reverse("timezone", args=[event.slug])
        return format_html(
            '{} · <a class="text-primary-600" href="{}">{}</a>',
            event.zone,
            address,
            _("Change time zone"),
        )


class WorkshopAdmin(
    EventTimezoneMixin,
    ConcurrentEditMixin,
    OrderedInlinesMixin,
    HistoryMixin,
    ModelAdmin,
    TranslationAdmin,
):
    """Base of the registered admin in `sessions_app`, which adds the workshop's people."""

    list_display = ("title", "event", "starts_at", "ends_at", "readership")
    inlines = (StatedWindowInline,)
    formfield_overrides = {fields.URLField: {"assume_scheme": "https"}}
