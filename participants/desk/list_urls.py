"""URLs of the participant list, below /desk/<event>/."""

from django.urls import path

from participants.desk import list_import, participant_list
from participants.lists.exporter import Format

urlpatterns = [
    path("participants/", participant_list.participants, name="participants"),
    path(
        "participants.csv",
        participant_list.export,
        {"file_format": Format.CSV},
        name="participants-csv",
    ),
    path(
        "participants.xlsx",
        participant_list.export,
        {"file_format": Format.XLSX},
        name="participants-xlsx",
    ),
    path("participants/add/", participant_list.add, name="participant-add"),
    path(
        "participants/programme/",
        participant_list.add_programme_people,
        name="participants-programme",
    ),
    path("participants/import/", list_import.upload, name="list-import"),
    path("participants/import/preview/", list_import.preview, name="list-preview"),
    path("participants/import/refused.csv", list_import.refused_rows, name="list-refused"),
    path(
        "participants/<uuid:uid>/take-off/", participant_list.take_off, name="participant-take-off"
    ),
    path(
        "participants/<uuid:uid>/put-back/", participant_list.put_back, name="participant-put-back"
    ),
]
