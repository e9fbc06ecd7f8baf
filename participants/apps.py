"""App configuration; creates the permission groups after migrations."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ParticipantsConfig(AppConfig):
    name = "participants"
    verbose_name = "People"

    def ready(self) -> None:
        from participants.access import groups

        post_migrate.connect(groups.ensure_groups, sender=self, dispatch_uid="groups")
