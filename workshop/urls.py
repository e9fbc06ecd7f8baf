"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from workshop import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("", include("participants.urls")),
    path("", include("sessions_app.urls")),
]

handler404 = "sessions_app.views.not_found"
