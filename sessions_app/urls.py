"""Readers' addresses; the suffix of an address tells its format."""

from django.urls import include, path

from sessions_app.desk.events import views as events_views
from sessions_app.documents import views as documents_views
from sessions_app.public import feeds, views

urlpatterns = [
    path("", views.events, name="events"),
    path("agenda.schema.json", views.schema, name="schema"),
    path("desk/", events_views.desk, name="desk"),
    path("desk/sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("desk/<slug:slug>/papers/", documents_views.desk, name="papers"),
    path("desk/<slug:slug>/papers/<path:path>", documents_views.one, name="paper"),
    path("desk/<slug:slug>/papers.zip", documents_views.archive, name="papers-zip"),
    path("desk/<slug:slug>/", include("sessions_app.desk.urls")),
    path("<slug:slug>/", views.agenda, name="agenda"),
    path("<slug:slug>/agenda.pdf", documents_views.programme, name="programme"),
    path("<slug:slug>/people/<slug:key>/briefing.pdf", documents_views.briefing, name="briefing"),
    path("<slug:slug>/countries/<slug:code>.pdf", documents_views.delegation, name="delegation"),
    path("<slug:slug>/workshops/<slug:key>/script.pdf", documents_views.script, name="script"),
    path("<slug:slug>/agenda.json", views.agenda_json, name="agenda-json"),
    path("<slug:slug>/agenda.ics", feeds.event, name="agenda-ics"),
    path("<slug:slug>/workshops/<slug:key>.ics", feeds.workshop, name="workshop-ics"),
    path("<slug:slug>/sessions/<slug:key>.ics", feeds.session, name="session-ics"),
    path("<slug:slug>/people/<slug:key>.ics", feeds.person, name="person-ics"),
    path("<slug:slug>/countries/<slug:code>.ics", feeds.country, name="country-ics"),
    path("<slug:slug>/sessions/<slug:key>/", views.session, name="session"),
    path("<slug:slug>/people/<slug:key>/", views.person, name="person"),
    path("<slug:slug>/countries/<slug:code>/", views.country, name="country"),
    path("<slug:slug>/about/", views.about, name="about"),
    path("<slug:slug>/changes/", views.changes_list, name="changes"),
    path("<slug:slug>/releases/<int:number>/", views.release, name="release"),
]
