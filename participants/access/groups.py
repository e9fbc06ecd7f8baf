"""The groups that accounts are put into, and what each may do.

Organiser   everything of an event: its rows, its workshops, who comes, publishing, mails
Editor      its rows: sessions and all that is in them, and people
Reader      looks at everything at the desk and in the admin, changes nothing

Whoever may view a row may view its history. Accounts are for superusers alone.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User

ORGANISER, EDITOR, READER = "Organiser", "Editor", "Reader"

# What views and templates ask for by name.
READ = "sessions_app.view_session"
CHANGE = "sessions_app.change_session"
INVITE = "participants.change_participation"
PUBLISH = "sessions_app.publish_release"
INVITE = "participants.change_participation"  # who is on the lists, who has a link
ACCOUNTS = "auth.change_user"

APPS = ("workshop", "participants", "sessions_app")
# What an event is, and who may read and join it.
EVENTS = (
    *("workshop.event", "workshop.workshop", "workshop.statedwindow"),
    *("workshop.displayzone", "workshop.aboutsection"),
)
ROWS = (
    *("participants.person", "sessions_app.session", "sessions_app.presentation"),
    *("sessions_app.appearance", "sessions_app.questionblock", "sessions_app.question"),
)
LISTS = ("participants.participation", "participants.sessionreply")  # who comes, and how
LETTERS = ("participants.letter",)  # written by the mails' own pages and by nothing else
RELEASES = ("sessions_app.release",)  # made by publishing and by nothing else


def _may(models: Iterable[str], *verbs: str) -> frozenset[str]:
    return frozenset(
        f"{app}.{verb}_{model}"
        for app, model in (each.split(".") for each in models)
        for verb in verbs
    )


VIEW = _may((*EVENTS, *ROWS, *LISTS, *RELEASES), "view")
EDIT = VIEW | _may(ROWS, "add", "change", "delete")
GROUPS = {
    READER: VIEW,
    EDITOR: EDIT,
    ORGANISER: EDIT
    | _may((*EVENTS, *LISTS), "add", "change", "delete")
    | _may(LETTERS, "view")
    | {PUBLISH},
}


def make(using: str = "default", **_signal: Any) -> None:
    """Make the groups, and give back what they lack; what an administrator added stays.

    Runs after every migration, and makes the permissions first: the order of the apps decides
    nothing.
    """
    for app in APPS:
        create_permissions(apps.get_app_config(app), verbosity=0, using=using)
    known = {
        f"{each.content_type.app_label}.{each.codename}": each
        for each in Permission.objects.using(using)
        .filter(content_type__app_label__in=APPS)
        .select_related("content_type")
    }
    for name, permissions in GROUPS.items():
        group, _is_new = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*(known[permission] for permission in permissions))


def who_may(permission: str) -> list[str]:
    """The names of those who hold a permission, to be asked: at most three."""
    accounts = User.objects.with_perm(
        permission, backend="django.contrib.auth.backends.ModelBackend"
    ).filter(is_staff=True)
    return [each.get_full_name() or each.username for each in accounts.order_by("username")[:3]]
