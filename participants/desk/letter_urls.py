"""Addresses of mails, below /desk/<event>/letters/."""

from django.urls import path

from participants.desk import letters, previews

urlpatterns = [
    path("", letters.letters, name="letters"),
    path("<slug:kind>/", letters.addressees, name="letter-list"),
    path("<slug:kind>/preview/<slug:key>/", previews.preview, name="letter-preview"),
    path("<slug:kind>/preview/<slug:key>/mail.html", previews.html, name="letter-html"),
]
