"""Logging: removes personal links from log lines, and writes JSON where LOGS=json."""

import json
import logging
import os
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from gunicorn.glogging import Logger

# ID of the current request; empty between requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")
AS_JSON = os.environ.get("LOGS") == "json"

_PERSONAL_LINK = re.compile(r"/me/[^\s\"'<>]+", re.IGNORECASE)


# A personal link gives access: loggers that write addresses remove it.
_NO_PERSONAL_LINKS = {"filters": ["no_personal_links"]}


def logging_config(*, debug: bool) -> dict[str, Any]:
    """Django's LOGGING setting."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_personal_links": {"()": "workshop.ops.logs.PersonalLinkFilter"}},
        "formatters": {
            "json": {"()": "workshop.ops.logs.JsonFormatter"},
            "server": {
                "()": "django.utils.log.ServerFormatter",
                "format": "[{server_time}] {message}",
                "style": "{",
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                **({"formatter": "json"} if AS_JSON else {}),
                **_NO_PERSONAL_LINKS,
            },
            "warnings": {
                "class": "logging.StreamHandler",
                "level": "WARNING",
                **({"formatter": "json"} if AS_JSON else {}),
                **_NO_PERSONAL_LINKS,
            },
            "server": {
                "class": "logging.StreamHandler",
                "formatter": "json" if AS_JSON else "server",
            },
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "participants.mail": {"level": "INFO"},
            "sessions_app.documents.pdf_tasks": {"level": "INFO"},
            # The task engine logs the start and the end of each task.
            "django_tasks": {"handlers": ["warnings"], "propagate": False},
            "django_tasks_db": {"handlers": ["warnings"], "propagate": False},
            # Django's default handlers would send errors nowhere; a 404 is not an error.
            "django": {"handlers": [], "level": "INFO" if debug else "WARNING"},
            "django.request": {"level": "WARNING" if debug else "ERROR", **_NO_PERSONAL_LINKS},
            "django.security.csrf": _NO_PERSONAL_LINKS,
            "django.server": {
                "handlers": ["server"],
                "level": "INFO",
                "propagate": False,
                **_NO_PERSONAL_LINKS,
            },
        },
    }


class PersonalLinkFilter(logging.Filter):
    """Replaces every address below /me/ by `/me/…`: it contains a personal token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _redact(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_redact, record.args))
        elif isinstance(record.args, dict):
            record.args = {name: _redact(value) for name, value in record.args.items()}
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and the record's `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _redact(record.getMessage()),
        }
        if number := request_id.get():
            entry["request"] = number
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["error"] = _redact(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False, default=str)


class GunicornLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's log with the filter and format above: a timeout logs the request's address."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(PersonalLinkFilter())
            for handler in log.handlers if AS_JSON else ():
                handler.setFormatter(JsonFormatter())

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Access log; JSON lines omit the query, which can be the secret of a sign-in link."""
        if not AS_JSON:
            super().access(resp, req, environ, request_time)
        elif self.access_log_enabled:
            fields = {
                "request": dict(resp.headers).get("X-Request-ID", ""),
                "method": req.method,
                "path": _redact(environ.get("PATH_INFO", "")),
                "status": resp.status_code,
                "ms": round(request_time.total_seconds() * 1000, 1),
                "bytes": resp.sent or 0,
            }
            self.access_log.info("answered", extra={"fields": fields})


def traceback_without_values(error: BaseException) -> str:
    """Type and traceback of an error without its message, which may contain personal data."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"


def _redact(value: object) -> object:
    return _PERSONAL_LINK.sub("/me/…", value) if isinstance(value, str) else value
