"""Addresses of the list of participants, below /desk/<event>/."""

from django.urls import path

from participants.desk import list, list_import
from participants.lists.exporter import Format

urlpatterns = [
    path("participants/", list.participants, name="participants"),
    path("participants.csv", list.out, {"form": Format.CSV}, name="participants-csv"),
    path("participants.xlsx", list.out, {"form": Format.XLSX}, name="participants-xlsx"),
    path("participants/add/", list.add, name="participant-add"),
    path("participants/programme/", list.programme, name="participants-programme"),
    path("participants/import/", list_import.upload, name="list-in"),
    path("participants/import/preview/", list_import.preview, name="list-preview"),
    path("participants/import/refused.csv", list_import.refused, name="list-refused"),
    path("participants/<uuid:uid>/take-off/", list.take_off, name="participant-take-off"),
    path("participants/<uuid:uid>/put-back/", list.put_back, name="participant-put-back"),
]
