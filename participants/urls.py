"""Addresses of people: their own pages, and the desk that looks after them."""

from django.urls import include, path

urlpatterns = [
    path("desk/<slug:slug>/", include("participants.desk.urls")),
]
