"""Addresses of the people's part of the desk, below /desk/<event>/."""

from django.urls import include, path

from participants.desk import personal_links, privacy, replies

urlpatterns = [
    path("letters/", include("participants.desk.mail_urls")),
    path("replies/", replies.board, name="replies"),
    path("participants/<slug:key>/link/", personal_links.link, name="participant-link"),
    path("participants/<slug:key>/data/", privacy.data, name="participant-data"),
    path("participants/<slug:key>/data.json", privacy.data_file, name="participant-data-file"),
]
