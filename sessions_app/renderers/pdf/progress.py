"""WeasyPrint's log messages while it renders: warnings and progress."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ProgressCallback = Callable[[int, bool], None]  # pages laid out so far; whether layout is complete


class _ThreadLogHandler(logging.Handler):
    """Log handler for messages of the current thread only: others may be rendering too."""

    def __init__(self, level: int, callback: Callable[[logging.LogRecord], None]) -> None:
        super().__init__(level)
        self.thread, self.callback = threading.get_ident(), callback

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.callback(record)


@contextmanager
def _log_handler(
    name: str, level: int, callback: Callable[[logging.LogRecord], None]
) -> Iterator[None]:
    logger, handler = logging.getLogger(name), _ThreadLogHandler(level, callback)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def captured_warnings() -> Iterator[list[str]]:
    """Collect WeasyPrint's warnings: it only logs a file that was refused."""
    messages: list[str] = []
    handler = _log_handler(
        "weasyprint", logging.WARNING, lambda record: messages.append(record.getMessage())
    )
    with handler:
        yield messages


@contextmanager
def reporting_progress(on_progress: ProgressCallback | None) -> Iterator[None]:
    """Call `on_progress` at each step of WeasyPrint's layout."""
    if on_progress is None:
        yield
        return
    pages = 0

    def handle(record: logging.LogRecord) -> None:
        nonlocal pages
        message = str(record.msg)
        if message.startswith("Step 5 - Creating layout - Page") and isinstance(record.args, tuple):
            pages = max(pages, int(str(record.args[0])))
        on_progress(pages, message.startswith(("Step 6", "Step 7")))

    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.propagate = False
    with _log_handler(progress.name, logging.INFO, handle):
        yield
