"""What may not stand in a log: an address that lets somebody in."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_PERSONAL_LINK = re.compile(r"/me/[^\s\"'<>]+", re.IGNORECASE)


class WithoutPersonalLinks(logging.Filter):
    """Lets every line through, with `/me/…` in the place of whatever stands below /me/."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _cut(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cut, record.args))
        elif isinstance(record.args, dict):
            record.args = {name: _cut(value) for name, value in record.args.items()}
        return True


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The web server's own log, which names the address of a request that took too long."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutPersonalLinks())


def _cut(said: object) -> object:
    return _PERSONAL_LINK.sub("/me/…", said) if isinstance(said, str) else said
