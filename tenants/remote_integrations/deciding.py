"""Let remote integrations in, suspend and end them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from wardship.core.actor import PROVIDER_ID, system_actor
from wardship.tenants.access import Access, Services
from wardship.tenants.declarations import require_accepted
from wardship.tenants.permissions import Permission
from wardship.tenants.remote_integrations.changes import move
from wardship.tenants.remote_integrations.declaring import declarations_of
from wardship.tenants.remote_integrations.read import remote_integration_by_id, require_own
from wardship.tenants.remote_integrations.records import (
    RemoteIntegrationRecord,
    RemoteIntegrationState,
    RemoteIntegrationStateError,
)

_S = RemoteIntegrationState
_WITHOUT_VENDOR: Final = (
    "select r.id, r.state from remote_integration r where r.organisation_id = $1 and r.state in ('active', 'disabled')"
    " and not exists (select from staff s join account a on a.id = s.account_id and a.state = 'active'"
    " where s.account_id = r.account_id and s.role = 'vendor') for no key update of r skip locked"
)


async def approve_remote_integration(access: Access, remote_id: UUID, accepted: str) -> RemoteIntegrationRecord:
    """Let an integration in, or in again after a suspension: for operators.

    Args:
        access: an operator's.
        remote_id: which.
        accepted: the digest of the declaration that the operator has read; its vendor may serve another by now.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        RemoteIntegrationStateError: it has declared nothing yet, is active or gone, or has ended.
        StaleDeclarationError: it declares something else than was read.
        InvalidInputError: what was given is no digest.
    """
    remote = await _managed(access, remote_id)
    if remote.state is _S.DISABLED:
        # Whether its endpoint is there again is for its vendor to have checked.
        raise RemoteIntegrationStateError(
            "Its endpoint is gone: the vendor has it checked when it is back.", path=("remoteIntegration",)
        )
    if remote.state in {_S.REQUESTED, _S.SUSPENDED}:
        declared = (await declarations_of(access, [remote_id])).get(remote_id)
        if declared is None:
            raise RemoteIntegrationStateError(
                "What it declares can't be read any more: its vendor has it checked.", path=("remoteIntegration",)
            )
        require_accepted(*declared, accepted)
    return await move(access, remote_id, was=remote.state, to=_S.ACTIVE)


async def suspend_remote_integration(access: Access, remote_id: UUID) -> RemoteIntegrationRecord:
    """Send nothing more to an integration: what is owed there goes to people. For operators.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        RemoteIntegrationStateError: it was not let in, is suspended already, or has ended.
    """
    remote = await _managed(access, remote_id)
    return await move(access, remote_id, was=remote.state, to=_S.SUSPENDED)


async def end_remote_integration(access: Access, remote_id: UUID) -> RemoteIntegrationRecord:
    """End an integration for good: for its vendor, and for operators. What is owed there goes to people.

    Raises:
        NotFoundError, PermissionDeniedError, StepUpRequiredError: the caller may not.
        RemoteIntegrationStateError: it has ended before.
    """
    remote = await remote_integration_by_id(access, remote_id, locks=True)
    if not access.may(Permission.REMOTE_INTEGRATIONS_MANAGE):
        require_own(access, remote)
    access.require_step_up()
    return await move(access, remote_id, was=remote.state, to=_S.ENDED)


async def suspend_without_vendor(services: Services) -> None:
    """Suspend the integrations of accounts that are no vendor's any more: a sweep."""
    async with services.database.tenant(PROVIDER_ID, directory=True) as transaction:
        access = Access(system_actor(PROVIDER_ID), transaction, services, "remote_integrations")
        for row in await access.fetch(_WITHOUT_VENDOR):
            await move(access, row["id"], was=_S(row["state"]), to=_S.SUSPENDED)


async def _managed(access: Access, remote_id: UUID) -> RemoteIntegrationRecord:
    remote = await remote_integration_by_id(access, remote_id, locks=True)
    access.require(Permission.REMOTE_INTEGRATIONS_MANAGE)
    access.require_step_up()
    return remote
