"""A declaration that widens waits for an administrator, who approves exactly the difference that was shown."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from wardship.core.errors import ConflictError
from wardship.plugins.api import Manifest, RevocationPlan
from wardship.plugins.host.declaration_diff import all_differences
from wardship.plugins.host.differences import Difference
from wardship.tenants.access import Access
from wardship.tenants.declarations import require_accepted
from wardship.tenants.egress.new_recipient import NewRecipient, granted_uses, tell_new_recipient
from wardship.tenants.grants.granting import withdraw_undeclared
from wardship.tenants.installation_lifecycle.connecting import end_unneeded_access
from wardship.tenants.installations.authority import is_ending, manageable_installation
from wardship.tenants.installations.changes import adopt_declaration
from wardship.tenants.installations.countries import require_allowed_countries
from wardship.tenants.installations.records import (
    NOT_YET_SHARING,
    InstallationRecord,
    InstallationState,
    read_places,
    stored_manifest,
    stored_plan,
)
from wardship.tenants.installations.states import transition_installation
from wardship.tenants.obligations.enqueue import share_with_audience
from wardship.tenants.parameters import Parameters
from wardship.tenants.received.standing import drop_unfounded_at

_S = InstallationState


class NothingToApproveError(ConflictError):
    """No wider declaration waits for approval: nothing has changed."""

    code = "NOTHING_TO_APPROVE"


async def approve_declaration(access: Access, installation_id: UUID, accepted: str) -> InstallationRecord:
    """Accept the declaration that waits; what it adds still has to be granted, category by category.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        NothingToApproveError: no declaration waits, or the installation is being taken away.
        StaleDeclarationError: another declaration waits than the one that was read.
        ForbiddenCountryError: it stores data where the organisation does not want any.
    """
    installation = await manageable_installation(access, installation_id)
    pending = (await pending_declarations(access, [installation_id])).get(installation_id)
    if pending is None or is_ending(installation):
        raise NothingToApproveError("No wider declaration waits for approval.", path=("installation",))
    digest = require_accepted(*pending, accepted)
    place = (await read_places(access, [installation.place_id]))[installation.place_id]
    await require_allowed_countries(access, pending[0], json.loads(place.settings))
    adopted = await adopt(access, installation, *pending)
    await _tell_members(access, installation, adopted)
    activated = await transition_installation(access, installation_id, to=_S.ACTIVE, only_from={_S.NEEDS_APPROVAL})
    await access.audit("installation.declaration_approved", "installation", installation_id, declaration=digest.hex())
    return activated or adopted


async def _tell_members(access: Access, before: InstallationRecord, adopted: InstallationRecord) -> None:
    """Tell members what a recipient takes more of under what is granted; the rest is told when it is granted."""
    old, new = before.manifest, adopted.manifest
    is_elsewhere = (old.transfer, old.vendor) != (new.transfer, new.vendor)
    changed = [use for use in new.receives if is_elsewhere or use not in old.receives]
    if before.state in NOT_YET_SHARING or not changed:
        return
    uses = [use for use in await granted_uses(access, adopted) if use in changed]
    once = f"{adopted.place_id}:{adopted.declaration_digest.hex()}"
    await tell_new_recipient(access, NewRecipient(adopted, uses), once=once)


async def adopt(
    access: Access, installation: InstallationRecord, manifest: Manifest, plan: RevocationPlan
) -> InstallationRecord:
    """Let a declaration take effect: grants that it no longer lists end, and vendors are brought in line."""
    adopted = await adopt_declaration(access, installation.id, manifest, plan)
    await withdraw_undeclared(access, installation.id, manifest)
    await drop_unfounded_at(access, installation.id)
    if installation.manifest.oauth is not None and manifest.oauth is None:
        await end_unneeded_access(access, adopted)
    if installation.is_sharing:
        await share_with_audience(access, installation)
    return adopted


async def pending_declarations(
    access: Access, installation_ids: Collection[UUID]
) -> dict[UUID, tuple[Manifest, RevocationPlan]]:
    """Return the declaration that waits, of each installation that has one; the caller has checked who may see it."""
    parameters = Parameters(access.organisation_id)
    rows = await access.transaction.fetch(
        parameters.for_each(
            installation_ids,
            "select id, pending_manifest, pending_plan from installation"
            " where organisation_id = $1 and id = w.id and pending_manifest is not null",
        ),
        *parameters.values,
    )
    return {row["id"]: (stored_manifest(row["pending_manifest"]), stored_plan(row["pending_plan"])) for row in rows}


def differences(installation: InstallationRecord, manifest: Manifest, plan: RevocationPlan) -> tuple[Difference, ...]:
    """Return in what a declaration is another than the approved one, for an administrator to read."""
    return all_differences(installation.manifest, manifest, old_plan=installation.plan, new_plan=plan)
