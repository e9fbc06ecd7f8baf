"""Rate limits: simultaneous attempts, and the window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from tests import make
from workshop.ops.rate_limit import RateLimit

pytestmark = pytest.mark.django_db  # `make test-services` runs what uses a database on Redis too


def test_simultaneous_attempts_count_separately() -> None:
    limit, barrier = RateLimit("guesses", 20), Barrier(50)

    def attempt(_number: int) -> int:
        barrier.wait()
        return limit.attempt("192.0.2.1", make.at(8))

    with ThreadPoolExecutor(50) as threads:
        waits = list(threads.map(attempt, range(50)))
    assert sorted(waits) == [0] * 20 + [600] * 30
    assert limit.wait("192.0.2.1", make.at(8)) == 600


def test_window_key_and_name_are_counted_separately() -> None:
    limit, now = RateLimit("guesses", 1), make.at(8)
    assert (limit.attempt("one", now), limit.attempt("one", now)) == (0, 600)
    assert limit.attempt("one", now + timedelta(seconds=599)) == 1
    assert limit.wait("two", now) == 0
    assert limit.attempt("two", now) == 0
    assert RateLimit("others", 1).attempt("one", now) == 0
    assert limit.attempt("one", now + timedelta(seconds=600)) == 0
