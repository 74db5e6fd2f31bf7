"""Who may see an installation, and who may change it (requirement C2)."""

from __future__ import annotations

from uuid import UUID

from wardship.core.errors import PermissionDeniedError
from wardship.tenants.access import Access
from wardship.tenants.installations.records import (
    ENDING,
    InstallationRecord,
    find_installations,
    installation_not_found,
)
from wardship.tenants.organisations.settings import read_settings
from wardship.tenants.parameters import Parameters
from wardship.tenants.permissions import Permission

_OWN = "select id from installation where organisation_id = $1 and state <> 'removed' and member_id ="


class MemberInstallationsNotAllowedError(PermissionDeniedError):
    """The organisation does not let members install integrations for themselves: ask an administrator."""

    code = "MEMBER_INSTALLATIONS_NOT_ALLOWED"


def may_see(access: Access, installation: InstallationRecord) -> bool:
    """Return whether the caller may see an installation: by role, or because it is his or her own."""
    is_own = installation.member_id is not None and installation.member_id == access.actor.member_id
    return is_own or access.may(Permission.INTEGRATIONS_READ)


def own_or_all(access: Access, permission: Permission, column: str, parameters: Parameters) -> str:
    """Return `` and …``: unless all may be seen, that a column holds the id of an own installation that is not removed.

    Who has no membership here, as the provider's staff and customers, has connected nothing, and so sees nothing.

    Raises:
        InsufficientScopeError: the token does not carry the scope.
    """
    if access.may(permission):
        return ""
    access.require_scope("read")
    return f" and {column} = any(array({_OWN} {parameters.add(access.actor.member_id)}))"


async def visible_installation(access: Access, installation_id: UUID) -> InstallationRecord:
    """Return an installation.

    Raises:
        NotFoundError: it is absent, or not the caller's to see.
    """
    found = (await find_installations(access, [installation_id])).get(installation_id)
    if found is None or not may_see(access, found):
        raise installation_not_found()
    return found


async def manageable_installation(
    access: Access, installation_id: UUID, *, needs_step_up: bool = True, takes_back: bool = False
) -> InstallationRecord:
    """Return an installation, locked against deliveries, that the caller may change.

    Args:
        access: the caller.
        installation_id: which one.
        needs_step_up: whether the second factor has to be fresh.
        takes_back: whether less is shared afterwards: somebody whose membership has ended may do that with his or her
            own installation, and anything with one that is being taken away.

    Raises:
        NotFoundError: it is absent, or not the caller's to see.
        PermissionDeniedError: the caller may see it only.
        StepUpRequiredError: the second factor has to be shown again.
    """
    installation = await visible_installation(access, installation_id)
    require_authority(access, installation.member_id, takes_back=takes_back or is_ending(installation))
    if needs_step_up:
        access.require_step_up()
    locked = await find_installations(access, [installation_id], lock="for no key update")
    return locked[installation_id]


def require_authority(access: Access, member_id: UUID | None, *, takes_back: bool = False) -> None:
    """Refuse a caller who may change neither all installations nor, when it is that member, his or her own.

    Raises:
        PermissionDeniedError: the caller is neither, or is suspended or has left and does more than take back.
    """
    if member_id is not None and member_id == access.actor.member_id:
        if not takes_back:
            access.require_member()
        access.require_person()
        return
    access.require(Permission.INTEGRATIONS_MANAGE)


async def require_members_may_install(access: Access) -> None:
    """Refuse members' own installations where the organisation does not allow them; administrators always may.

    Raises:
        MemberInstallationsNotAllowedError: it does not.
    """
    if access.may(Permission.INTEGRATIONS_MANAGE):
        return
    text = await access.fetchval("select settings from organisation where id = $1")
    if not read_settings(text).members_may_install:
        raise MemberInstallationsNotAllowedError(
            "This organisation does not let members install integrations for themselves: ask an administrator."
        )


def is_ending(installation: InstallationRecord) -> bool:
    """Return whether an installation is being, or has been, taken away."""
    return installation.state in ENDING
