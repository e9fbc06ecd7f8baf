"""Addresses of mails, below /desk/<event>/letters/."""

from django.urls import path

from participants.desk import mail, mail_actions, mail_previews

urlpatterns = [
    path("", mail.letters, name="letters"),
    path("batches/<uuid:batch>/stop/", mail_actions.stop, name="letters-stop"),
    path("mails/<uuid:uid>/retry/", mail_actions.retry, name="letter-retry"),
    path("mails/<uuid:uid>/send-again/", mail_actions.send_again, name="letter-send-again"),
    path(
        "mails/<uuid:uid>/counts-as-sent/",
        mail_actions.counts_as_sent,
        name="letter-counts-as-sent",
    ),
    path("<slug:kind>/", mail.addressees, name="letter-list"),
    path("<slug:kind>/preview/<slug:key>/", mail_previews.preview, name="letter-preview"),
    path("<slug:kind>/preview/<slug:key>/mail.html", mail_previews.html, name="letter-html"),
]
