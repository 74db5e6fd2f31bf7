"""The roles and the database that every new cluster gets."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import ClassVar, Final

from wardship.core.database.embedded.cluster import ENVIRONMENT
from wardship.core.database.embedded.runtime import Runtime
from wardship.core.errors import WardshipError

ROLE_OWNER: Final = "wardship_owner"
ROLE_SERVE: Final = "wardship_serve"
ROLE_SUPERUSER: Final = "postgres"
DATABASE: Final = "wardship"

# May be interrupted and run again: each statement is made only where its result is missing.
_SQL = f"""
select 'create role {ROLE_OWNER} login noinherit nobypassrls'
 where not exists (select from pg_roles where rolname = '{ROLE_OWNER}') \\gexec
select 'create role {ROLE_SERVE} login noinherit nobypassrls'
 where not exists (select from pg_roles where rolname = '{ROLE_SERVE}') \\gexec
select 'create database {DATABASE} owner {ROLE_OWNER}'
 where not exists (select from pg_database where datname = '{DATABASE}') \\gexec
revoke all on database {DATABASE}, postgres, template1 from public;
grant connect on database {DATABASE} to {ROLE_SERVE};
\\connect {DATABASE}
alter schema public owner to {ROLE_OWNER};
revoke all on schema public from public;
grant usage on schema public to {ROLE_SERVE};
"""  # noqa: S608 constants of this module only


class ProvisioningFailedError(WardshipError):
    """Roles or database couldn't be made."""

    code: ClassVar[str] = "EMBEDDED_PROVISIONING_FAILED"


def provision(runtime: Runtime, programs: Path) -> None:
    """Make the owning role, the serving role and the database.

    Raises:
        ProvisioningFailedError: PostgreSQL refused a statement.
    """
    command = [str(programs / "psql"), "--no-psqlrc", "--no-password", "--quiet", "--set=ON_ERROR_STOP=1"]
    command += [f"--host={runtime.sockets}", "--port=5432", f"--username={ROLE_SUPERUSER}", "--dbname=postgres"]
    result = subprocess.run(  # noqa: S603 our own program and statements
        command, input=_SQL, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise ProvisioningFailedError(f"Remove the data folder and start again; psql said: {result.stderr.strip()}")
