"""A database from before places were kept comes along: its installations, what they hold, and what they owe."""

from __future__ import annotations

import asyncpg
import pytest

from tests.builders import NOW
from tests.fakes.recorder import manifest, plan
from wardship.app.deployment import MIGRATIONS
from wardship.core.database import migrations
from wardship.core.database.embedded import ROLE_OWNER, ROLE_SERVE, ROLE_SUPERUSER
from wardship.core.database.engine import Engine
from wardship.core.identifiers import uuid7
from wardship.tenants.declarations import declaration_digest

BEFORE = "tenants-0009"


@pytest.fixture
async def old(postgres):
    """A connection to a database as the version before left it."""
    name = "test_places_migration"
    server = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database="postgres"))
    await server.execute(f"create database {name} owner {ROLE_OWNER}")
    connection = await asyncpg.connect(**postgres.dsn(role=ROLE_SUPERUSER, database=name))
    await connection.execute(f"alter schema public owner to {ROLE_OWNER}")
    await connection.execute(f"grant connect on database {name} to {ROLE_SERVE}")
    engine = Engine(config=dict(postgres.dsn(role=ROLE_OWNER, database=name)))
    await engine.start_connection_pool(min_size=1, max_size=1)
    for app, package in MIGRATIONS:
        for module in migrations._modules(package):
            if not module.ID.startswith("tenants-") or module.ID < BEFORE:
                async with engine.transaction() as transaction:
                    await migrations._apply(transaction, module, app)
    await engine.close_connection_pool()
    yield connection, dict(postgres.dsn(role=ROLE_OWNER, database=name))
    await connection.close()
    await server.execute(f"drop database {name} with (force)")
    await server.close()


async def _installed(connection, state: str) -> dict[str, object]:
    ids = {name: uuid7() for name in ("organisation", "member", "installation", "obligation")}
    declared = manifest(host_settings=()).model_copy(update={"host_settings": ("server_url",), "hosts": ("a.example",)})
    await connection.execute(
        "insert into organisation (id, created_at, slug, name) values ($1, $2, $3, 'Old')",
        ids["organisation"], NOW, f"old-{state}",
    )  # fmt: skip
    await connection.execute(
        "insert into member (organisation_id, id, created_at, display_name, email, pseudonym, joined_at)"
        " values ($1, $2, $3, 'Ann', 'ann@example.org', 'P', $3)",
        ids["organisation"], ids["member"], NOW,
    )  # fmt: skip
    await connection.execute(
        "insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest,"
        " plan, declaration_digest, audience, state, settings, secrets)"
        " values ($1, $2, $3, 'recorder', '1', $4, $5, $6, 'organisation', $7, $8, 'sealed')",
        ids["organisation"], ids["installation"], NOW, declared.model_dump_json(), plan(declared).model_dump_json(),
        declaration_digest(declared, plan(declared)), state, '{"server_url": "https://Dav.Example.org:8443/x"}',
    )  # fmt: skip
    both = ids["organisation"], uuid7(), NOW, ids["installation"], ids["member"]
    await connection.execute(
        "insert into subject_link (organisation_id, id, created_at, installation_id, member_id, subject_ref)"
        " values ($1, $2, $3, $4, $5, 'ref')",
        *both,
    )
    await connection.execute(
        "insert into obligation (organisation_id, id, created_at, installation_id, member_id, verb, dedupe_key,"
        " submitted_at, due_at, next_at)"
        " values ($1, $2, $3, $4, $5, 'erase', $6, $3, $3::timestamptz + interval '1 day', $3)",
        ids["organisation"], ids["obligation"], NOW, ids["installation"], ids["member"],
        f"erase:{ids['installation']}:{ids['member']}::",
    )  # fmt: skip
    await connection.execute(
        "insert into disclosure (organisation_id, id, created_at, installation_id, member_id, obligation_id, attempt,"
        " recipient, categories, fields, purposes, grant_ids, record_digest)"
        " values ($1, $2, $3, $4, $5, $6, 1, 'R', '{}', '{}', '{}', '{}', 'd')",
        *both, ids["obligation"],
    )  # fmt: skip
    return ids


async def test_the_one_place_of_each_installation_is_made_of_its_settings(old):
    connection, owner = old
    ids = await _installed(connection, "active")
    gone = await _installed(connection, "removed")
    await migrations.migrate(owner, MIGRATIONS)

    place = await connection.fetchrow(
        "select * from installation_place where installation_id = $1", ids["installation"]
    )
    assert (place["id"], place["state"], place["secrets"]) == (ids["installation"], "current", b"sealed")
    assert (place["recipient"], place["hosts"]) == ("Recorder Ltd (dav.example.org)", ["a.example"])
    assert place["settings"] == '{"server_url": "https://Dav.Example.org:8443/x"}'
    for table in ("installation", "obligation", "subject_link", "disclosure"):
        at = await connection.fetchval(f"select place_id from {table} where organisation_id = $1", ids["organisation"])
        assert at == place["id"]
    left = await connection.fetchrow(
        "select * from installation_place where installation_id = $1", gone["installation"]
    )
    assert (left["state"], left["settings"], left["secrets"]) == ("left", "{}", None)
