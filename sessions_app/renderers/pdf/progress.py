"""What WeasyPrint says while it sets a paper: complaints, and how far it is."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Told = Callable[[int, bool], None]  # pages laid out so far; whether it is all of them


class _Listener(logging.Handler):
    """Hands on what this thread logs: another may be setting another paper."""

    def __init__(self, level: int, hear: Callable[[logging.LogRecord], None]) -> None:
        super().__init__(level)
        self.thread, self.hear = threading.get_ident(), hear

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.hear(record)


@contextmanager
def _listening(name: str, level: int, hear: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    logger, listener = logging.getLogger(name), _Listener(level, hear)
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)


@contextmanager
def complaints_of_this_thread() -> Iterator[list[str]]:
    """What WeasyPrint logs meanwhile: it only warns of a file that was refused."""
    found: list[str] = []
    hear = _listening("weasyprint", logging.WARNING, lambda each: found.append(each.getMessage()))
    with hear:
        yield found


@contextmanager
def telling(told: Told | None) -> Iterator[None]:
    """Say at every step of WeasyPrint's how many pages it has laid out."""
    if told is None:
        yield
        return
    pages = 0

    def hear(record: logging.LogRecord) -> None:
        nonlocal pages
        said = str(record.msg)
        if said.startswith("Step 5 - Creating layout - Page") and isinstance(record.args, tuple):
            pages = max(pages, int(str(record.args[0])))
        told(pages, said.startswith(("Step 6", "Step 7")))

    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.propagate = False
    with _listening(progress.name, logging.INFO, hear):
        yield
