"""URLs of personal pages and of the participants' part of the desk."""

from django.urls import include, path

from participants.me import calendar, home, reply_page, sign_in, timezone_choice

urlpatterns = [
    path("me/", home.page, name="me"),
    path("me/clock/", timezone_choice.choose, name="me-clock"),
    path("me/leave/", sign_in.leave, name="me-leave"),
    path("me/replies/<uuid:participation>/", reply_page.page, name="me-reply"),
    path("me/calendar/", calendar.renew, name="me-calendar-renew"),
    path("me/calendar/<str:token>.ics", calendar.feed, name="me-calendar"),
    path("me/<str:token>/", sign_in.open_page, name="me-open"),
    path("desk/<slug:slug>/", include("participants.desk.list_urls")),
    path("desk/<slug:slug>/", include("participants.desk.urls")),
]
