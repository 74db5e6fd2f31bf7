"""An organisation with a directory."""

from __future__ import annotations

import pytest

from tests.builders import Organisation, Person, make_member, make_organisation
from tests.tenants.scim.directory import Directory, make_directory
from wardship.core.actor import Role
from wardship.core.database.database import Database
from wardship.tenants.access import Services


@pytest.fixture
async def olivia(database: Database, acme: Organisation) -> Person:
    return await make_member(database, acme, Role.ORG_OWNER, name="Olivia Owner")


@pytest.fixture
async def directory(services: Services, acme: Organisation, olivia: Person, admin: Person) -> Directory:
    """The directory of an organisation with an owner and an administrator."""
    assert {olivia.organisation_id, admin.organisation_id} == {acme.id}
    return await make_directory(services, acme)


@pytest.fixture
async def rival(services: Services, database: Database) -> Directory:
    """The directory of another organisation."""
    return await make_directory(services, await make_organisation(database, "rival"))
