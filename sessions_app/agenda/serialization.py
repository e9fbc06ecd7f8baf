"""JSON of an agenda, as stored in a release.

Stored releases decode into today's dataclasses: a new field needs a default there. A renamed
field keeps its stored name for ever, in `STORED_NAMES`: old releases have it, and old processes
read new releases during an upgrade.
"""

import re
from dataclasses import replace

import msgspec

from sessions_app.agenda.types import Agenda, EventSummary

# Field names of Agenda and CalendarState that are stored under another name.
STORED_NAMES = {"calendar_states": "tracks", "workshop_states": "windows", "last_known": "gone"}

_FIELD_NAMES = {stored: field for field, stored in STORED_NAMES.items()}
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Agenda)
_summary_decoder = msgspec.json.Decoder(EventSummary)


def encode(agenda: Agenda) -> str:
    """The agenda as JSON text; equal agendas with equal calendar states give equal texts.

    Number and time of the release are not in it: the release's row has them.
    """
    text = _encoder.encode(replace(agenda, release=0, released_at=None)).decode()
    return _renamed_keys(text, STORED_NAMES)


def decode(text: str) -> Agenda:
    """The agenda that `encode` wrote. Raises msgspec.DecodeError for anything else."""
    return _decoder.decode(_renamed_keys(text, _FIELD_NAMES))


def encode_summary(agenda: str) -> str:
    """The summary of an encoded agenda, as JSON text."""
    return _encoder.encode(decode_summary(agenda)).decode()


def decode_summary(text: str) -> EventSummary:
    """The summary in the JSON of a summary or of a whole agenda. Raises msgspec.DecodeError."""
    return _summary_decoder.decode(text)


def _renamed_keys(text: str, names: dict[str, str]) -> str:
    """JSON text with other names of keys.

    A quoted name before a colon is always a key: quotes inside of a JSON string are escaped.
    """
    keys = re.compile(rf'"({"|".join(names)})"(?=\s*:)')
    return keys.sub(lambda match: f'"{names[match[1]]}"', text)
