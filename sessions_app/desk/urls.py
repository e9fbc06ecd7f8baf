"""Addresses of the desk, below /desk/<event>/."""

from django.urls import path

from sessions_app.desk import (
    applying,
    awake,
    board,
    clock,
    compare,
    copying,
    draft,
    merging,
    move,
    people,
    releases,
    reorder,
    replacing,
    review,
    withdrawing,
)

urlpatterns = [
    path("sessions/<slug:key>/move/", move.move, name="move"),
    path("sessions/<slug:key>/reorder/", reorder.reorder, name="reorder"),
    path("undo-move/", applying.undo_move, name="undo-move"),
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
    path("people/", people.people, name="people"),
    path("people/<slug:key>/replace/", replacing.replace, name="replace-person"),
    path("people/<slug:key>/merge/", merging.merge, name="merge-people"),
    path("to-confirm/<uuid:seat>/", replacing.say_who, name="say-who"),
    path("countries/<slug:code>/withdraw/", withdrawing.withdraw, name="withdraw-country"),
    path("copy/", copying.copy, name="copy"),
    path("clock/", clock.clock, name="clock"),
]
