"""manage.py sign_in_link: print a one-time sign-in link for an organiser."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from sesame.utils import get_query_string


class Command(BaseCommand):
    help = "Print a sign-in link for an organiser; it works once, for an hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="organiser")
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="scheme and host")
        parser.add_argument(
            "--create",
            action="store_true",
            help="create the account if it does not exist: an organiser and superuser",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = get_user_model()
        name = options["name"]
        user = accounts.objects.filter(username=name).first()
        if user is None and not options["create"]:
            raise CommandError(f"There is no account “{name}”. Add --create to create it.")
        if user is None:
            # No password: only sign-in links work until one is set.
            user = accounts.objects.create_superuser(username=name, password=None)
            user.groups.add(Group.objects.get(name="Organiser"))
        if not user.is_active or not user.is_staff:
            raise CommandError(f"“{name}” may not sign in as an organiser.")
        link = f"{options['site']}{reverse('sign-in')}{get_query_string(user)}"
        self.stdout.write(link)
