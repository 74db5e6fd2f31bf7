"""Note when an installation that is being taken away has nothing left to do."""

from __future__ import annotations

from uuid import UUID

from wardship.core.audit.log import AuditEvent
from wardship.plugins.api import AttestationLevel
from wardship.tenants.access import Access
from wardship.tenants.egress.locks import lock_installation
from wardship.tenants.installations.records import InstallationState
from wardship.tenants.installations.states import move

_S = InstallationState


async def finish_ending(access: Access, installation_id: UUID) -> None:
    """Remove an installation whose revocation and erasures have all ended, with the grade of their proof."""
    if not await _is_ending(access, installation_id):
        return
    # Of two that settle the last obligations at the same moment, the second sees what the first did.
    await lock_installation(access, installation_id)
    if await _is_open(access, installation_id):
        return
    level = await worst_grade(access, installation_id)
    if await move(
        access, installation_id, to=_S.REMOVED, only_from={_S.REVOKING, _S.REVOCATION_OVERDUE}, reason=level.value
    ):
        await access.audit(
            AuditEvent(
                "installation.revocation_verified", "installation", installation_id, details={"grade": level.value}
            )
        )


async def _is_ending(access: Access, installation_id: UUID) -> bool:
    return bool(
        await access.transaction.fetchval(
            "select state in ('revoking', 'revocation_overdue') from installation"
            " where organisation_id = $1 and id = $2",
            access.organisation_id,
            installation_id,
        )
    )


async def _is_open(access: Access, installation_id: UUID) -> bool:
    return bool(
        await access.transaction.fetchval(
            "select exists (select from obligation"
            " where organisation_id = $1 and installation_id = $2 and ended_at is null)",
            access.organisation_id,
            installation_id,
        )
    )


async def worst_grade(access: Access, installation_id: UUID) -> AttestationLevel:
    """Return the weakest proof among all that was taken back when the installation ended."""
    rows = await access.transaction.fetch(
        "select distinct coalesce(attestation ->> 'level', 'unverifiable') as level from obligation"
        " where organisation_id = $1 and installation_id = $2 and verb = 'revoke' and member_id is null"
        " and state = 'completed'",
        access.organisation_id,
        installation_id,
    )
    ranking = [*AttestationLevel]
    found = [AttestationLevel(row["level"]) for row in rows]
    return max(found, key=ranking.index, default=AttestationLevel.UNVERIFIABLE)
