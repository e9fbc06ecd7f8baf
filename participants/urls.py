"""Addresses of who takes part: the organiser's lists."""

from django.urls import include, path

urlpatterns = [
    path("desk/<slug:slug>/", include("participants.desk.list_urls")),
]
