"""Addresses of the people's part of the desk, below /desk/<event>/."""

from django.urls import include, path

from participants.desk import data, link, replies

urlpatterns = [
    path("letters/", include("participants.desk.letter_urls")),
    path("replies/", replies.board, name="replies"),
    path("participants/<slug:key>/link/", link.link, name="participant-link"),
    path("participants/<slug:key>/data/", data.data, name="participant-data"),
    path("participants/<slug:key>/data.json", data.data_file, name="participant-data-file"),
]
