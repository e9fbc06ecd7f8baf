"""Addresses of the desk, below /desk/<event>/."""

from django.urls import path

from sessions_app.desk.board import views as board
from sessions_app.desk.events import change_timezone, copy_event
from sessions_app.desk.people import merge, replace, withdraw
from sessions_app.desk.people import views as people
from sessions_app.desk.releases import compare, draft_preview, review
from sessions_app.desk.releases import views as releases
from sessions_app.desk.schedule import apply, local_hours, move, reorder

urlpatterns = [
    path("sessions/<slug:key>/move/", move.move, name="move"),
    path("sessions/<slug:key>/reorder/", reorder.reorder, name="reorder"),
    path("undo-move/", apply.undo_move, name="undo-move"),
    path("", board.board, name="board"),
    path("sessions/<slug:key>/cancel/", board.cancel, name="cancel"),
    path("sessions/<slug:key>/duplicate/", board.duplicate, name="duplicate"),
    path("review/", review.review, name="review"),
    path("releases/<int:number>/restore/", review.restore, name="restore"),
    path("draft/", draft_preview.draft, name="draft"),
    path("draft.pdf", draft_preview.draft_pdf, name="draft-pdf"),
    path("compare/", compare.compare, name="compare"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.released, name="released"),
    path("awake/", local_hours.local_hours, name="awake"),
    path("people/", people.people, name="people"),
    path("people/<slug:key>/replace/", replace.replace, name="replace-person"),
    path("people/<slug:key>/merge/", merge.merge, name="merge-people"),
    path("to-confirm/<uuid:placeholder>/", replace.confirm_name, name="confirm-name"),
    path("countries/<slug:code>/withdraw/", withdraw.withdraw, name="withdraw-country"),
    path("copy/", copy_event.copy, name="copy"),
    path("timezone/", change_timezone.change_timezone, name="timezone"),
]
