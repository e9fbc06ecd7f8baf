"""Former addresses of the desk, redirected for good to the current ones."""

from django.urls import re_path
from django.views.generic import RedirectView

CURRENT_PATHS = {
    "letters/(?:mails/)?(?P<rest>.*)": "mails/",
    "papers/(?P<rest>.*)": "documents/",
    r"papers\.zip(?P<rest>)": "documents.zip",
    "clock/(?P<rest>)": "timezone/",
}

urlpatterns = [
    re_path(
        f"^{former}$",
        RedirectView.as_view(
            url=f"/desk/%(slug)s/{current}%(rest)s", permanent=True, query_string=True
        ),
        name="former-address",
    )
    for former, current in CURRENT_PATHS.items()
]
