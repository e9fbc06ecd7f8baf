"""What processes share beside the database: files of this machine, or Redis by CACHE_URL."""

import hashlib
from pathlib import Path
from typing import Any

REDIS = "workshop.config.redis_cache.RedisCache"
DAY = 24 * 3600


def read(url: str, *, folder: Path, site: str) -> dict[str, dict[str, Any]]:
    """Django's settings for `redis://host:6379/0` (rediss: with TLS, unix: for a socket).

    `default` is anybody's, `shared` counts for all processes, `ready` keeps made bytes for all
    machines, and nothing where there is no Redis. `site` tells apart who shares one Redis.
    Raises ValueError.
    """
    if not url:
        return _on_this_machine(folder)
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("CACHE_URL begins with redis:, rediss: or unix:.")
    own = hashlib.sha256(site.encode()).hexdigest()[:12]
    ages = {"default": 300, "shared": 3600, "ready": DAY}
    return {
        name: {"BACKEND": REDIS, "LOCATION": url, "TIMEOUT": age, "KEY_PREFIX": f"{own}:{name}"}
        for name, age in ages.items()
    }


def _on_this_machine(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "shared": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": folder,
            "TIMEOUT": 3600,
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        },
        "ready": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
