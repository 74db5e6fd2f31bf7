"""Deployments for tests: one is made with people, tokens and an integration, and every test copies it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import structlog

from tests.app.guide import blocks
from tests.app.outside import Outside
from tests.app.programs import Process, Programs, environment
from wardship.app.demo.load import account_of, load_demonstration
from wardship.app.deployment import database_place, make_services, running
from wardship.core.database.embedded import EmbeddedPostgres
from wardship.core.database.scope import Scope
from wardship.core.settings import Settings
from wardship.core.tokens.scopes import SCOPES
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.graphql.engine import GlobalId
from wardship.tenants.access import Services

DOMAIN = "harbour.example"


@dataclass(frozen=True)
class Prototype:
    """A deployment that has run and ended.

    Attributes:
        folder: its data.
        tokens: by person, a token with every scope in Harbour.
        group: global id of a group that Mia is in.
        organisation_id: Harbour.
    """

    folder: Path
    tokens: dict[str, str]
    group: str
    organisation_id: UUID


@dataclass(frozen=True)
class Deployed:
    """A copy of the prototype: its data, and the environment in which commands find it."""

    data: Path
    env: dict[str, str]
    prototype: Prototype

    def headers(self, person: str = "mia") -> dict[str, str]:
        """Return the headers with which a person calls."""
        return {"authorization": f"Bearer {self.prototype.tokens[person]}"}


@pytest.fixture(scope="session")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Prototype:
    folder = tmp_path_factory.mktemp("prototype")
    return asyncio.run(_make(folder))


async def _make(folder: Path) -> Prototype:
    settings = Settings(data_dir=folder, development=True)
    with database_place(settings) as place:
        services = make_services(settings, place)
        async with running(services, place):
            await load_demonstration(services)
            async with services.database.directory() as transaction:
                harbour = await transaction.fetchval("select id from organisation where slug = 'harbour'")
            tokens = {person: await _token(services, harbour, person) for person in ("olivia", "adam", "mia", "auda")}
            async with services.database.tenant(harbour) as transaction:
                group = await transaction.fetchval("select id from user_group where name = 'Night crew'")
    return Prototype(folder, tokens, str(GlobalId("Group", group)), harbour)


async def _token(services: Services, organisation_id: UUID, person: str) -> str:
    account_id = await account_of(services, person, DOMAIN)
    assert account_id is not None
    at = services.clock.now()
    request = TokenRequest("test", SCOPES, at + timedelta(days=1))
    async with services.database.transaction(Scope(organisation_id, directory=True)) as transaction:
        _, text = await create_token(transaction, account_id, organisation_id, request, at=at)
    return text


@pytest.fixture
def deployed(prototype: Prototype, tmp_path: Path) -> Deployed:
    """A deployment of the test's own; its embedded server has ended in order."""
    return _copy(prototype, tmp_path / "data")


@pytest.fixture(scope="module")
def shared(prototype: Prototype, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """A deployment that the tests of a module share, because none of them changes it."""
    return _copy(prototype, tmp_path_factory.mktemp("shared") / "data")


def _copy(prototype: Prototype, data: Path) -> Deployed:
    subprocess.run(["cp", "-a", prototype.folder, data], check=True)  # noqa: S603, S607 - owners and modes as they are
    return Deployed(data, environment(data), prototype)


@pytest.fixture(scope="module")
def served(shared: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The shared deployment, served with as few database connections as are allowed."""
    programs = Programs(tmp_path_factory.mktemp("programs"))
    yield programs.serve(env={**shared.env, "WARDSHIP_DATABASE_CONNECTIONS": "2"}).ready()
    programs.end()


@pytest.fixture(scope="module")
def outside_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    """A PostgreSQL server of the module's own."""
    with EmbeddedPostgres.start(tmp_path_factory.mktemp("outside"), settings={"fsync": "off"}) as server:
        yield Outside(server)


@pytest.fixture
def bare(outside_server: Outside) -> Iterator[Outside]:
    """A server without any role or database of Wardship's."""

    def clear() -> None:
        databases = "drop database if exists wardship with (force); drop database if exists restored with (force);"
        roles = "drop role if exists wardship_owner, wardship_serve, wardship_backup;"
        outside_server.psql(databases + roles)

    clear()
    yield outside_server
    clear()


@pytest.fixture
def prepared(bare: Outside) -> Outside:
    """A server with the roles and the empty database of the guide."""
    [roles] = blocks("sql")
    bare.psql(roles)
    return bare


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Put logging back, which an application that is made in this process takes over."""
    root, configuration = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    folder = tmp_path / "programs"
    folder.mkdir()
    started = Programs(folder)
    yield started
    started.end()
