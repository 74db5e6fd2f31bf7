"""Grant and withdraw categories of an installation; what is withdrawn stops at once and is taken back at the vendor."""

from __future__ import annotations

from uuid import UUID

from wardship.core.errors import ConflictError, NotFoundError
from wardship.plugins.api import Cause
from wardship.tenants.access import Access
from wardship.tenants.egress.new_recipient import NewRecipient, tell_new_recipient
from wardship.tenants.grants.granting import Grantable, GrantRecord, grants_of, insert_grants, require_declared
from wardship.tenants.installations.authority import is_ending, manageable_installation
from wardship.tenants.installations.records import NOT_YET_SHARING, InstallationRecord
from wardship.tenants.obligations.enqueue import bring_holders_in_line, erase_everywhere, share_with_audience
from wardship.tenants.received.standing import drop_unfounded_at


class AlreadyGrantedError(ConflictError):
    """The category is granted for that purpose already: nothing has changed."""

    code = "ALREADY_GRANTED"


class InstallationEndedError(ConflictError):
    """The installation is being taken away, so nothing can be granted to it: install the integration again."""

    code = "INSTALLATION_ENDED"


async def grant_category(access: Access, installation_id: UUID, wanted: Grantable) -> GrantRecord:
    """Let an installation receive a declared category for a purpose, from now on.

    Raises:
        NotFoundError: there is no such installation, or it is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        UndeclaredGrantError: the integration does not declare it.
        AlreadyGrantedError: it is granted already.
        InstallationEndedError: the installation is being taken away.
    """
    installation = await manageable_installation(access, installation_id)
    if is_ending(installation):
        raise InstallationEndedError("This installation is being taken away: install the integration again.")
    require_declared(installation.manifest, [wanted])
    made = await insert_grants(access, installation_id, [wanted])
    if not made:
        raise AlreadyGrantedError(f"{wanted.category} is granted for {wanted.purpose} already.", path=("category",))
    if installation.is_sharing:
        await share_with_audience(access, installation)
    if installation.state not in NOT_YET_SHARING:
        await _tell_members(access, installation, wanted)
    await access.audit("grant.given", "grant", made[0].id, **_details(installation, wanted))
    return made[0]


async def _tell_members(access: Access, installation: InstallationRecord, wanted: Grantable) -> None:
    """Tell members what more a recipient may get; of one that has not begun they are told when it does."""
    uses = [entry for entry in installation.manifest.receives if Grantable(entry.category, entry.purpose) == wanted]
    once = f"{installation.place_id}:{wanted.category}:{wanted.purpose}"
    await tell_new_recipient(access, NewRecipient(installation, uses), once=once)


async def withdraw_grant(access: Access, grant_id: UUID) -> InstallationRecord:
    """Withdraw a grant: from this commit on nothing under it is sent, and vendors are told to drop what they have.

    Raises:
        NotFoundError: there is no such grant, or its installation is not the caller's to see.
        PermissionDeniedError: the caller may not change it.
        ConflictError: it was withdrawn before.
    """
    row = await access.fetchrow(
        "select installation_id, category, purpose, withdrawn_at from integration_grant"
        " where organisation_id = $1 and id = $2",
        grant_id,
    )
    if row is None:
        raise NotFoundError("No such grant: list the grants of the installation.", path=("grant",))
    try:
        installation = await manageable_installation(
            access, row["installation_id"], needs_step_up=False, takes_back=True
        )
    except NotFoundError:
        raise NotFoundError("No such grant: list the grants of the installation.", path=("grant",)) from None
    withdrawn = await access.execute(
        "update integration_grant set withdrawn_at = $3, withdrawn_by = $4"
        " where organisation_id = $1 and id = $2 and withdrawn_at is null",
        grant_id,
        access.now,
        access.actor.member_id,
    )
    if not withdrawn:
        raise ConflictError("This grant was withdrawn before.", path=("grant",))
    await take_back(access, installation)
    wanted = Grantable(row["category"], row["purpose"])
    await access.audit("grant.withdrawn", "grant", grant_id, **_details(installation, wanted))
    return installation


async def take_back(access: Access, installation: InstallationRecord) -> None:
    """Bring the vendor in line after grants were withdrawn: less of everybody, or, with no grant left, nothing.

    What came in under them goes here.
    """
    await drop_unfounded_at(access, installation.id)
    if not (await grants_of(access, [installation.id]))[installation.id]:
        await erase_everywhere(access, installation, cause=Cause.GRANT_WITHDRAWN)
    else:
        await bring_holders_in_line(access, installation)


def _details(installation: InstallationRecord, grant: Grantable) -> dict[str, object]:
    return {"installation": installation.id, "category": grant.category, "purpose": grant.purpose}
