"""URLs of readers' pages, feeds and documents; the suffix of an address is its format."""

from django.urls import include, path

from sessions_app.desk.events import views as events_views
from sessions_app.documents import views as documents_views
from sessions_app.public import feeds, views

urlpatterns = [
    path("", views.events, name="events"),
    path("agenda.schema.json", views.agenda_schema, name="schema"),
    path("desk/", events_views.desk, name="desk"),
    path("desk/sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("desk/<slug:slug>/documents/", documents_views.document_list, name="documents"),
    path("desk/<slug:slug>/documents/<path:path>", documents_views.document, name="document"),
    path("desk/<slug:slug>/documents.zip", documents_views.archive, name="documents-zip"),
    path("desk/<slug:slug>/", include("sessions_app.desk.urls")),
    path("desk/<slug:slug>/", include("sessions_app.desk.old_urls")),
    path("<slug:slug>/", views.agenda, name="agenda"),
    path("<slug:slug>/agenda.pdf", documents_views.programme, name="programme"),
    path("<slug:slug>/people/<slug:key>/briefing.pdf", documents_views.briefing, name="briefing"),
    path(
        "<slug:slug>/countries/<slug:code>.pdf", documents_views.country_brief, name="country-brief"
    ),
    path(
        "<slug:slug>/workshops/<slug:key>/script.pdf", documents_views.run_sheet, name="run-sheet"
    ),
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
    path("<slug:slug>/changes/", views.changes_page, name="changes"),
    path("<slug:slug>/releases/<int:number>/", views.release, name="release"),
]
