"""Permission groups of staff accounts.

Organiser   everything of an event: sessions, workshops, participants, publishing, e-mails
Editor      sessions with their contents, and people
Reader      sees everything at the desk and in the admin, changes nothing

Permission to view a row includes its history. Only superusers manage accounts.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User

ORGANISER, EDITOR, READER = "Organiser", "Editor", "Reader"

# Permissions that views and templates check by name.
READ = "sessions_app.view_session"
CHANGE = "sessions_app.change_session"
PUBLISH = "sessions_app.publish_release"
INVITE = "participants.change_participation"  # lists of participants, personal links
ACCOUNTS = "auth.change_user"

APPS = ("workshop", "participants", "sessions_app")
# The event itself, and access to it.
EVENTS = (
    *("workshop.event", "workshop.workshop", "workshop.statedwindow"),
    *("workshop.displayzone", "workshop.aboutsection"),
)
ROWS = (
    *("participants.person", "sessions_app.session", "sessions_app.presentation"),
    *("sessions_app.appearance", "sessions_app.questionblock", "sessions_app.question"),
)
LISTS = ("participants.participation", "participants.sessionreply")  # attendance
MAILS = ("participants.outgoingmail",)  # written only by the e-mail pages
RELEASES = ("sessions_app.release",)  # created only by publishing


def _permissions(models: Iterable[str], *verbs: str) -> frozenset[str]:
    return frozenset(
        f"{app}.{verb}_{model}"
        for app, model in (label.split(".") for label in models)
        for verb in verbs
    )


VIEW = _permissions((*EVENTS, *ROWS, *LISTS, *RELEASES), "view")
EDIT = VIEW | _permissions(ROWS, "add", "change", "delete")
GROUPS = {
    READER: VIEW,
    EDITOR: EDIT,
    ORGANISER: EDIT
    | _permissions((*EVENTS, *LISTS), "add", "change", "delete")
    | _permissions(MAILS, "view")
    | {PUBLISH},
}


def ensure_groups(using: str = "default", **_signal: Any) -> None:
    """Create the groups and add missing permissions; those added by an administrator stay.

    Runs after every migration, and creates the permissions first, so that the order of the apps
    does not matter.
    """
    for app in APPS:
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.using(using)
        .filter(content_type__app_label__in=APPS)
        .select_related("content_type")
    }
    for group_name, permissions in GROUPS.items():
        group, _is_new = Group.objects.using(using).get_or_create(name=group_name)
        group.permissions.add(*(known[name] for name in permissions))


def list_names_with_permission(permission: str) -> list[str]:
    """Names of up to three staff accounts that hold a permission, as people to contact."""
    accounts = User.objects.with_perm(
        permission, backend="django.contrib.auth.backends.ModelBackend"
    ).filter(is_staff=True)
    return [user.get_full_name() or user.username for user in accounts.order_by("username")[:3]]
