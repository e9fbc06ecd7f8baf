"""People in the admin, and accounts in place of Django's."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from participants import models
from participants.accounts import AccountAdmin, RightsAdmin
from workshop.admin import TellsHistory
from workshop.meanwhile import TellsOfOthers

for account_model, looks in ((User, AccountAdmin), (Group, RightsAdmin)):
    admin.site.unregister(account_model)
    admin.site.register(account_model, looks)


@admin.register(models.Person)
class PersonAdmin(TellsOfOthers, TellsHistory, ModelAdmin, TranslationAdmin):
    list_display = ("sort_name", "position", "organisation", "country")
    search_fields = ("full_name_en", "full_name_lo", "sort_name", "organisation_en")
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
                    ("country", "zone", "email"),
                )
            },
        ),
        (
            _("In lists and addresses"),
            {"fields": (("sort_name", "key"),), "classes": ("collapse",)},
        ),
    )
