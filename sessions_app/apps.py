"""Django app of the agenda, with what it does after migrations and after a release."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from sessions_app.response_cache import triggers

        post_save.connect(_request_programmes, sender="sessions_app.Release")
        pre_migrate.connect(triggers.drop_before_migration, sender=self, dispatch_uid="triggers")
        post_migrate.connect(triggers.create, sender=self, dispatch_uid="triggers")


def _request_programmes(*, instance: Any, created: bool, **_signal: object) -> None:
    """Receiver of `post_save`: request the documents of a new release."""
    from sessions_app.documents.pdf_tasks import request_programmes  # imports all PDF renderers

    if created:
        request_programmes.enqueue(instance.event.slug)
