"""Acts that can't be undone, done exactly as they were previewed where the caller says which preview."""

from __future__ import annotations

from uuid import UUID

from wardship.tenants.access import Access
from wardship.tenants.grants.change import withdraw_grant
from wardship.tenants.installation_lifecycle.lifecycle import uninstall
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.membership import remove_member
from wardship.tenants.members.records import MemberRecord
from wardship.tenants.previews.consequences import (
    preview_grant_withdrawal,
    preview_member_removal,
    preview_uninstall,
)
from wardship.tenants.previews.digests import require_unchanged


async def uninstall_as_previewed(access: Access, installation_id: UUID, digest: str | None) -> InstallationRecord:
    """End an installation, as ``uninstall`` does; with a digest, exactly as it was previewed.

    Raises:
        StalePreviewError: it would do something else by now.
    """
    if digest is not None:
        require_unchanged(digest, await preview_uninstall(access, installation_id))
    return await uninstall(access, installation_id)


async def withdraw_grant_as_previewed(access: Access, grant_id: UUID, digest: str | None) -> InstallationRecord:
    """Withdraw a grant, as ``withdraw_grant`` does; with a digest, exactly as it was previewed.

    Raises:
        StalePreviewError: it would do something else by now.
    """
    if digest is not None:
        require_unchanged(digest, await preview_grant_withdrawal(access, grant_id))
    return await withdraw_grant(access, grant_id)


async def remove_member_as_previewed(access: Access, member_id: UUID, digest: str | None) -> MemberRecord:
    """End a membership, as ``remove_member`` does; with a digest, exactly as it was previewed.

    Raises:
        StalePreviewError: it would do something else by now.
    """
    if digest is not None:
        require_unchanged(digest, await preview_member_removal(access, member_id))
    return await remove_member(access, member_id)
