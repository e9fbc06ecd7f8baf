"""Servers that the tests share, and two sites on them as on two machines."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.machines import Nginx, PostgreSQL, Redis
from tests.serving import Reader, Site


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with PostgreSQL() as machine:
        yield machine


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    with Redis() as machine:
        yield machine


@dataclass(frozen=True, slots=True)
class Machines:
    """Two web machines with nothing in common but database and cache, and nginx before them."""

    one: Site
    two: Site
    nginx: Nginx
    database: str

    @property
    def readers(self) -> tuple[Reader, Reader, Reader]:
        return tuple(Reader(each.port) for each in (self.one, self.two, self.nginx))


@pytest.fixture(scope="session")
def machines(
    postgresql: PostgreSQL, redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    database = postgresql.database("machines")
    shared = {"DATABASE_URL": database, "CACHE_URL": redis.url, "SITE": "http://127.0.0.1"}
    folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    one, two = (Site(folder, **shared) for folder in folders)
    one.prepare()
    with ExitStack() as stack:
        stack.enter_context(one)
        stack.enter_context(two)
        nginx = Nginx(one.port, two.port)
        stack.enter_context(nginx)
        yield Machines(one, two, nginx, database)
