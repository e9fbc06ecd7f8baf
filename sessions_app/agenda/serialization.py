"""An agenda as JSON and back: what a release stores.

Stored releases are read into today's dataclasses: a new field needs a default there, and a
renamed one a data migration.
"""

from dataclasses import replace

import msgspec

from sessions_app.agenda.types import Agenda

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Agenda)


def encode(agenda: Agenda) -> str:
    """The agenda as JSON text; equal agendas with equal tracks give equal texts.

    Which release it is stands on the release's own row.
    """
    return _encoder.encode(replace(agenda, release=0, released_at=None)).decode()


def decode(text: str) -> Agenda:
    """The agenda that `encode` wrote. Raises msgspec.DecodeError for anything else."""
    return _decoder.decode(text)
