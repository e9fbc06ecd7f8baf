"""What the admin looks like: the site's colour, a menu and a first page in an officer's words."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

# What its first page lists, in this order.
ROOMS = (
    (_("Programme"), ("Event", "Workshop", "Session", "Person", "Participation", "Release")),
    (_("Accounts"), ("User", "Group")),
)


def home(request: HttpRequest) -> str:
    """Where “View site” leads: to the desk, and strangers to what they may read."""
    return reverse("desk") if request.user.is_authenticated else reverse("events")


def first_page(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The admin's first page, its rows under two headings."""
    found = {each["object_name"]: each for app in context["app_list"] for each in app["models"]}
    named = {name for _title, names in ROOMS for name in names}
    rooms = (*ROOMS, (_("More"), tuple(name for name in found if name not in named)))
    context["title"] = _("All rows")
    context["app_list"] = [
        {
            "name": title,
            "app_url": reverse("admin:index"),
            "models": [found[name] for name in names if name in found],
        }
        for title, names in rooms
        if any(name in found for name in names)
    ]
    return context


def icon(_request: HttpRequest) -> str:
    return static("icon.svg")


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    def may(request: HttpRequest) -> bool:
        return bool(request.user.has_perm(permission))

    return may


def _superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _entry(
    title: object, name: str, icon: str, permission: Callable[[HttpRequest], bool]
) -> dict[str, object]:
    return {"title": title, "link": reverse_lazy(name), "icon": icon, "permission": permission}


MENU = [
    {"items": [_entry(_("Desk"), "desk", "dashboard", _may("sessions_app.view_session"))]},
    {
        "title": _("Programme"),
        "items": [
            _entry(
                _("Events"),
                "admin:workshop_event_changelist",
                "calendar_month",
                _may("workshop.view_event"),
            ),
            _entry(
                _("Workshops"),
                "admin:workshop_workshop_changelist",
                "calendar_view_day",
                _may("workshop.view_workshop"),
            ),
            _entry(
                _("Sessions"),
                "admin:sessions_app_session_changelist",
                "schedule",
                _may("sessions_app.view_session"),
            ),
            _entry(
                _("People"),
                "admin:participants_person_changelist",
                "group",
                _may("participants.view_person"),
            ),
            _entry(
                _("Participants"),
                "admin:participants_participation_changelist",
                "how_to_reg",
                _may("participants.view_participation"),
            ),
            _entry(
                _("Releases"),
                "admin:sessions_app_release_changelist",
                "publish",
                _may("sessions_app.view_release"),
            ),
        ],
    },
    {
        "title": _("Accounts"),
        "items": [
            _entry(_("Users"), "admin:auth_user_changelist", "person", _superuser),
            _entry(_("Groups"), "admin:auth_group_changelist", "groups", _superuser),
        ],
    },
]
# 600 is the accent of site.css on light, 500 its accent on dark.
BLUE = {
    "50": "#f2f9fd",
    "100": "#e4f3fb",
    "200": "#c6e6f7",
    "300": "#a8daf4",
    "400": "#8ed0f2",
    "500": "#74c7f0",
    "600": "#00608c",
    "700": "#005075",
    "800": "#12303f",
    "900": "#0f2530",
    "950": "#0e161c",
}
UNFOLD = {
    "SITE_TITLE": _("Workshop agendas"),
    "SITE_HEADER": _("Workshop agendas"),
    "SITE_SYMBOL": "calendar_month",
    "SITE_URL": home,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "COLORS": {"primary": BLUE},
    "SIDEBAR": {"navigation": MENU},
    "DASHBOARD_CALLBACK": "workshop.editing.admin_theme.first_page",
    "LOGIN": {"form": "participants.access.account_forms.SignInForm"},
}
