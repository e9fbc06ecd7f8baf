"""What may not stand in a log: an address that lets somebody in."""

import logging
import re

_PERSONAL_LINK = re.compile(r"/me/[^\s\"'<>]+", re.IGNORECASE)


class WithoutPersonalLinks(logging.Filter):
    """Lets every line through, with `/me/…` in the place of whatever stands below /me/."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _cut(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cut, record.args))
        return True


def _cut(said: object) -> object:
    return _PERSONAL_LINK.sub("/me/…", said) if isinstance(said, str) else said
