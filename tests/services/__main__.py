"""`make test-services`: the tests on PostgreSQL and Redis, then the tests with two web servers.

Servers use loopback ports and temporary folders, and are always stopped at the end.
"""

import os
import signal
import subprocess
import sys

from tests.services.machines import PostgreSQL, Redis
from tests.serving import ROOT

# Slow tests that depend little on the database.
EXCLUDED = (
    *("browser", "services", "sessions_app/renderers/pdf/test_documents.py"),
    "sessions_app/desk/releases/test_draft_preview.py",
    "participants/access/test_viewer_of_people.py",
)
# Parts of test names.
SLOW = (
    *("the_same_clock_times", "any_name_and_note", "sees_nothing_of", "sees_the_afternoon"),
    *("long_list_takes", "becomes_what_was_planned", "at_any_size"),
)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with PostgreSQL() as postgresql, Redis() as redis:
        ignored = (f"--ignore=tests/{name}" for name in EXCLUDED)
        failed = _pytest(
            *("tests", "-n", "2", "-k", f"not ({' or '.join(SLOW)})", *ignored),
            DATABASE_URL=postgresql.database("workshop"),
            CACHE_URL=redis.url,
        )
    return failed or _pytest("tests/services", SERVICES="1")


def _pytest(*arguments: str, **environment: str) -> int:
    """Exit code of pytest; an interrupt waits until it has stopped its servers."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
