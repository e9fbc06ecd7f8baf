"""Addresses of mails, below /desk/<event>/letters/."""

from django.urls import path

from participants.desk import doing, letters, previews

urlpatterns = [
    path("", letters.letters, name="letters"),
    path("batches/<uuid:batch>/stop/", doing.stop, name="letters-stop"),
    path("mails/<uuid:uid>/retry/", doing.retry, name="letter-retry"),
    path("mails/<uuid:uid>/send-again/", doing.send_again, name="letter-send-again"),
    path("mails/<uuid:uid>/counts-as-sent/", doing.counts_as_sent, name="letter-counts-as-sent"),
    path("<slug:kind>/", letters.addressees, name="letter-list"),
    path("<slug:kind>/preview/<slug:key>/", previews.preview, name="letter-preview"),
    path("<slug:kind>/preview/<slug:key>/mail.html", previews.html, name="letter-html"),
]
