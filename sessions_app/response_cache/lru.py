"""LRU cache in process memory, and responses compressed for it."""

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

import brotli
from cachetools import LRUCache
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

MIN_COMPRESSED_BYTES = 200  # bytes

_NOT_MODIFIED_HEADERS = {"Cache-Control", "ETag", "Last-Modified", "Vary"}


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """Response in one encoding, with its strong ETag and Last-Modified as a Unix timestamp."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str
    last_modified: int | None

    def not_modified_headers(self) -> tuple[tuple[str, str], ...]:
        """Headers of a 304 response (RFC 9110, 15.4.5)."""
        return tuple(pair for pair in self.headers if pair[0] in _NOT_MODIFIED_HEADERS)

    @property
    def size(self) -> int:
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + 500


class Sized(Protocol):
    """Cache entry with its size in bytes."""

    @property
    def size(self) -> int: ...


Entry = TypeVar("Entry", bound=Sized)


class LruCache(Generic[Entry]):
    """Thread-safe mapping that evicts the least recently used entries above `max_bytes`."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._entries: LRUCache[Hashable, tuple[Entry | None, int]] = LRUCache(
            max_bytes, getsizeof=lambda item: item[1]
        )
        self._lock = threading.Lock()

    @property
    def used(self) -> int:
        return int(self._entries.currsize)

    def get(self, key: Hashable) -> Entry | None:
        with self._lock:
            return self._entries.get(key, (None, 0))[0]

    def put(self, key: Hashable, entry: Entry) -> None:
        """Store an entry, unless it is larger than a quarter of `max_bytes`."""
        size = entry.size + 2 * len(repr(key))
        if size <= self.max_bytes // 4:
            with self._lock:
                self._entries[key] = entry, size

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


@lru_cache(maxsize=256)
def choose_encoding(accepted: str) -> str:
    """Content encoding for an Accept-Encoding header: `br`, `gzip` or empty (RFC 9110, 12.5.3)."""
    is_accepted = {}
    for item in accepted.lower().split(","):
        name, _semicolon, quality = item.partition(";")
        is_accepted[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return next((name for name in ("br", "gzip") if is_accepted.get(name)), "")


def encode_response(response: HttpResponse, encoding: str) -> CachedResponse:
    """Compress a response and set its ETag, unless it is `no-store`.

    The ETag is strong (RFC 9110, 8.8.3). PDFs and responses with an encoding are not compressed.
    """
    body = response.content
    if not response.has_header("Content-Encoding"):
        tag = hashlib.sha256(body).hexdigest()[:32]
        if encoding and len(body) > MIN_COMPRESSED_BYTES and "pdf" not in response["Content-Type"]:
            body = _COMPRESSORS[encoding](body)
            response["Content-Encoding"] = encoding
            tag = f"{tag}-{encoding}"
        if "no-store" not in response.headers.get("Cache-Control", ""):
            response["ETag"] = f'"{tag}"'
        patch_vary_headers(response, ["Accept-Encoding"])
    response["Content-Length"] = str(len(body))
    last_modified = response.headers.get("Last-Modified")
    return CachedResponse(
        headers=tuple(response.headers.items()),
        body=body,
        etag=response.headers.get("ETag", ""),
        last_modified=int(parsedate_to_datetime(last_modified).timestamp())
        if last_modified
        else None,
    )


_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
