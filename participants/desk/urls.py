"""Addresses of the people's part of the desk, below /desk/<event>/."""

from django.urls import include, path

urlpatterns = [
    path("letters/", include("participants.desk.letter_urls")),
]
