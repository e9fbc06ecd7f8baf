"""Addresses of the people's part of the desk, below /desk/<event>/."""

from django.urls import path

from participants.desk import link, replies

urlpatterns = [
    path("replies/", replies.board, name="replies"),
    path("participants/<slug:key>/link/", link.link, name="participant-link"),
]
