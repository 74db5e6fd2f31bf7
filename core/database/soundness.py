"""Whether the database isolates tenants: looked at before serving, by `wardship doctor`, and by tests that break it.

Row-level security is only as good as the catalogue says: a table without FORCE, a second permissive policy, a view that
runs as its owner, or a role that bypasses policies would each open every tenant to every other, silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from wardship.core.errors import WardshipError

_TENANT = "(organisation_id = ( SELECT current_tenant() AS current_tenant))"
_DIRECTORY = "( SELECT directory_is_open() AS directory_is_open)"
_EITHER = f"((id = ( SELECT current_tenant() AS current_tenant)) OR {_DIRECTORY})"
_OPEN_TO_READ = frozenset({"migration"})
_SEARCH_PATH = "search_path=pg_catalog, public, pg_temp"
_SHOWN = 5

_SCOPE_FUNCTIONS = {
    "current_tenant": "RETURN (NULLIF(current_setting('wardship.organisation_id'::text, true), ''::text))::uuid",
    "directory_is_open": "RETURN (COALESCE(current_setting('wardship.directory'::text, true), ''::text) = 'on'::text)",
}

_TABLES = """
    select c.oid, c.relname as name, c.relkind::text as kind, c.relrowsecurity as is_secured,
        c.relforcerowsecurity as is_forced, pg_has_role(current_user, c.relowner, 'member') as is_own,
        coalesce(array_to_string(c.reloptions, ','), '') as options,
        exists (select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
            where i.indrelid = c.oid and i.indisprimary and a.attname = 'organisation_id') as is_tenant,
        has_table_privilege(c.oid, 'truncate, references, trigger') as has_dangerous_grant,
        has_table_privilege(c.oid, 'insert, update, delete') as may_change,
        has_table_privilege(c.oid, 'update, delete') as may_rewrite
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by c.relname
"""

_POLICIES = """
    select p.polrelid as oid, p.polname as name, p.polcmd::text as command, p.polpermissive as is_permissive,
        pg_get_expr(p.polqual, p.polrelid) as visible, pg_get_expr(p.polwithcheck, p.polrelid) as checked
    from pg_policy p join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
    where exists (select from unnest(p.polroles) r where r = 0 or pg_has_role(current_user, r, 'member'))
"""

_ROLES = """
    select r.rolname as name from pg_roles r
    where pg_has_role(current_user, r.oid, 'member') and (r.rolsuper or r.rolbypassrls or r.rolcreaterole)
"""

_FUNCTIONS = """
    select p.proname as name, p.prosecdef as is_definer, coalesce(array_to_string(p.proconfig, ';'), '') as config,
        pg_get_function_sqlbody(p.oid) as body, exists (
            select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            where a.grantee = 0 and a.privilege_type = 'EXECUTE') as is_public
    from pg_proc p where p.pronamespace = 'public'::regnamespace
"""


class UnsoundDatabaseError(WardshipError):
    """The database would not keep tenants apart: run `wardship migrate`, and see `docs/deployment.md` for the roles."""

    code: ClassVar[str] = "UNSOUND_DATABASE"


class Connection(Protocol):
    """What can run a query: a transaction of ours, or an asyncpg connection under the serving role."""

    async def fetch(self, sql: str, *arguments: object) -> list[Any]:
        """Return all rows of one statement."""
        ...


async def check_soundness(connection: Connection) -> None:
    """Refuse to serve on a database that would not keep tenants apart.

    Raises:
        UnsoundDatabaseError: naming what is wrong.
    """
    if faults := await unsound(connection):
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise UnsoundDatabaseError("The database does not isolate tenants: " + "; ".join(faults[:_SHOWN]) + more)


async def unsound(connection: Connection) -> list[str]:
    """Return what keeps the database, as this connection's role meets it, from isolating tenants; empty when nothing.

    Looked at are the role and those that it can become, every table, view and policy, and the functions that run with
    their owner's rights.
    """
    faults = [
        f"the serving role is, or can become, {row['name']}, which row-level security does not bind"
        for row in await connection.fetch(_ROLES)
    ]
    if await _may_create(connection):
        faults.append("the serving role may create objects in the schema")
    policies: dict[int, list[Mapping[str, Any]]] = {}
    for row in await connection.fetch(_POLICIES):
        policies.setdefault(row["oid"], []).append(row)
    for table in await connection.fetch(_TABLES):
        faults += [f"{table['name']} {fault}" for fault in _relation_faults(table, policies.get(table["oid"], []))]
    return faults + _function_faults(await connection.fetch(_FUNCTIONS))


async def _may_create(connection: Connection) -> bool:
    (row,) = await connection.fetch("select has_schema_privilege('public', 'create') as may")
    return bool(row["may"])


def _relation_faults(table: Mapping[str, Any], policies: list[Mapping[str, Any]]) -> Iterable[str]:
    if table["kind"] == "v":
        if "security_invoker=true" not in table["options"]:
            yield "is a view that runs with its owner's rights"
    elif table["kind"] in {"m", "f"}:
        yield "is a materialised view or a foreign table, which policies do not bind"
    elif table["name"] in _OPEN_TO_READ:
        if table["may_change"]:
            yield "may be changed by the serving role"
    else:
        yield from _table_faults(table)
        yield from _policy_faults(table, policies)


def _table_faults(table: Mapping[str, Any]) -> Iterable[str]:
    if not table["is_secured"]:
        yield "has no row-level security"
    if not table["is_forced"]:
        yield "does not force row-level security on its owner"
    if table["is_own"]:
        yield "belongs to the serving role"
    if table["has_dangerous_grant"]:
        yield "may be truncated, referenced or given triggers by the serving role"
    if table["name"] == "audit_entry" and table["may_rewrite"]:
        yield "may be rewritten by the serving role"


def _policy_faults(table: Mapping[str, Any], policies: list[Mapping[str, Any]]) -> Iterable[str]:
    wanted = _TENANT if table["is_tenant"] else _EITHER if table["name"] == "organisation" else _DIRECTORY
    if not policies:
        yield "has no policy for the serving role"
    for policy in policies:
        if not policy["is_permissive"]:
            continue  # a restrictive policy only takes away
        found = (policy["command"], policy["visible"], policy["checked"])
        if found != ("*", wanted, wanted):
            yield f"has the policy {policy['name']}, which shows more than one tenant's rows"


def _function_faults(functions: list[Mapping[str, Any]]) -> list[str]:
    bodies = {row["name"]: row["body"] for row in functions if row["name"] in _SCOPE_FUNCTIONS}
    faults = [
        f"the function {name} is not the one that the policies rely on"
        for name, body in _SCOPE_FUNCTIONS.items()
        if bodies.get(name) != body
    ]
    return faults + [
        f"the function {row['name']} runs with its owner's rights for everybody, or in any schema"
        for row in functions
        if row["is_definer"] and (row["is_public"] or _SEARCH_PATH not in row["config"])
    ]
