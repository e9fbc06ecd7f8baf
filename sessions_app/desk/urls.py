"""Addresses of the desk, below /desk/<event>/."""

from django.urls import path

from sessions_app.desk import awake, board, compare, draft, move, releases, review

urlpatterns = [
    path("sessions/<slug:key>/move/", move.move, name="move"),
    path("undo-move/", move.undo_move, name="undo-move"),
    path("", board.board, name="board"),
    path("sessions/<slug:key>/cancel/", board.cancel, name="cancel"),
    path("sessions/<slug:key>/duplicate/", board.duplicate, name="duplicate"),
    path("review/", review.review, name="review"),
    path("releases/<int:number>/restore/", review.restore, name="restore"),
    path("draft/", draft.draft, name="draft"),
    path("draft.pdf", draft.draft_pdf, name="draft-pdf"),
    path("compare/", compare.compare, name="compare"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:number>/", releases.released, name="released"),
    path("awake/", awake.awake, name="awake"),
]
