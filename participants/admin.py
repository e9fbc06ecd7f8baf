"""People and who takes part in the admin, and accounts in place of Django's."""

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
from participants.access.accounts_admin import AccountAdmin, RightsAdmin
from workshop.admin import OnEventsClock, TellsHistory
from workshop.editing.concurrent_edits import TellsOfOthers

for account_model, looks in ((User, AccountAdmin), (Group, RightsAdmin)):
    admin.site.unregister(account_model)
    admin.site.register(account_model, looks)


@admin.register(models.Person)
class PersonAdmin(TellsOfOthers, TellsHistory, ModelAdmin, TranslationAdmin):
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


# What is said of a column of a list.
HELP = {
    "person": _("Type part of a name or of an e-mail; somebody new is added with the plus sign."),
    "state": _(
        "On the list, they read and join nothing yet. Invited, they do. Taken off the list, they "
        "no longer do, at once; “Put back” on the desk brings them back."
    ),
    "attends_by": _("Empty until they say so, or you know it."),
    "office": _("Only for who attends from an own office: which one, in which city."),
    "language": _("For interpretation in the room or online. Mails go by the person's own page."),
    "note": _("Seats, diets, arrivals: whatever colleagues need to know. Readers never see it."),
    "substitute_name": _("As they named somebody themselves. To let that person in, add them."),
    "replied_at": _("When they answered themselves; then lists brought in change no answer."),
}


@admin.register(models.Participation)
class ParticipationAdmin(OnEventsClock, TellsOfOthers, TellsHistory, ModelAdmin):
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
        (_("How they attend"), {"fields": (("attends_by", "office"), "language")}),
        (_("Instead of them"), {"fields": (("substitute_name", "substitute_email"),)}),
        (None, {"fields": ("note", "replied_at")}),
    )

    @admin.display(description=_("country"), ordering="person__country")
    def of_country(self, row: models.Participation) -> str:
        return str(row.person.country.name) or "–"

    def formfield_for_dbfield(
        self, db_field: "Column[Any, Any]", request: HttpRequest, **options: Any
    ) -> Field | None:
        field: Field | None = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name in HELP:
            field.help_text = HELP[db_field.name]
        return field

    def response_post_save_add(
        self, request: HttpRequest, row: models.Participation
    ) -> HttpResponseRedirect:
        return _list_of(row)

    def response_post_save_change(
        self, request: HttpRequest, row: models.Participation
    ) -> HttpResponseRedirect:
        return _list_of(row)


def _list_of(row: models.Participation) -> HttpResponseRedirect:
    """Back to the desk's list."""
    return HttpResponseRedirect(reverse("participants", args=[row.workshop.event.slug]))
