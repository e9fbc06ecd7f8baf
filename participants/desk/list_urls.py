"""Addresses of the list of participants, below /desk/<event>/."""

from django.urls import path

from participants.desk import list_in, participants
from participants.lists.exporter import Format

urlpatterns = [
    path("participants/", participants.participants, name="participants"),
    path("participants.csv", participants.out, {"form": Format.CSV}, name="participants-csv"),
    path("participants.xlsx", participants.out, {"form": Format.XLSX}, name="participants-xlsx"),
    path("participants/add/", participants.add, name="participant-add"),
    path("participants/programme/", participants.programme, name="participants-programme"),
    path("participants/import/", list_in.upload, name="list-in"),
    path("participants/import/preview/", list_in.preview, name="list-preview"),
    path("participants/import/refused.csv", list_in.refused, name="list-refused"),
    path("participants/<uuid:uid>/take-off/", participants.take_off, name="participant-take-off"),
    path("participants/<uuid:uid>/put-back/", participants.put_back, name="participant-put-back"),
]
