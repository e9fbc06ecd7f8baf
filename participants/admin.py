"""People in the admin."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from participants import models


@admin.register(models.Person)
class PersonAdmin(SimpleHistoryAdmin, ModelAdmin, TranslationAdmin):
    list_display = ("sort_name", "position", "organisation", "country")
    search_fields = ("full_name_en", "full_name_lo", "sort_name", "organisation_en")
    list_filter = ("country",)
    prepopulated_fields = {"key": ("full_name_en",)}
