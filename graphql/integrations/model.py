"""Installations and their grants as the API shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast
from uuid import UUID

import strawberry

from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import global_id
from wardship.graphql.api.node import Node, global_id_field, node_loader
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.engine import BatchInfo, Connection, backed_by, batch_field, field
from wardship.graphql.groups.model import Group, optional_groups
from wardship.graphql.integrations.declaration import (
    Declaration,
    DeclarationDifference,
    declaration_of,
    difference_of,
)
from wardship.graphql.members.model import Member, optional_members
from wardship.plugins.api import Holder
from wardship.plugins.api.taxonomy import CATEGORIES, PURPOSES
from wardship.tenants.egress.ledger import disclosures_by_parent
from wardship.tenants.grants.granting import GrantRecord, grants_by_ids, grants_of
from wardship.tenants.installation_lifecycle.approval import differences, pending_declarations
from wardship.tenants.installations.read import installations_by_ids
from wardship.tenants.installations.records import InstallationRecord, InstallationState
from wardship.tenants.members.visibility import visible_members
from wardship.tenants.obligations.read import obligations_by_parent

if TYPE_CHECKING:
    from wardship.graphql.integrations.ledger import Disclosure
    from wardship.graphql.integrations.owed import Obligation

LazyDisclosure: TypeAlias = Annotated["Disclosure", strawberry.lazy("wardship.graphql.integrations.ledger")]
LazyObligation: TypeAlias = Annotated["Obligation", strawberry.lazy("wardship.graphql.integrations.owed")]


@strawberry.type(description="A setting of an installation as it was filled in; secrets are not among them.")
class InstallationSetting:
    """A name and a value."""

    name: str = field(description="The field of the form.")
    value: str = field(description="What was filled in.")


@strawberry.type(description="A wider declaration that waits for approval.")
class PendingDeclaration:
    """What an upgrade wants."""

    declaration: Declaration = field(cost=1, description="The whole new declaration.")
    differences: list[DeclarationDifference] = field(
        cost=1, size=8, description="What it takes beyond the approved one."
    )


def _settings_of(text: str) -> list[InstallationSetting]:
    settings = json.loads(text)
    return [InstallationSetting(name=name, value=str(settings[name])) for name in sorted(settings)]


@strawberry.type(description="An integration that is connected for the organisation, a group or a member.")
@backed_by(InstallationRecord)
class Installation(Node):
    """An installation."""

    id: strawberry.ID = global_id_field("Installation")
    integration_key: str = field(description="Key of the integration.")
    name: str = field(description="Name of the integration.", source="manifest.name")
    vendor_name: str = field(
        description="Legal name of whoever receives the data.", source="manifest.vendor.legal_name"
    )
    version: str = field(
        description="Version of the integration whose declaration was approved.",
        source="integration_version",
    )
    holder: Holder = field(description="For whom it is installed.")
    state: InstallationState = field(description="Where it stands.", source="state_name")
    state_reason: str = field(description="Why, as a stable word, where the state doesn't say it all.")
    created_at: datetime = field(description="When it was installed.")
    removed_at: datetime | None = field(description="When it had ended and that was verified.")
    settings: list[InstallationSetting] = field(
        cost=1, size=8, description="Its settings, without secrets.", source="settings", convert=_settings_of
    )

    @batch_field(cost=2, description="The declaration that was approved.")
    @staticmethod
    async def declaration(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[Declaration]:
        """Return the declarations of these installations."""
        del info
        return [declaration_of(parent.manifest, parent.plan) for parent in parents]

    @batch_field(cost=2, description="The wider declaration that waits for approval; null when none does.")
    @staticmethod
    async def pending_declaration(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[PendingDeclaration | None]:
        """Return what waits for approval."""
        found = await pending_declarations(info.context.access, [parent.id for parent in parents])
        return [
            PendingDeclaration(
                declaration=declaration_of(*found[parent.id]),
                differences=[difference_of(each) for each in differences(parent, *found[parent.id])],
            )
            if parent.id in found
            else None
            for parent in parents
        ]

    @batch_field(cost=2, size=8, description="What it may receive, by category and purpose; withdrawn ones if wanted.")
    @staticmethod
    async def grants(
        parents: Sequence[InstallationRecord],
        info: BatchInfo[ApiContext],
        with_withdrawn: bool = False,  # noqa: FBT001, FBT002 - a GraphQL argument
    ) -> Sequence[list[Grant]]:
        """Return the grants of these installations."""
        found = await grants_of(info.context.access, [parent.id for parent in parents], with_withdrawn=with_withdrawn)
        return [[grant_of(grant) for grant in found[parent.id]] for parent in parents]

    @batch_field(cost=2, description="The group that it is installed for; null when it is for others.")
    @staticmethod
    async def group(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[Group | None]:
        """Return the groups of these installations."""
        return await optional_groups(info.context, [parent.group_id for parent in parents])

    @batch_field(cost=2, description="The member whom it is installed for; null when it is for others.")
    @staticmethod
    async def member(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[Member | None]:
        """Return the members of these installations."""
        keys = [parent.member_id for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=2, description="Who installed it; null for the system, and for whom you may not see.")
    @staticmethod
    async def installed_by(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[Member | None]:
        """Return who installed these."""
        keys = [parent.installed_by for parent in parents]
        reach = visible_members(info.context.access)
        return await optional_members(info.context, reach, keys, info.selection.fields())

    @batch_field(cost=3, description="What is and was owed there, by the time it became due.")
    @staticmethod
    async def obligations(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyObligation]]:
        """Return the obligations of these installations."""
        from wardship.graphql.integrations.owed import obligation_of  # noqa: PLC0415 - obligations lead back here

        request = page_request(first, after)
        keys = [parent.id for parent in parents]
        found = await obligations_by_parent(info.context.access, "installation_id", keys, request)
        return [connection(found[key], request, node=obligation_of) for key in keys]

    @batch_field(cost=3, description="The ledger of what it received, oldest first; for those who may read it.")
    @staticmethod
    async def disclosures(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext], first: int = 20, after: str | None = None
    ) -> Sequence[Connection[LazyDisclosure]]:
        """Return the ledger of these installations."""
        from wardship.graphql.integrations.ledger import disclosure_of  # noqa: PLC0415 - disclosures lead back here

        request = page_request(first, after)
        keys = [parent.id for parent in parents]
        found = await disclosures_by_parent(info.context.access, "installation_id", keys, request)
        return [connection(found[key], request, node=disclosure_of) for key in keys]


@strawberry.type(description="One category for one purpose that an installation may receive.")
class Grant(Node):
    """A grant."""

    category: str = field(description="Key of the data category.")
    category_label: str = field(description="The category in words.")
    purpose: str = field(description="Key of the purpose.")
    purpose_label: str = field(description="The purpose in words.")
    created_at: datetime = field(description="When it was granted.")
    withdrawn_at: datetime | None = field(description="When it was withdrawn; null while it holds.")
    installation_key: strawberry.Private[UUID]

    @batch_field(cost=2, description="The installation that may receive it.")
    @staticmethod
    async def installation(parents: Sequence[Grant], info: BatchInfo[ApiContext]) -> Sequence[Installation | None]:
        """Return the installations of these grants."""
        return await optional_installations(info.context, [parent.installation_key for parent in parents])


def grant_of(record: GrantRecord) -> Grant:
    """Return a grant of the domain as the API shows it."""
    return Grant(
        id=global_id("Grant", record.id),
        category=record.category,
        category_label=CATEGORIES[record.category].label,
        purpose=record.purpose,
        purpose_label=PURPOSES[record.purpose].label,
        created_at=record.created_at,
        withdrawn_at=record.withdrawn_at,
        installation_key=record.installation_id,
    )


def installation_of(record: InstallationRecord) -> Installation:
    """Return an installation of the domain as the API shows it: the record stands for it."""
    return cast("Installation", record)


async def optional_installations(context: ApiContext, ids: Sequence[UUID | None]) -> list[Installation | None]:
    """Return the installation for each id, in order; None where there is none or it is not the caller's to see."""
    wanted = {identifier for identifier in ids if identifier is not None}
    found = await installations_by_ids(context.access, wanted) if wanted else {}
    return cast(
        "list[Installation | None]", [None if identifier is None else found.get(identifier) for identifier in ids]
    )


@node_loader("Installation")
async def _load_installation(info: ApiInfo, identifier: UUID) -> Installation | None:
    (found,) = await optional_installations(info.context, [identifier])
    return found


@node_loader("Grant")
async def _load_grant(info: ApiInfo, identifier: UUID) -> Grant | None:
    found = (await grants_by_ids(info.context.access, [identifier])).get(identifier)
    return None if found is None else grant_of(found)
