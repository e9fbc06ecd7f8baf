"""Root URL configuration."""

from django.contrib import admin
from django.urls import include, path

from workshop import metrics
from workshop.ops import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("healthz/metrics", metrics.metrics, name="metrics"),
    path("readyz", health.ready, name="ready"),
    path("", include("participants.urls")),
    path("", include("sessions_app.urls")),
]

handler403 = "sessions_app.public.views.forbidden_page"
handler404 = "sessions_app.public.views.not_found"
handler500 = "workshop.ops.errors.server_error"
