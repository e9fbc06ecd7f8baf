"""Log lines: what may not stand in them, and each as a JSON object where LOGS=json."""

import json
import logging
import os
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

# The request in hand, by its id; empty between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")
AS_JSON = os.environ.get("LOGS") == "json"

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


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _cut(record.getMessage()),
        }
        if number := request_id.get():
            said["request"] = number
        said |= getattr(record, "facts", {})
        if record.exc_info:
            said["error"] = _cut(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False, default=str)


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The web server's own log, which names the address of a request that took too long."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutPersonalLinks())
            for handler in log.handlers if AS_JSON else ():
                handler.setFormatter(JsonLines())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """As JSON, the address stands without its query, in which a sign-in link has its secret."""
        if not AS_JSON:
            super().access(resp, req, environ, request_time)
        elif self.access_log_enabled:
            facts = {
                "request": dict(resp.headers).get("X-Request-ID", ""),
                "method": req.method,
                "path": _cut(environ.get("PATH_INFO", "")),
                "status": resp.status_code,
                "ms": round(request_time.total_seconds() * 1000, 1),
                "bytes": resp.sent or 0,
            }
            self.access_log.info("answered", extra={"facts": facts})


def _cut(said: object) -> object:
    return _PERSONAL_LINK.sub("/me/…", said) if isinstance(said, str) else said
