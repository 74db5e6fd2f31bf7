"""What taking an installation or a grant away would do, and what removing a member would: in numbers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from wardship.core.errors import NotFoundError
from wardship.plugins.api import Verb
from wardship.plugins.api.doers import Doer, doer
from wardship.tenants.access import Access
from wardship.tenants.approvals.limit import would_be_held
from wardship.tenants.egress.holdings import HELD
from wardship.tenants.erasure.snapshot import IntegrationPreview, Retained, longest_retention, proof_of, recipients_of
from wardship.tenants.installations.authority import manageable_installation
from wardship.tenants.installations.records import InstallationRecord
from wardship.tenants.members.membership import require_removable
from wardship.tenants.previews.digests import digest_of
from wardship.tenants.requests.grace import GRACE

_LEDGER: Final = Retained(
    "ledger of disclosures", "proof of what went to whom: names of fields only", "as long as the organisation"
)
_DATA: Final = Retained(
    "the member's data", "until an erasure is asked for and carried out", f"{GRACE.days} days, then it is asked for"
)
_HELD_AT: Final = """
    select count(distinct l.member_id) as people, count(*) filter (where l.place_id = $4) as here,
        (select count(*) from disclosure d where d.organisation_id = $1 and d.installation_id = $2) as records
    from subject_link l where l.organisation_id = $1 and l.installation_id = $2 and l.state = any($3::text[])
"""
_GRANT: Final = """
    select g.installation_id, g.category, g.purpose, (select count(*) from integration_grant o
        where o.organisation_id = $1 and o.installation_id = g.installation_id and o.withdrawn_at is null) as open,
        g.withdrawn_at is null as is_open
    from integration_grant g where g.organisation_id = $1 and g.id = $2
"""
_OF_MEMBER: Final = """
    select (select count(*) from role_assignment r where r.organisation_id = $1 and r.member_id = $2
            and r.role <> 'member') as roles,
        (select count(*) from group_membership g where g.organisation_id = $1 and g.member_id = $2
            and g.left_at is null) as groups,
        (select count(*) from post p where p.organisation_id = $1 and p.author_id = $2)
            + (select count(*) from file_reference f where f.organisation_id = $1 and f.uploader_id = $2) as records,
        (select count(*) from subject_link l join installation i on i.organisation_id = $1
            and i.id = l.installation_id and i.place_id = l.place_id where l.organisation_id = $1 and l.member_id = $2
            and l.state in ('shared', 'restricted') and not l.is_kept and i.state not in ('removed', 'revoking',
            'revocation_overdue')) + (select count(*) from installation i where i.organisation_id = $1
            and i.member_id = $2 and i.state not in ('removed', 'revoking', 'revocation_overdue')) as obligations
"""


class TakingBackPreview(msgspec.Struct, frozen=True):
    """What taking an installation, or one grant of it, away would do.

    Attributes:
        recipient: who holds the data.
        people: of how many it holds data.
        records: how many deliveries of records the ledger has of it.
        grants: the categories and purposes that are withdrawn.
        erases: whether all that it holds is taken back; otherwise it is brought in line with what is left.
        obligations: how many follow at once.
        proof: the best proof of an erasure that it can give.
        retention_days: how long it says it may keep the data at most.
        stays: what stays here, and why.
    """

    recipient: str
    people: int
    records: int
    grants: tuple[str, ...]
    erases: bool
    obligations: int
    proof: str
    retention_days: int
    stays: tuple[Retained, ...]

    @property
    def digest(self) -> str:
        """Return what an act names this preview by."""
        return digest_of(self)


class RemovalPreview(msgspec.Struct, frozen=True):
    """What ending a membership would do.

    Attributes:
        roles: how many roles end, besides that of a member.
        groups: how many groups the person leaves.
        records: how many posts and files of the person stay in groups.
        recipients: who holds data of the person, and is told to erase it.
        obligations: how many follow at once.
        waits_for_approval: whether a second person has to approve it, because many were deleted today.
        stays: what stays, and why.
    """

    roles: int
    groups: int
    records: int
    recipients: tuple[IntegrationPreview, ...]
    obligations: int
    waits_for_approval: bool
    stays: tuple[Retained, ...]

    @property
    def digest(self) -> str:
        """Return what an act names this preview by."""
        return digest_of(self)


async def preview_uninstall(access: Access, installation_id: UUID) -> TakingBackPreview:
    """Return what taking an installation away would do.

    Raises:
        NotFoundError, PermissionDeniedError: as of the act itself.
    """
    installation = await manageable_installation(access, installation_id, needs_step_up=False, takes_back=True)
    rows = await access.fetch(
        "select category, purpose from integration_grant where organisation_id = $1 and installation_id = $2"
        " and withdrawn_at is null order by category, purpose",
        installation_id,
    )
    grants = tuple(f"{row['category']} / {row['purpose']}" for row in rows)
    return await _taken_back(access, installation, grants, erases=True, ends=True)


async def preview_grant_withdrawal(access: Access, grant_id: UUID) -> TakingBackPreview:
    """Return what withdrawing a grant would do.

    Raises:
        NotFoundError, PermissionDeniedError: as of the act itself.
    """
    grant = await access.fetchrow(_GRANT, grant_id)
    if grant is None:
        raise NotFoundError("No such grant: list the grants of the installation.", path=("grant",))
    try:
        installation = await manageable_installation(
            access, grant["installation_id"], needs_step_up=False, takes_back=True
        )
    except NotFoundError:
        raise NotFoundError("No such grant: list the grants of the installation.", path=("grant",)) from None
    named = (f"{grant['category']} / {grant['purpose']}",) if grant["is_open"] else ()
    return await _taken_back(access, installation, named, erases=grant["open"] <= len(named), ends=False)


async def _taken_back(
    access: Access, installation: InstallationRecord, grants: tuple[str, ...], *, erases: bool, ends: bool
) -> TakingBackPreview:
    row = await access.fetchrow(_HELD_AT, installation.id, [state.value for state in HELD], installation.place_id)
    people, here, records = (row["people"], row["here"], row["records"]) if row else (0, 0, 0)
    by_connector = doer(installation.manifest, Verb.ERASE) is Doer.CONNECTOR
    return TakingBackPreview(
        installation.manifest.vendor.legal_name,
        people,
        records,
        grants,
        erases,
        (here if by_connector or not erases else min(here, 0 if ends else 1)) + int(ends),
        proof_of(installation.manifest),
        longest_retention(installation.manifest),
        (_LEDGER,),
    )


async def preview_member_removal(access: Access, member_id: UUID) -> RemovalPreview:
    """Return what ending a membership would do.

    Raises:
        NotFoundError, PermissionDeniedError, ConflictError: whatever would refuse the act itself, but for the second
            factor and for the approval that it would wait for.
    """
    await require_removable(access, member_id)
    row = await access.fetchrow(_OF_MEMBER, member_id)
    recipients = await recipients_of(access, member_id, ())
    return RemovalPreview(
        row["roles"] if row else 0,
        row["groups"] if row else 0,
        row["records"] if row else 0,
        tuple(recipients),
        row["obligations"] if row else 0,
        await would_be_held(access),
        (_DATA, _LEDGER),
    )
