"""App configuration of `workshop`."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class WorkshopConfig(AppConfig):
    name = "workshop"
    verbose_name = "Events"

    def ready(self) -> None:
        """Register the system checks and name Django's auth app "Accounts"."""
        from workshop.ops import system_checks  # noqa: F401  # registers itself

        apps.get_app_config("auth").verbose_name = _("Accounts")
