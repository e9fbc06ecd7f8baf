"""Addresses of the pages for e-mails, below /desk/<event>/mails/."""

from django.urls import path

from participants.desk import mail, mail_actions, mail_previews

urlpatterns = [
    path("", mail.mails, name="mails"),
    path("batches/<uuid:batch>/stop/", mail_actions.stop, name="mails-stop"),
    path("mails/<uuid:uid>/retry/", mail_actions.retry, name="mail-retry"),
    path("mails/<uuid:uid>/send-again/", mail_actions.send_again, name="mail-send-again"),
    path(
        "mails/<uuid:uid>/counts-as-sent/",
        mail_actions.counts_as_sent,
        name="mail-counts-as-sent",
    ),
    path("<slug:kind>/", mail.mail_recipients, name="mail-recipients"),
    path("<slug:kind>/preview/<slug:key>/", mail_previews.preview, name="mail-preview"),
    path("<slug:kind>/preview/<slug:key>/mail.html", mail_previews.html, name="mail-html"),
]
