"""One organisation with twenty thousand of everything among a hundred small ones: where a bad plan shows.

Its rows are ``CROWD`` of each noun in ``tests/graphql/samples``, of two temporary tables: `number` has one row for each
number of each organisation, `fixed` what is the same everywhere. A key tells what a row is, whose it is (0: the large
organisation) and its number; so rows refer to each other unseen. The rows that a filter finds are few, and come last in
every list, so that what reads a list through is seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from tests.builders import NOW
from tests.graphql.calls import gid
from tests.graphql.sample import of_nouns
from wardship.core.actor import PROVIDER_ID, Actor, CredentialKind, Role, StaffRole
from wardship.core.identifiers import uuid7
from wardship.plugins.host.registry import Registry
from wardship.tenants.declarations import declaration_digest
from wardship.tenants.erasure.snapshot import ErasurePreview

LARGE, SMALL, ORGANISATIONS = 20_000, 5, 100
LIVE = LARGE - 4
"""The number of an installation that is owed, and received, half of everything."""

_PREPARE = f"""
    set session_replication_role = replica;  -- so that no reference is looked up twenty thousand times
    create schema crowd;
    set search_path = public, crowd;
    create function crowd.key(kind text, place int, n int) returns uuid language sql immutable as $$
        select (lpad(to_hex(ascii(kind)), 8, '0') || lpad(to_hex(place), 8, '0') || lpad(to_hex(n), 16, '0'))::uuid $$;
    create temp table number as
        select p.*, n, place = 0 and n > {LARGE} - 10 as is_last,
            '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute' as at,
            key('m', place, n) as member, key('m', place, case when n % 4 = 0 then 1 else n end) as subject,
            key('m', place, case when n <= 40 then 1 else n end) as asker,
            key('g', place, case when n % 3 = 0 then 1 else 2 + n % 900 end) as in_group,
            key('i', place, case when place = 0 and n % 2 = 0 then {LIVE} else n end) as installation,
            key('m', place, 1 + n % 50) as other,
            case when place = 0 and n > {LARGE} - 10 then 1 + n % 2 else n % 3 end as kind_of_holder
        from (select key('O', 0, 0) as organisation_id, 0 as place, {LARGE} as size
            union all select key('O', n, 0), n, {SMALL} from generate_series(1, {ORGANISATIONS}) n) p
        cross join lateral generate_series(1, size) n;
    create temp table fixed (now_at timestamptz, live int, manifest jsonb, plan jsonb, digest bytea,
        pending_manifest jsonb, pending_plan jsonb, preview jsonb);
"""
_FIXED = "insert into fixed values ($1, $2, $3, $4, $5, $6, $7, $8)"


def key(kind: str, number: int) -> UUID:
    """The id of a row of the large organisation."""
    return UUID(hex=f"{ord(kind):08x}{0:08x}{number:016x}")


ORGANISATION = key("O", 0)


def global_key(type_name: str, number: int) -> str:
    """The global id of an object of the large organisation."""
    letters = {name: letter for keys in of_nouns("KEYS") for name, letter in keys.items()}
    assert type_name in letters, (
        f"give {type_name} a letter in KEYS, and rows in CROWD, of tests/graphql/samples/<noun>.py"
    )
    return gid(type_name, key(letters[type_name], 0 if type_name == "Organisation" else number))


async def make_crowd(owner: asyncpg.Connection) -> None:
    """Fill an empty database; ``owner`` is a superuser."""
    integrations = Registry.load()
    manifest, plan = integrations.require("address_book").declaration
    wider, wider_plan = integrations.require("calendar").declaration
    preview = msgspec.json.encode(ErasurePreview((), (), (), (), (), "kept")).decode()
    values: list[Any] = [NOW, LIVE, manifest.model_dump_json(), plan.model_dump_json()]
    values += [declaration_digest(manifest, plan), wider.model_dump_json(), wider_plan.model_dump_json(), preview]
    await owner.execute(_PREPARE)
    await owner.execute(_FIXED, *values)
    for rows in of_nouns("CROWD"):
        await owner.execute(rows)
    await owner.execute("vacuum analyze")


def callers() -> dict[str, Actor]:
    """Who asks: the owner, somebody in groups of three, in a group with everybody, the staff."""
    owner = _actor(1, Role.ORG_OWNER)
    staff = replace(
        owner, account_id=uuid7(), member_id=None, roles=frozenset(), staff_roles=frozenset({StaffRole.PRIVACY_TEAM})
    )
    operator = replace(staff, organisation_id=PROVIDER_ID, staff_roles=frozenset({StaffRole.OPERATOR}))
    vendor = replace(operator, account_id=key("V", 1), staff_roles=frozenset({StaffRole.VENDOR}))
    return {
        "owner": owner,
        "member": _actor(3),
        "insider": _actor(2),
        "privacy_team": staff,
        "operator": operator,
        "vendor": vendor,
    }


def _actor(number: int, *roles: Role) -> Actor:
    held, session = frozenset(roles) | {Role.MEMBER}, CredentialKind.SESSION
    return Actor(key("A", number), ORGANISATION, key("m", number), held, session, stepped_up_at=NOW)
