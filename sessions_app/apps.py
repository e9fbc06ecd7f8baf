"""Django app of the agenda; creates the triggers of the response cache after migrations."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate


class SessionsConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from sessions_app.documents.pdf_tasks import request_after_release
        from sessions_app.response_cache import triggers

        post_save.connect(request_after_release, sender="sessions_app.Release")
        pre_migrate.connect(triggers.drop_before_migration, sender=self, dispatch_uid="triggers")
        post_migrate.connect(triggers.create, sender=self, dispatch_uid="triggers")
