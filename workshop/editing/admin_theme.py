"""Look of the admin (unfold settings): colours, menu and index page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

# Sections of the index page with their models, in this order.
SECTIONS = (
    (_("Programme"), ("Event", "Workshop", "Session", "Person", "Participation", "Release")),
    (_("Accounts"), ("User", "Group")),
)


def site_url(request: HttpRequest) -> str:
    """Target of the link “View site”: the desk, or the public pages for visitors."""
    return reverse("desk") if request.user.is_authenticated else reverse("events")


def index_page(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Context of the admin's index page: models by section, the rest under “More”."""
    models = {model["object_name"]: model for app in context["app_list"] for model in app["models"]}
    listed = {name for _title, names in SECTIONS for name in names}
    rest = tuple(name for name in models if name not in listed)
    sections = (*SECTIONS, (_("More"), rest))
    context["title"] = _("All records")
    context["app_list"] = [
        {
            "name": title,
            "app_url": reverse("admin:index"),
            "models": [models[name] for name in names if name in models],
        }
        for title, names in sections
        if any(name in models for name in names)
    ]
    return context


def icon(_request: HttpRequest) -> str:
    return static("icon.svg")


def _with_permission(permission: str) -> Callable[[HttpRequest], bool]:
    def has_permission(request: HttpRequest) -> bool:
        return bool(request.user.has_perm(permission))

    return has_permission


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _menu_item(
    title: object, name: str, icon: str, permission: Callable[[HttpRequest], bool]
) -> dict[str, object]:
    return {"title": title, "link": reverse_lazy(name), "icon": icon, "permission": permission}


MENU = [
    {
        "items": [
            _menu_item(
                _("Desk"), "desk", "dashboard", _with_permission("sessions_app.view_session")
            )
        ]
    },
    {
        "title": _("Programme"),
        "items": [
            _menu_item(
                _("Events"),
                "admin:workshop_event_changelist",
                "calendar_month",
                _with_permission("workshop.view_event"),
            ),
            _menu_item(
                _("Workshops"),
                "admin:workshop_workshop_changelist",
                "calendar_view_day",
                _with_permission("workshop.view_workshop"),
            ),
            _menu_item(
                _("Sessions"),
                "admin:sessions_app_session_changelist",
                "schedule",
                _with_permission("sessions_app.view_session"),
            ),
            _menu_item(
                _("People"),
                "admin:participants_person_changelist",
                "group",
                _with_permission("participants.view_person"),
            ),
            _menu_item(
                _("Participants"),
                "admin:participants_participation_changelist",
                "how_to_reg",
                _with_permission("participants.view_participation"),
            ),
            _menu_item(
                _("Releases"),
                "admin:sessions_app_release_changelist",
                "publish",
                _with_permission("sessions_app.view_release"),
            ),
        ],
    },
    {
        "title": _("Accounts"),
        "items": [
            _menu_item(_("Users"), "admin:auth_user_changelist", "person", _is_superuser),
            _menu_item(_("Groups"), "admin:auth_group_changelist", "groups", _is_superuser),
        ],
    },
]
# 600 is the accent colour of site.css in light mode, 500 in dark mode.
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
    "SITE_URL": site_url,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": icon}],
    "COLORS": {"primary": BLUE},
    "SIDEBAR": {"navigation": MENU},
    "DASHBOARD_CALLBACK": "workshop.editing.admin_theme.index_page",
    "LOGIN": {"form": "participants.access.account_forms.SignInForm"},
}
