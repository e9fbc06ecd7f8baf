"""Addresses of people: their own pages, and the desk that looks after them."""

from django.urls import include, path

from participants.pages import calendar, clock, door, own, reply

urlpatterns = [
    path("me/", own.page, name="me"),
    path("me/clock/", clock.choose, name="me-clock"),
    path("me/leave/", door.leave, name="me-leave"),
    path("me/replies/<uuid:participation>/", reply.page, name="me-reply"),
    path("me/calendar/", calendar.renew, name="me-calendar-renew"),
    path("me/calendar/<str:token>.ics", calendar.feed, name="me-calendar"),
    path("me/<str:token>/", door.open_page, name="me-open"),
    path("desk/<slug:slug>/", include("participants.desk.list_urls")),
    path("desk/<slug:slug>/", include("participants.desk.urls")),
]
