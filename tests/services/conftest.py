"""Shared PostgreSQL and Redis servers, and two web servers behind nginx."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.machines import Nginx, PostgreSQL, Redis
from tests.serving import Site, SiteClient


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
    """Two web servers that share only database and cache, behind nginx."""

    one: Site
    two: Site
    nginx: Nginx
    database: str

    @property
    def clients(self) -> tuple[SiteClient, SiteClient, SiteClient]:
        return tuple(SiteClient(server.port) for server in (self.one, self.two, self.nginx))


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
