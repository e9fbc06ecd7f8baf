"""URLs of replies, personal links and personal data at the desk, below /desk/<event>/."""

from django.urls import include, path

from participants.desk import personal_links, privacy, replies

urlpatterns = [
    path("mails/", include("participants.desk.mail_urls")),
    path("replies/", replies.reply_overview, name="replies"),
    path("participants/<slug:key>/link/", personal_links.personal_link, name="participant-link"),
    path("participants/<slug:key>/data/", privacy.data, name="participant-data"),
    path("participants/<slug:key>/data.json", privacy.data_file, name="participant-data-file"),
]
