"""The data that is measured on: many organisations, one of them large, inserted set-wise past row-level security."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from wardship.core.database.scope import Scope
from wardship.core.tokens.tokens import TokenRequest, create_token
from wardship.plugins.host.registry import Registry
from wardship.tenants.access import Services
from wardship.tenants.declarations import declaration_digest

INSTALLATIONS = 4
MEMBERSHIPS = 3
LINKS = 2


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: organisations, members of the first one, and members of each of the others."""

    organisations: int
    members: int
    others: int = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody of the large organisation who asks: its administrator, who asks everything, unless told otherwise.

    Attributes:
        token: a personal access token with the scopes read and write.
    """

    organisation_id: UUID
    member_id: UUID
    account_id: UUID
    token: str


_ORGANISATIONS = """
insert into organisation (id, created_at, slug, name)
select uuidv7(), timestamptz '2026-01-01T00:00Z' + n * interval '1 minute', 'organisation-' || n,
    'Organisation ' || n
from generate_series(0, {organisations} - 1) n
"""

_WANTED = """
create temporary table wanted as
select o.id as organisation_id, o.slug, i as number, uuidv7() as member_id, time_ordered_id() as account_id,
    o.slug || '-' || i as name, timestamptz '2026-02-01T00:00Z' + i * interval '1 second' as at,
    greatest(10, s.members / 20) as groups
from organisation o
cross join lateral (select case when o.slug = 'organisation-0' then {members} else {small} end as members) s
cross join lateral generate_series(1, s.members) i
where o.kind = 'customer';
analyze wanted
"""

_PEOPLE = (
    """
    insert into account (id, created_at, display_name) select account_id, at, 'Person ' || number from wanted
    """,
    """
    insert into account_email (id, created_at, account_id, address, is_primary, verified_at)
    select uuidv7(), at, account_id, name || '@example.org', true, at from wanted
    """,
    """
    insert into member (organisation_id, id, created_at, account_id, display_name, title, first_name, last_name,
        job_title, company, username, email, phone, postal_address, pseudonym, joined_at)
    select organisation_id, member_id, at, account_id, 'Person ' || number, 'Dr', 'First' || number, 'Last' || number,
        'Engineer', 'Example Ltd', name, name || '@example.org', '+49 30 ' || 100000 + number,
        number || ' Long Street' || chr(10) || '10115 Berlin', 'Pseudonym ' || number, at
    from wanted
    """,
    """
    insert into role_assignment (organisation_id, id, created_at, member_id, role)
    select organisation_id, uuidv7(), at, member_id, 'member' from wanted
    union all
    select organisation_id, uuidv7(), at, member_id, 'org_owner' from wanted where number = 1
    union all
    select organisation_id, uuidv7(), at, member_id, 'org_admin' from wanted where number = 2
    """,
)

_GROUPS = (
    """
    create temporary table wanted_group as
    select organisation_id, n as number, uuidv7() as id
    from (select organisation_id, min(groups) as groups from wanted group by 1) o
    cross join lateral generate_series(0, groups - 1) n;
    analyze wanted_group
    """,
    """
    insert into user_group (organisation_id, id, created_at, name, description, kind)
    select organisation_id, id, timestamptz '2026-01-20T00:00Z' + number * interval '1 second', 'Group ' || number,
        'What group ' || number || ' is for', (array['site', 'team', 'user_group'])[1 + number % 3]
    from wanted_group
    """,
    """
    insert into group_membership (organisation_id, id, created_at, group_id, member_id, role)
    select w.organisation_id, uuidv7(), w.at + k * interval '1 second', g.id, w.member_id, 'member'
    from wanted w
    cross join generate_series(0, {memberships} - 1) k
    join wanted_group g on g.organisation_id = w.organisation_id and g.number = (w.number + k) % w.groups
    """,
)

_INSTALLATIONS = """
insert into installation (organisation_id, id, created_at, integration_key, integration_version, manifest, plan,
    declaration_digest, audience, state, place_id)
select o.id, o.installation_id, timestamptz '2026-01-25T00:00Z' + n * interval '1 second',
    ($1::text[])[1 + n % 2], '1', ($2::jsonb[])[1 + n % 2], ($3::jsonb[])[1 + n % 2], ($4::bytea[])[1 + n % 2],
    'organisation', 'active', o.installation_id
from (select o.id, n, uuidv7() as installation_id from organisation o cross join generate_series(0, $5 - 1) n
    where o.kind = 'customer') o
"""

_PLACES = """
insert into installation_place (organisation_id, id, created_at, installation_id)
select organisation_id, place_id, created_at, id from installation
"""

_GRANTS = """
insert into integration_grant (organisation_id, id, created_at, installation_id, category, purpose)
select i.organisation_id, uuidv7(), i.created_at, i.id, r ->> 'category', r ->> 'purpose'
from installation i cross join lateral jsonb_array_elements(i.manifest -> 'receives') r
"""

_SUBJECT_LINKS = """
insert into subject_link (organisation_id, id, created_at, installation_id, place_id, member_id, subject_ref, state)
select w.organisation_id, uuidv7(), w.at, i.id, i.id, w.member_id, md5(i.id::text || w.member_id),
    'shared'
from wanted w
cross join generate_series(0, {links} - 1) k
join (
    select organisation_id, id, row_number() over (partition by organisation_id order by created_at) - 1 as number
    from installation
) i on i.organisation_id = w.organisation_id and i.number = (w.number + k) % {installations}
"""


async def fill(connection: Any, size: Size) -> None:  # noqa: ANN401 - asyncpg has no types
    """Insert everything as the superuser, then gather statistics and write the pages out."""
    numbers = {
        "organisations": int(size.organisations),
        "members": int(size.members),
        "small": int(size.others),
        "memberships": MEMBERSHIPS,
        "links": LINKS,
        "installations": INSTALLATIONS,
    }
    async with connection.transaction():
        # What is inserted here refers to what is inserted here: the checks would take as long as the rows.
        await connection.execute("set local session_replication_role = replica")
        await connection.execute("set local maintenance_work_mem = '256MB'; set local work_mem = '256MB'")
        built_after = await _drop_indexes(connection)
        for statement in (_ORGANISATIONS, _WANTED, *_PEOPLE, *_GROUPS):
            await connection.execute(statement.format_map(numbers))
        await connection.execute(_INSTALLATIONS, *_declarations(), INSTALLATIONS)
        await connection.execute(_PLACES)
        await connection.execute(_GRANTS)
        await connection.execute(_SUBJECT_LINKS.format_map(numbers))
        for definition in built_after:
            await connection.execute(definition)
        await connection.execute("drop table wanted, wanted_group")
    await connection.execute("vacuum analyze")
    await connection.execute("checkpoint")


async def _drop_indexes(connection: Any) -> list[str]:  # noqa: ANN401 - asyncpg has no types
    """Drop the indexes that hold no constraint, since building them afterwards is quicker; return how to."""
    rows = await connection.fetch(
        "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i"
        " where i.indrelid = any($1::regclass[]) and not i.indisunique",
        ["group_membership", "member", "role_assignment", "subject_link"],
    )
    for row in rows:
        await connection.execute(f"drop index {row['name']}")
    return [row["definition"] for row in rows]


def _declarations() -> tuple[list[str], list[str], list[str], list[bytes]]:
    registry = Registry.load()
    keys = ["address_book", "calendar"]
    both = [registry.require(key).declaration for key in keys]
    return (
        keys,
        [manifest.model_dump_json() for manifest, _ in both],
        [plan.model_dump_json() for _, plan in both],
        [declaration_digest(manifest, plan) for manifest, plan in both],
    )


async def make_caller(services: Services, connection: Any, *, role: str = "org_admin") -> Caller:  # noqa: ANN401 - asyncpg has no types
    """Return the administrator of the large organisation, or its last member with another role, with a token."""
    row = await connection.fetchrow(
        "select m.organisation_id, m.id, m.account_id from member m"
        " join organisation o on o.id = m.organisation_id and o.slug = 'organisation-0'"
        " join role_assignment r on r.organisation_id = o.id and r.member_id = m.id and r.role = $1"
        " order by m.created_at desc limit 1",
        role,
    )
    now = datetime.now(UTC)
    request = TokenRequest(name="benchmark", scopes=("read", "write"), expires_at=now + timedelta(days=1))
    async with services.database.transaction(Scope(row["organisation_id"], directory=True)) as transaction:
        _, token = await create_token(transaction, row["account_id"], row["organisation_id"], request, at=now)
    return Caller(row["organisation_id"], row["id"], row["account_id"], token)
