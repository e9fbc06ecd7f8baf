"""The site and its events as a Django app."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "workshop"
    verbose_name = "Events"

    def ready(self) -> None:
        """Django's own name for accounts is two long words that say less."""
        from workshop.ops import system_checks  # noqa: F401  # registers itself

        apps.get_app_config("auth").verbose_name = _("Accounts")
