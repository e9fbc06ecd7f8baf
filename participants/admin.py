"""Admin of people, participants and accounts."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Field as Column
from django.forms import Field
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from participants import models
from participants.access.accounts_admin import AccountAdmin, PermissionGroupAdmin
from workshop.admin import EventTimezoneMixin, HistoryMixin
from workshop.editing.concurrent_edits import ConcurrentEditMixin

for account_model, model_admin in ((User, AccountAdmin), (Group, PermissionGroupAdmin)):
    admin.site.unregister(account_model)
    admin.site.register(account_model, model_admin)


@admin.register(models.Person)
class PersonAdmin(ConcurrentEditMixin, HistoryMixin, ModelAdmin, TranslationAdmin):
    list_display = ("sort_name", "position", "organisation", "country")
    search_fields = ("full_name_en", "full_name_lo", "sort_name", "organisation_en", "email")
    list_filter = ("country",)
    compressed_fields = False
    warn_unsaved_form = True
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("honorific_en", "honorific_lo"),
                    ("full_name_en", "full_name_lo"),
                    ("position_en", "position_lo"),
                    ("organisation_en", "organisation_lo"),
                    ("country", "zone"),
                    ("email", "assistant_email", "language"),
                )
            },
        ),
        (
            _("In lists and addresses"),
            {"fields": (("sort_name", "key"),), "classes": ("collapse",)},
        ),
    )


# Help text by field.
HELP_TEXTS = {
    "person": _("Type part of a name or e-mail address. Add a new person with the plus sign."),
    "state": _(
        "A person who is only on the list cannot see or join a closed workshop; an invited person "
        "can. Taking them off the list ends that at once; “Put back” on the desk undoes it."
    ),
    "attends_by": _("Empty until they reply, or until you know."),
    "office": _("Only for a person who attends from an own office: which office, in which city."),
    "language": _(
        "For interpretation in the room or online. The language of e-mails is set for the person."
    ),
    "note": _("Seats, diets, arrivals: what colleagues need to know. Readers never see it."),
    "substitute_name": _(
        "Named by the participant. To register the substitute, add them as a person."
    ),
    "replied_at": _(
        "When they replied themselves. After that, imported lists do not change the reply."
    ),
}


@admin.register(models.Participation)
class ParticipationAdmin(EventTimezoneMixin, ConcurrentEditMixin, HistoryMixin, ModelAdmin):
    event_path = "workshop__event"
    list_display = ("person", "of_country", "workshop", "role", "state", "attends_by")
    list_filter = ("workshop", "state", "role", "attends_by", "person__country")
    list_select_related = ("person", "workshop")
    search_fields = (
        *("person__full_name_en", "person__full_name_lo", "person__organisation_en"),
        *("person__email", "substitute_name"),
    )
    autocomplete_fields = ("person",)
    ordering = ("workshop", "person__sort_name")
    compressed_fields = False
    warn_unsaved_form = True
    readonly_fields = ("replied_at",)
    fieldsets = (
        (None, {"fields": (("workshop", "person"), ("role", "state"))}),
        (_("Attendance"), {"fields": (("attends_by", "office"), "language")}),
        (_("Substitute"), {"fields": (("substitute_name", "substitute_email"),)}),
        (None, {"fields": ("note", "replied_at")}),
    )

    @admin.display(description=_("country"), ordering="person__country")
    def of_country(self, row: models.Participation) -> str:
        return str(row.person.country.name) or "–"

    def formfield_for_dbfield(
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        field: Field | None = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name in HELP_TEXTS:
            field.help_text = HELP_TEXTS[db_field.name]
        return field

    def response_post_save_add(
        self, request: HttpRequest, row: models.Participation
    ) -> HttpResponseRedirect:
        return _redirect_to_list(row)

    def response_post_save_change(
        self, request: HttpRequest, row: models.Participation
    ) -> HttpResponseRedirect:
        return _redirect_to_list(row)


def _redirect_to_list(row: models.Participation) -> HttpResponseRedirect:
    """Redirect to the list on the desk."""
    return HttpResponseRedirect(reverse("participants", args=[row.workshop.event.slug]))
