"""An answer packed in one coding, and the shelf in memory on which such answers are kept."""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

import brotli
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

SMALLEST_TO_PACK = 200  # bytes

_TOLD_AGAIN = {"Cache-Control", "ETag", "Last-Modified", "Vary"}


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer in one coding, with its strong ETag and when it last changed, as a timestamp."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    changed: int | None

    def unchanged(self) -> tuple[tuple[str, str], ...]:
        """The headers of a 304 (RFC 9110, 15.4.5)."""
        return tuple(pair for pair in self.headers if pair[0] in _TOLD_AGAIN)

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 500


class Sized(Protocol):
    """Something that knows how many bytes it takes."""

    @property
    def size(self) -> int: ...


Answer = TypeVar("Answer", bound=Sized)


class Shelf(Generic[Answer]):
    """Answers by key, in the memory of this process; those not asked for longest make room."""

    def __init__(self, room: int) -> None:
        self.room, self.used = room, 0
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Answer | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep it, unless it would take more than a quarter of the room."""
        size = answer.size + 2 * len(repr(key))
        if size > self.room // 4:
            return
        with self._lock:
            _former, freed = self._kept.pop(key, (None, 0))
            self._kept[key] = (answer, size)
            self.used += size - freed
            while self.used > self.room:
                _key, (_oldest, freed) = self._kept.popitem(last=False)
                self.used -= freed

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.used = 0


@lru_cache(maxsize=256)
def coding(accepted: str) -> str:
    """The coding to answer in: `br`, `gzip` or none (RFC 9110, 12.5.3)."""
    wanted = {}
    for each in accepted.lower().split(","):
        name, _semicolon, quality = each.partition(";")
        wanted[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return next((name for name in ("br", "gzip") if wanted.get(name)), "")


def in_coding(answer: HttpResponse, coding: str) -> Ready:
    """An answer with its body in a coding, and an ETag for that if it may be kept elsewhere.

    A strong one (RFC 9110, 8.8.3); what is packed already, and papers, stay as they are.
    """
    body = answer.content
    if not answer.has_header("Content-Encoding"):
        tag = hashlib.sha256(body).hexdigest()[:32]
        if coding and len(body) > SMALLEST_TO_PACK and "pdf" not in answer["Content-Type"]:
            body = _PACKED[coding](body)
            answer["Content-Encoding"] = coding
            tag = f"{tag}-{coding}"
        if "no-store" not in answer.headers.get("Cache-Control", ""):
            answer["ETag"] = f'"{tag}"'
        patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Content-Length"] = str(len(body))
    changed = answer.headers.get("Last-Modified")
    return Ready(
        headers=tuple(answer.headers.items()),
        body=body,
        etag=answer.headers.get("ETag", ""),
        changed=int(parsedate_to_datetime(changed).timestamp()) if changed else None,
    )


_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda drawn: brotli.compress(drawn, quality=5),
    "gzip": lambda drawn: gzip.compress(drawn, compresslevel=6, mtime=0),
}
