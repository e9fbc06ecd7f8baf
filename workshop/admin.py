"""Events and workshops in the admin, on the clock of the event."""

from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models as fields
from django.forms import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from workshop import models
from workshop.history import Past
from workshop.meanwhile import KeepsTyped, TellsOfOthers, tree_of


class OnEventsClock:
    """Times are typed and shown on the clock of the row's event, and of no reader."""

    event_path = "event"

    def clock(self, object_id: str | None) -> tzinfo:
        """The zone of the row's event; of the first event for a row that is yet to be added."""
        zones = models.Event.objects.values_list("zone", flat=True).order_by("slug")
        if object_id:
            row = self.model.objects.filter(pk=object_id)  # type: ignore[attr-defined]
            zones = row.values_list(f"{self.event_path}__zone", flat=True)
        return ZoneInfo(zones.first() or "UTC")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        clock = self.clock(object_id)
        with timezone.override(clock):
            context = {**(extra_context or {}), "subtitle": f"Times are those of {clock}"}
            response = super().changeform_view(  # type: ignore[misc]
                request, object_id, form_url, context
            )
            return _rendered(response)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with timezone.override(self.clock(None)):
            return _rendered(super().changelist_view(request, extra_context))  # type: ignore[misc]


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
        with timezone.override(self._clock_of(object_id)):
            context = {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "opts": options,
                "title": _("Who changed what: %(row)s") % {"row": row},
                "edits": Past(tree_of(self), row.pk).edits(),
                "back": reverse(name, args=[object_id]),
            }
            return render(request, "admin/row_history.html", context)

    def _clock_of(self, object_id: str) -> tzinfo:
        """The clock of its event; UTC for what belongs to none."""
        clock = getattr(self, "clock", None)
        return clock(object_id) if clock else ZoneInfo("UTC")


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


class StatedWindowInline(StackedInline):
    model = models.StatedWindow
    extra = 0
    formset = KeepsTyped


@admin.register(models.Event)
class EventAdmin(TellsOfOthers, NumbersRows, TellsHistory, ModelAdmin, TranslationAdmin):
    list_display = ("title", "slug", "zone")
    inlines = (DisplayZoneInline, AboutSectionInline)


class WorkshopAdmin(
    OnEventsClock, TellsOfOthers, NumbersRows, TellsHistory, ModelAdmin, TranslationAdmin
):
    """Registered by the agenda, which adds who leads the whole workshop."""

    list_display = ("title", "event", "starts_at", "ends_at", "readership")
    inlines = (StatedWindowInline,)
    formfield_overrides = {fields.URLField: {"assume_scheme": "https"}}
