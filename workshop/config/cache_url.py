"""CACHE_URL as Django's CACHES setting: a file on this machine, or Redis."""

import hashlib
from pathlib import Path
from typing import Any

REDIS = "workshop.config.redis_cache.RedisCache"
DAY = 24 * 3600


def parse(url: str, *, folder: Path, site: str) -> dict[str, dict[str, Any]]:
    """CACHES for `redis://host:6379/0` (rediss: with TLS, unix: for a socket).

    `default` is Django's own; `shared` holds the counters of all processes; `responses` holds
    rendered responses for all machines, and is a dummy without Redis. `site` is part of the key
    prefix, so several sites can use one Redis. Raises ValueError.
    """
    if not url:
        return _on_this_machine(folder)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("CACHE_URL must begin with redis:, rediss: or unix:.")
    site_hash = hashlib.sha256(site.encode()).hexdigest()[:12]
    timeouts = {"default": 300, "shared": 3600, "responses": DAY}
    return {
        name: {
            "BACKEND": REDIS,
            "LOCATION": url,
            "TIMEOUT": timeout,
            "KEY_PREFIX": f"{site_hash}:{name}",
        }
        for name, timeout in timeouts.items()
    }


def _on_this_machine(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "shared": {
            "BACKEND": "workshop.config.local_cache.LocalCache",
            "LOCATION": folder,
            "TIMEOUT": 3600,
            "SHARDS": 1,
            "DATABASE_TIMEOUT": 5,
        },
        "responses": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
