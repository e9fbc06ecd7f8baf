"""People in the admin, and accounts in place of Django's."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from participants import models
from participants.accounts import AccountAdmin, RightsAdmin

for account_model, looks in ((User, AccountAdmin), (Group, RightsAdmin)):
    admin.site.unregister(account_model)
    admin.site.register(account_model, looks)


@admin.register(models.Person)
class PersonAdmin(SimpleHistoryAdmin, ModelAdmin, TranslationAdmin):
    list_display = ("sort_name", "position", "organisation", "country")
    search_fields = ("full_name_en", "full_name_lo", "sort_name", "organisation_en")
    list_filter = ("country",)
    prepopulated_fields = {"key": ("full_name_en",)}
