"""Events and workshops in the admin, on the clock of the event."""

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
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from workshop import models
from workshop.editing.concurrent_edits import KeepsTyped, TellsOfOthers, tree_of
from workshop.editing.history import Past
from workshop.editing.wall_clock_field import WallClockField
from workshop.zones import city

OPEN = _("On the clock of the event.")


class TypedTimes:
    """Times are typed on the clock that is set, which stands beside them, and none is guessed."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, fields.DateTimeField):
            place = city(str(timezone.get_current_timezone()))
            said = _("On the clock of %(place)s.") % {"place": place} if place else OPEN
            kwargs = {"form_class": WallClockField, "help_text": said} | kwargs
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class OnEventsClock(TypedTimes):
    """Times are typed and shown on the clock of the row's event, and of no reader."""

    event_path = "event"
    list_before_template = "admin/_clock.html"

    def clock(self, request: HttpRequest, object_id: str | None) -> str:
        """The zone of the event that the form names, else of the row's; empty where neither is.

        A form names its event by itself or by a workshop: times sent together with another event's
        are read on that one's clock.
        """
        named: Mapping[str, Any] = request.POST
        if request.method != "POST" and not object_id:
            named = self.get_changeform_initial_data(request)  # type: ignore[attr-defined]
        return _zone_of(named) or (self._zone_of_row(object_id) if object_id else _only_zone())

    def _zone_of_row(self, object_id: str) -> str:
        with suppress(ValidationError):  # no UID
            row = self.model.objects.filter(pk=object_id)  # type: ignore[attr-defined]
            return row.values_list(f"{self.event_path}__zone", flat=True).first() or ""
        return ""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Events and workshops with their event's address: a copy has the titles of its model."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "event":
            field.label_from_instance = lambda event: f"{event} ({event.slug})"
        if db_field.name == "workshop":
            field.queryset = field.queryset.select_related("event")
            field.label_from_instance = lambda each: f"{each} ({each.event.slug})"
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        clock = self.clock(request, object_id)
        said = f"Times are those of {clock or 'the event'}"
        with timezone.override(ZoneInfo(clock or "UTC")):
            response = super().changeform_view(  # type: ignore[misc]
                request, object_id, form_url, {**(extra_context or {}), "subtitle": said}
            )
            return _rendered(response)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = {"workshop": request.GET.get("workshop__uid__exact", "")}
        clock = _zone_of(chosen) or _only_zone() or "UTC"
        context = {**(extra_context or {}), "subtitle": f"Times are those of {clock}"}
        with timezone.override(ZoneInfo(clock)):
            return _rendered(super().changelist_view(request, context))  # type: ignore[misc]


def _zone_of(chosen: Mapping[str, Any]) -> str:
    """The zone of the event whose workshop is chosen, or which is; empty where neither is."""
    for name, by in (("workshop", "workshops"), ("event", "pk")):
        with suppress(ValidationError):  # no UID
            uids = [chosen[name]] if chosen.get(name) else []
            zone = models.Event.objects.filter(**{f"{by}__in": uids}).values_list("zone").first()
            if zone:
                return str(zone[0])
    return ""


def _only_zone() -> str:
    """The zone that all events have; empty where there are several."""
    zones = set(models.Event.objects.values_list("zone", flat=True))
    return zones.pop() if len(zones) == 1 else ""


class NumbersRows:
    """Rows that were added keep the order in which they were typed: each gets the next number."""

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool
    ) -> None:
        kept = [each.instance for each in formset.forms if each not in formset.deleted_forms]
        if hasattr(formset.model, "order"):
            new = [row for row in kept if row._state.adding and not row.order]
            highest = max((row.order for row in kept), default=0)
            for place, row in enumerate(new, start=1):
                row.order = highest + place
        super().save_formset(request, form, formset, change)  # type: ignore[misc]


class TellsHistory:
    """The history of a row and of those edited on its page, in words."""

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
        with timezone.override(ZoneInfo(self._zone_told(row) or "UTC")):
            context = {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "opts": options,
                "title": _("Who changed what: %(row)s") % {"row": row},
                "edits": Past(tree_of(self), row.pk).edits(),
                "back": reverse(name, args=[object_id]),
            }
            return render(request, "admin/row_history.html", context)

    def _zone_told(self, row: Any) -> str:
        """The zone of its event; UTC for what belongs to none."""
        if isinstance(row, models.Event):
            return row.zone
        return self._zone_of_row(row.pk) if isinstance(self, OnEventsClock) else "UTC"


def _rendered(response: HttpResponse) -> HttpResponse:
    """Drawn now, while the event's clock is set."""
    return response.render() if hasattr(response, "render") else response


class DisplayZoneInline(TabularInline):
    model = models.DisplayZone
    extra = 0
    formset = KeepsTyped
    ordering_field = "order"


class AboutSectionInline(StackedInline, TranslationStackedInline):
    model = models.AboutSection
    extra = 0
    formset = KeepsTyped
    ordering_field = "order"
    collapsible = True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the event's own workshops: those of a copy have the same titles."""
        if db_field.name == "workshop" and request.resolver_match:
            event = request.resolver_match.kwargs.get("object_id")
            kwargs["queryset"] = models.Workshop.objects.filter(event=event)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StatedWindowInline(TypedTimes, StackedInline):
    model = models.StatedWindow
    extra = 0
    formset = KeepsTyped


@admin.register(models.Event)
class EventAdmin(TellsOfOthers, NumbersRows, TellsHistory, ModelAdmin, TranslationAdmin):
    list_display = ("title", "slug", "zone")
    inlines = (DisplayZoneInline, AboutSectionInline)

    def get_exclude(self, request: HttpRequest, event: Any = None) -> tuple[str, ...]:
        """The zone is typed once: a page of its own asks what becomes of the times."""
        return ("zone",) if event else ()

    def get_readonly_fields(self, request: HttpRequest, event: Any = None) -> tuple[str, ...]:
        return ("clock",) if event else ()

    def get_fieldsets(self, request: HttpRequest, event: Any = None) -> Any:
        fieldsets: Any = super().get_fieldsets(request, event)
        names = fieldsets[0][1]["fields"]
        if "clock" in names:
            names.remove("clock")
            names.insert(names.index("organisers_en"), "clock")
        return fieldsets

    def save_model(self, request: HttpRequest, event: Any, form: Any, change: bool) -> None:
        """The zone stays what it is: it is changed on a page of its own."""
        if change:
            event.zone = models.Event.objects.values_list("zone", flat=True).get(pk=event.pk)
        super().save_model(request, event, form, change)

    @admin.display(description=_("time zone"))
    def clock(self, event: models.Event) -> str:
        address = reverse("clock", args=[event.slug])
        return format_html(
            '{} · <a class="text-primary-600" href="{}">{}</a>',
            event.zone,
            address,
            _("Change the clock"),
        )


class WorkshopAdmin(
    OnEventsClock, TellsOfOthers, NumbersRows, TellsHistory, ModelAdmin, TranslationAdmin
):
    """Registered by the agenda, which adds who leads the whole workshop."""

    list_display = ("title", "event", "starts_at", "ends_at", "readership")
    inlines = (StatedWindowInline,)
    formfield_overrides = {fields.URLField: {"assume_scheme": "https"}}
