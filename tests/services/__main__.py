"""`make test-services`: the tests on PostgreSQL and Redis, then those of several machines.

Servers run on loopback ports and in temporary folders of their own, and are stopped whatever comes.
"""

import os
import signal
import subprocess
import sys

from tests.services.machines import PostgreSQL, Redis
from tests.serving import ROOT

# What draws for long and asks the database little.
LEFT_OUT = ("browser", "services", "test_papers.py", "test_drafts.py", "test_access_of_people.py")
SLOW = (
    *("the_same_clock_times", "any_name_and_note", "reads_nothing_of", "reads_the_afternoon"),
    *("runs_both_workers", "long_list_takes", "becomes_what_was_planned", "at_any_size"),
)


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with PostgreSQL() as postgresql, Redis() as redis:
        left_out = (f"--ignore=tests/{name}" for name in LEFT_OUT)
        failed = _pytest(
            *("tests", "-n", "2", "-k", f"not ({' or '.join(SLOW)})", *left_out),
            DATABASE_URL=postgresql.database("workshop"),
            CACHE_URL=redis.url,
        )
    return failed or _pytest("tests/services", SERVICES="1")


def _pytest(*words: str, **environment: str) -> int:
    """Its exit code; who interrupts it waits until it has stopped what it started."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
