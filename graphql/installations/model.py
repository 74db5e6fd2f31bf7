"""Installations as the API shows them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from wardship.core.outbound.breaking import Health
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.relations import in_order, reference
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, batch_field, field
from wardship.graphql.groups.model import optional_groups
from wardship.graphql.installations.declarations import Declaration, DeclarationDifference, declaration_of
from wardship.graphql.members.model import related_members
from wardship.plugins.api import Holder, Manifest, RevocationPlan
from wardship.plugins.host.differences import Difference, Effect
from wardship.plugins.host.form import text_of
from wardship.plugins.host.registry import Form
from wardship.tenants.authorisations.records import (
    AuthorisationRecord,
    AuthorisationState,
    present_authorisations,
)
from wardship.tenants.installation_lifecycle.approval import differences, pending_declarations
from wardship.tenants.installations.countries import countries_of
from wardship.tenants.installations.endpoints import Endpoint, EndpointState, endpoints_of_installations
from wardship.tenants.installations.read import installations_by_ids, shown_inbound_url
from wardship.tenants.installations.records import InstallationRecord, InstallationState, PlaceState, read_places
from wardship.tenants.obligations.progress import PlaceProgress, places_of_installations

strawberry.enum(Holder, name="InstallationHolder", description="For whom an integration is installed.")
strawberry.enum(PlaceState, name="PlaceState", description="Where a place of an installation stands.")
strawberry.enum(
    AuthorisationState,
    name="VendorAuthorisationState",
    description="Where an authorisation stands: of an installation, connected, expired, ending, or ended for none.",
)
strawberry.enum(EndpointState, name="EndpointState", description="How a vendor's own server stands.")
strawberry.enum(InstallationState, name="InstallationState", description="Where an installation stands.")


@object_type()
class InstallationSetting:
    """A setting of an installation as it was filled in; secrets are not among them."""

    name: str = field("The field of the form.")
    value: str = field("What was filled in; empty for nothing.")


@object_type()
class PendingDeclaration:
    """A wider declaration that waits for approval."""

    declaration: Declaration = field("The whole new declaration.", cost=1)
    differences: Sequence[Difference] = field(
        "What it takes beyond the approved one.", cost=1, size=8, graphql_type=list[DeclarationDifference]
    )
    also_different: Sequence[Difference] = field(
        "What else is another than in the approved one, and needs no approval by itself.",
        cost=1,
        size=8,
        graphql_type=list[DeclarationDifference],
    )


def _pending(installation: InstallationRecord, manifest: Manifest, plan: RevocationPlan) -> PendingDeclaration:
    found = differences(installation, manifest, plan)
    return PendingDeclaration(
        declaration=declaration_of(manifest, plan),
        differences=[each for each in found if each.effect is Effect.WIDER],
        also_different=[each for each in found if each.effect is not Effect.WIDER],
    )


def _settings_of(text: str) -> list[InstallationSetting]:
    settings = json.loads(text)
    return [InstallationSetting(name=name, value=text_of(settings[name])) for name in sorted(settings)]


@object_type()
class InstallationHealth:
    """What the calls to a vendor have told of it."""

    failing_since: datetime | None = field("Since when it fails without having worked in between; null while it works.")
    succeeded_at: datetime | None = field("When a call last succeeded, to five minutes exactly; null before the first.")
    next_try_at: datetime | None = field("When it is called next, since it did not answer; null while calls go freely.")


def _health_of(health: Health) -> InstallationHealth:
    return InstallationHealth(
        failing_since=health.failing_since, succeeded_at=health.succeeded_at, next_try_at=health.next_try_at
    )


@object_type(PlaceProgress)
class InstallationPlace:
    """A place where data of an installation goes or went: a server and account, as settings named them."""

    recipient: str = field("Who receives the data there: the vendor, with the server where the settings name one.")
    state: PlaceState = field("Whether data goes there, is taken back from there, or was.")
    created_at: datetime = field("Since when it is known.")
    leaving_at: datetime | None = field("Since when everything there is owed back; null while data goes there.")
    left_at: datetime | None = field("When all that was owed there had ended; its secrets are dropped since.")
    holding: int = field("Of how many people it may hold data.")
    owed: int = field("How many obligations there have not ended: erasures, the end of the access, proofs, and others.")


@object_type()
class VendorAuthorisation:
    """Whether this deployment is let in at a vendor."""

    state: AuthorisationState = field("Whether somebody has connected it, and whether that still holds.")
    since: datetime | None = field("Since when; null where nobody has connected it.")


def _authorisation(present: AuthorisationRecord | None) -> VendorAuthorisation:
    if present is None:
        return VendorAuthorisation(state=AuthorisationState.ENDED, since=None)
    return VendorAuthorisation(state=present.state, since=present.changed_at)


@object_type(Endpoint)
class InstallationEndpoint:
    """How the server stands at which a vendor takes messages for an integration."""

    state: EndpointState = field("Whether it is ready, fails, has said that it is gone, or is sent nothing.")
    since: datetime = field("Since when.")


@object_type(InstallationRecord)
class Installation(Node):
    """An integration that is connected for the organisation, a group or a member."""

    id: strawberry.ID = global_id_field("Installation")
    integration_key: str = field("Key of the integration.")
    name: str = field("Name of the integration.", source="manifest.name")
    vendor_name: str = field("Legal name of the recipient of the data.", source="manifest.vendor.legal_name")
    version: str = field("Version of the integration whose declaration was approved.", source="integration_version")
    holder: Holder = field("For whom it is installed.")
    state: InstallationState = field("Where it stands.", source="state_name")
    state_reason: str = field("Why, as a stable word, where the state doesn't say it all.")
    problem: str = field("What is wrong and what to do, in words; empty when nothing is.")
    created_at: datetime = field("When it was installed.")
    removed_at: datetime | None = field("When it had ended and that was verified.")

    @batch_field(cost=2, size=8)
    @staticmethod
    async def settings(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[InstallationSetting]]:
        """Its settings, without secrets; none once it is removed."""
        found = await read_places(info.context.access, [parent.place_id for parent in parents])
        return [_settings_of(found[parent.place_id].settings) for parent in parents]

    @batch_field(cost=2, size=2)
    @staticmethod
    async def countries(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[list[str]]:
        """ISO codes of the countries in which it stores data: those that it declares, and the one filled in."""
        found = await read_places(info.context.access, [parent.place_id for parent in parents])
        return [
            sorted(countries_of(parent.manifest, json.loads(found[parent.place_id].settings))) for parent in parents
        ]

    @batch_field(cost=2)
    @staticmethod
    async def health(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[InstallationHealth]:
        """Whether the vendor answers, where its data goes at present."""
        found = await read_places(info.context.access, [parent.place_id for parent in parents])
        return [_health_of(found[parent.place_id].health) for parent in parents]

    @batch_field(cost=3, size=2)
    @staticmethod
    async def places(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[list[InstallationPlace]]:
        """Where its data goes and went, and what is still held and owed there; oldest first."""
        found = await places_of_installations(info.context.access, [parent.id for parent in parents])
        return in_order(found, [parent.id for parent in parents])

    @batch_field(cost=1)
    @staticmethod
    async def inbound_url(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[str | None]:
        """Where the vendor's own calls come in, to be registered there; null for an integration that takes none."""
        return [shown_inbound_url(info.context.access, parent) for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def declaration(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[Declaration]:
        """The declaration that was approved."""
        del info
        return [declaration_of(parent.manifest, parent.plan) for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def pending_declaration(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[PendingDeclaration | None]:
        """The wider declaration that waits for approval; null when none does."""
        found = await pending_declarations(info.context.access, [parent.id for parent in parents])
        return [_pending(parent, *found[parent.id]) if parent.id in found else None for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def authorisation(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[VendorAuthorisation | None]:
        """Whether this deployment is let in at a vendor that demands OAuth 2.0; null for one that demands none."""
        demanding = {parent.id: parent.place_id for parent in parents if parent.manifest.oauth is not None}
        found = await present_authorisations(info.context.access, demanding.values()) if demanding else {}
        return [_authorisation(found.get(parent.place_id)) if parent.id in demanding else None for parent in parents]

    @batch_field(cost=1)
    @staticmethod
    async def form(parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]) -> Sequence[Form]:
        """Whether the integration is a package on this server, or its vendor's own server."""
        integrations = info.context.access.services.integrations
        return [integrations.get(parent.integration_key).form for parent in parents]

    @batch_field(cost=2)
    @staticmethod
    async def endpoint(
        parents: Sequence[InstallationRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[InstallationEndpoint | None]:
        """How the vendor's own server stands; null for a package."""
        found = await endpoints_of_installations(info.context.access, [parent.id for parent in parents])
        return in_order(found, [parent.id for parent in parents])

    group = reference(optional_groups, "group_id", "The group that it is installed for; null when it is for others.")
    member = reference(related_members, "member_id", "The member whom it is installed for; null when it is for others.")
    installed_by = reference(
        related_members, "installed_by", "Who installed it; null for the system, and for whom you may not see."
    )


async def optional_installations(
    info: ApiInfo | BatchInfo[ApiContext], ids: Sequence[UUID | None]
) -> list[Installation | None]:
    """Return the installation for each id, in order; None where there is none or it is not the caller's to see."""
    wanted = {identifier for identifier in ids if identifier is not None}
    found = await installations_by_ids(info.context.access, wanted) if wanted else {}
    return in_order(found, ids)


async def load_installation(info: ApiInfo, identifier: UUID) -> Installation | None:
    """Return one by its identifier; None when it is absent or not the caller's to see."""
    (found,) = await optional_installations(info, [identifier])
    return found
