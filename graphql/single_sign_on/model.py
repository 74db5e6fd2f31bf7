"""Providers of sign-in, as the API shows them, and what may be asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import strawberry

from wardship.core.errors import NotFoundError
from wardship.core.settings import Settings
from wardship.graphql.api.context import ApiContext, ApiInfo
from wardship.graphql.api.identifiers import parse_id
from wardship.graphql.api.node import Node, global_id_field
from wardship.graphql.api.paging import connection, page_request
from wardship.graphql.api.types import object_type
from wardship.graphql.engine import BatchInfo, Connection, batch_field, field, root_field
from wardship.tenants.single_sign_on.addresses import (
    logout_uri,
    redirect_uri,
    sign_in_address,
    signed_out_uri,
    test_address,
)
from wardship.tenants.single_sign_on.read import list_providers, provider_by_id
from wardship.tenants.single_sign_on.records import Admission, ProviderRecord, ProviderState, SecondStep

strawberry.enum(ProviderState, name="IdentityProviderState", description="Where a provider of sign-in stands.")
strawberry.enum(SecondStep, name="IdentityProviderSecondStep", description="Where the second step is taken.")
strawberry.enum(
    Admission, name="IdentityProviderAdmission", description="Whom a provider may bring that is no member yet."
)


@strawberry.type(description="The addresses that belong to a provider of sign-in.")
class IdentityProviderAddresses:
    """The addresses that belong to a provider of sign-in."""

    redirect_url: str = field("Entered at the provider: where it sends people back to (redirect URI).")
    back_channel_logout_url: str = field("Entered at the provider: where it sends its logouts (back channel).")
    post_logout_redirect_url: str = field("Entered at the provider: where people come after signing out there.")
    sign_in_url: str = field(
        "The organisation's own sign-in address, for its people alone: nobody guesses it. At the provider it is the"
        " address of the application, or the initiate-login URI."
    )
    test_url: str = field("Where who manages sign-in tries the provider, before it is put in force.")


@object_type(ProviderRecord)
class IdentityProvider(Node):
    """A provider of sign-in of the organisation, by OpenID Connect. Its client secret is never shown."""

    id: strawberry.ID = global_id_field("IdentityProvider")
    created_at: datetime = field("When it was entered.")
    name: str = field("How people of the organisation call it.")
    state: ProviderState = field("Where it stands.")
    state_since: datetime = field("Since when.")
    issuer: str = field("The provider as it names itself.")
    client_id: str = field("How it calls this deployment.")
    second_step: SecondStep = field("Where the second step of a sign-in is taken.")
    acr_values: list[str] = field("Levels of which each is a second factor at the provider.")
    hosted_domain: str = field("The Google Workspace to which accounts have to belong; empty for other providers.")
    admits: Admission = field("Whom it may bring that is no member yet.")
    tested_at: datetime | None = field("When somebody who manages sign-in has come back from it last.")
    trouble: str | None = field("Why people can't sign in by it, where an administrator has to settle that.")
    trouble_since: datetime | None = field("Since when.")

    @batch_field(cost=0)
    @staticmethod
    async def addresses(
        parents: Sequence[ProviderRecord], info: BatchInfo[ApiContext]
    ) -> Sequence[IdentityProviderAddresses]:
        """The addresses that belong to it: those that are entered at the provider, and where people sign in."""
        settings = info.context.access.services.settings
        return [_addresses(settings, parent) for parent in parents]


@strawberry.type
class SingleSignOnQueries:
    """Providers of sign-in in lists, and one by one."""

    @root_field(cost=3)
    async def identity_providers(
        self, info: ApiInfo, first: int = 20, after: str | None = None
    ) -> Connection[IdentityProvider]:
        """The organisation's providers of sign-in, by the time they were entered."""
        request = page_request(first, after)
        return connection(await list_providers(info.context.access, request), request)

    @root_field(cost=2)
    async def identity_provider(self, info: ApiInfo, id: strawberry.ID) -> IdentityProvider | None:
        """One provider of sign-in by id; null when absent or not yours to see."""
        provider_id = parse_id("IdentityProvider", id, path=("id",))
        try:
            found = await provider_by_id(info.context.access, provider_id)
        except NotFoundError:
            return None
        return cast("IdentityProvider", found)


def _addresses(settings: Settings, provider: ProviderRecord) -> IdentityProviderAddresses:
    return IdentityProviderAddresses(
        redirect_url=redirect_uri(settings, provider.id),
        back_channel_logout_url=logout_uri(settings, provider.id),
        post_logout_redirect_url=signed_out_uri(settings),
        sign_in_url=sign_in_address(settings, provider.address_key),
        test_url=test_address(settings, provider.id),
    )
